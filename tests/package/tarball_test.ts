// The tarball of the npm package: what is in it, and that the same sources make the same.

import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { list } from "tar";
import project from "../../deno.json" with { type: "json" };
import { withoutInstallation } from "../harness/npm_installation.ts";
import { build, PackageProject, packedPackage } from "../harness/npm_package.ts";

const MAX_BYTES = 400_000;
const ROOT = new URL("../../", import.meta.url);

/** What there is of each way in: for require, for import, and types for both. */
const WAYS_IN = ["commands", "index", "jest", "vitest"];
const ENDINGS = ["cjs", "d.cts", "d.mts", "mjs"];

interface Entry {
  readonly path: string;
  readonly mode: number | undefined;
}

async function entriesOf(file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  await list({ file, onReadEntry: ({ mode, path }) => entries.push({ mode, path }) });
  return entries;
}

Deno.test({
  name: "the tarball has the package's files, and no others",
  ignore: withoutInstallation,
  async fn() {
    const entries = await entriesOf(await packedPackage());
    const expected = [
      ...WAYS_IN.flatMap((name) => ENDINGS.map((ending) => `${name}.${ending}`)),
      "LICENSE",
      "README.md",
      "bin.cjs",
      "package.json",
      "ravel.cjs",
      "types.d.cts",
    ];
    assertEquals(
      entries.map(({ path }) => path).sort(),
      expected.map((name) => `package/${name}`).sort(),
    );
  },
});

Deno.test({
  name: "the tarball is small",
  ignore: withoutInstallation,
  async fn() {
    assertLess((await Deno.stat(await packedPackage())).size, MAX_BYTES);
  },
});

Deno.test({
  name: "the same sources make the same tarball",
  ignore: withoutInstallation,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const again = await Deno.readFile(await build("npm", folder));
      assertEquals(again, await Deno.readFile(await packedPackage()));
      const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      assertEquals(
        names.sort(),
        ["cjs.map", "tgz"].map((it) => `ravel-server-${project.version}.${it}`),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "package.json tells what npm and programs want to know",
  ignore: withoutInstallation,
  async fn() {
    await using created = await PackageProject.create();
    const folder = `${created.folder}/node_modules/ravel-server`;
    const manifest = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
    assertEquals(manifest.name, "ravel-server");
    assertEquals([manifest.version, manifest.license], [project.version, project.license]);
    assertEquals(manifest.engines, { node: ">=20" });
    assertEquals(manifest.bin, { "ravel-server": "./bin.cjs" });
    for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"]) {
      assertEquals(manifest[kind], undefined);
    }
    // Whatever it names is there.
    const paths = JSON.stringify([manifest.exports, manifest.main, manifest.types, manifest.bin])
      .match(/\.\/[\w.-]+\.\w+/g)!;
    for (const path of paths) await Deno.stat(`${folder}/${path}`);
    const license = await Deno.readTextFile(`${folder}/LICENSE`);
    assertEquals(license, await Deno.readTextFile(new URL("LICENSE", ROOT)));
  },
});

Deno.test({
  name: "the package's code names neither Deno nor what is not in it",
  ignore: withoutInstallation,
  async fn() {
    await using created = await PackageProject.create();
    const folder = `${created.folder}/node_modules/ravel-server`;
    const code = await Deno.readTextFile(`${folder}/ravel.cjs`);
    assertEquals(/(?<!globalThis\.)\bDeno\s*[.[]/.exec(code)?.[0], undefined);
    const modules = Array.from(
      code.matchAll(/\b(?:require|import)\("([^"]+)"\)/g),
      ([, name]) => name,
    );
    assert(modules.length > 0);
    assertEquals(modules.filter((name) => !name.startsWith("node:")), []);
    assert(!code.includes("sourceMappingURL"));
    // The threads' program came along as text.
    assertStringIncludes(code, "onmessage");
  },
});
