// The examples of docs/testing.md, run as their readers run them: each runner in a project that has the
// package installed from its tarball.

import { assertEquals } from "@std/assert";
import { RUNTIMES, withoutInstallation } from "../harness/npm_installation.ts";
import { PackageProject } from "../harness/npm_package.ts";

const PROJECTS = new URL("./projects/", import.meta.url);

/** The files of one of the projects. */
async function filesOf(name: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name: file } of Deno.readDir(new URL(`${name}/`, PROJECTS))) {
    files[file] = await Deno.readTextFile(new URL(`${name}/${file}`, PROJECTS));
  }
  return files;
}

/** Words for a runtime that run all tests of a project. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  vitest: ["node_modules/vitest/vitest.mjs", "run"],
  "vitest-shared": ["node_modules/vitest/vitest.mjs", "run"],
  jest: ["node_modules/jest/bin/jest.js", "--rootDir=."],
  "jest-shared": ["node_modules/jest/bin/jest.js", "--rootDir=."],
  node: ["--test"],
};

function isBun(name: string): boolean {
  return name === "Bun";
}

/** One Node is enough for what the documentation says; other tests take the others. */
const NODE = RUNTIMES.find(({ name }) => name === "Node 22") ??
  RUNTIMES.find(({ name }) => !isBun(name));
const BUN = RUNTIMES.find(({ name }) => isBun(name));

async function check(project: string, program: string, words: readonly string[]): Promise<void> {
  await using created = await PackageProject.create(await filesOf(project));
  const { code, stdout, stderr } = await created.run(program, words);
  assertEquals(code, 0, `${stdout}\n${stderr}`);
}

for (const [project, words] of Object.entries(RUNNERS)) {
  Deno.test({
    name: `documented tests: ${project}`,
    ignore: withoutInstallation || NODE === undefined,
    fn: () => check(project, NODE!.program, words),
  });
}

Deno.test({
  name: "documented tests: bun",
  ignore: withoutInstallation || BUN === undefined,
  fn: () => check("bun", BUN!.program, ["test"]),
});

Deno.test("documented tests: deno", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(await filesOf("deno"))) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const imports = {
      "@ravel/ravel/testing": new URL("../../testing/mod.ts", import.meta.url).href,
      ioredis: "npm:ioredis@6.0.0",
    };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports }));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--allow-net", "--allow-env", "--allow-read", "--allow-sys"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
