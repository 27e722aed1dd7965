/**
 * The npm package as its users have it: built by `deno task pack`, installed from its tarball into an
 * empty project in a temporary folder, and run there by Node or Bun.
 *
 * ```
 * sources ──▶ tests/package/.packed/ ──▶ /tmp/…/node_modules/ravel-server
 *                                              …/node_modules/vitest ──▶ tests/package/.installed/
 * ```
 */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };
import dependencies from "../package/dependencies/package.json" with { type: "json" };
import { install, npm, PACKAGES } from "./npm_installation.ts";
import { madeOnce } from "./once.ts";
import type { Outcome } from "./program.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What the package is made from. */
const SOURCES = [
  "structures",
  "lua",
  "protocol",
  "commands",
  "server",
  "client",
  "testing",
  "pack",
  "main.ts",
  "deno.json",
  "deno.lock",
  "README.md",
  "LICENSE",
];
const DEADLINE_MS = 120_000;

/** The path of the tarball, which is built once for sources as they are. */
export async function packedPackage(): Promise<string> {
  const folder = join(ROOT, "tests", "package", ".packed");
  await madeOnce(folder, await digestOfSources(), () => pack(folder));
  return join(folder, `ravel-server-${project.version}.tgz`);
}

/** Builds the package into a folder, as `deno task pack` does. @returns what was printed */
export async function pack(folder: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", "pack/main.ts", "npm", folder],
    cwd: ROOT,
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).output();
  if (code !== 0) throw new Error(`pack: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}

async function digestOfSources(): Promise<string> {
  const files: string[] = [];
  for (const source of SOURCES) await listFiles(join(ROOT, source), files);
  const parts = await Promise.all(
    files.toSorted().map(async (file) => `${file}\n${await Deno.readTextFile(file)}`),
  );
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts.join("\n")));
  return new Uint8Array(digest).toHex();
}

async function listFiles(path: string, files: string[]): Promise<void> {
  if ((await Deno.stat(path)).isFile) files.push(path);
  else for await (const { name } of Deno.readDir(path)) await listFiles(join(path, name), files);
}

export interface ProjectRunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Within the project. */
  readonly folder?: string;
}

/** A project that has the package installed, and beside it what tests use it with. */
export class PackageProject implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  /** @param files texts by their paths; `package.json` says that it is private where none is given */
  static async create(files: Readonly<Record<string, string>> = {}): Promise<PackageProject> {
    await install();
    const tarball = await packedPackage();
    const folder = await Deno.makeTempDir({ prefix: "ravel-package-" });
    const project = new PackageProject(await Deno.realPath(folder));
    try {
      await project.write({ "package.json": '{ "private": true }', ...files });
      await npm(folder, "install", "--offline", "--ignore-scripts", "--no-save", tarball);
      await project.#link();
      return project;
    } catch (error) {
      await project[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The other packages are where they are, as npm's own links are. */
  async #link(): Promise<void> {
    for (const name of Object.keys(dependencies.dependencies)) {
      const path = join(this.folder, "node_modules", name);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.symlink(join(PACKAGES, name), path, { type: "junction" });
    }
  }

  /** @param folder within the project */
  async write(files: Readonly<Record<string, string>>, folder = "."): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, folder, path);
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
  }

  /** Runs a program in the project to its end; it is killed after two minutes. */
  async run(
    program: string,
    args: readonly string[],
    { env, folder = "." }: ProjectRunOptions = {},
  ): Promise<Outcome> {
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      cwd: join(this.folder, folder),
      env: { NO_COLOR: "1", FORCE_COLOR: "0", ...env },
      signal: AbortSignal.timeout(DEADLINE_MS),
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
