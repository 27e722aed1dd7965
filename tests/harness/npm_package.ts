/**
 * The npm package as its users have it: built by `deno task pack`, installed from its tarball into an
 * empty project in a temporary folder, and run there by Node or Bun.
 *
 * ```
 * sources ──▶ tests/package/.packed/     the tarball, and a project that npm installed it into
 *                  └─ copied ─▶ /tmp/…/node_modules/ravel-server
 *                               /tmp/…/node_modules/vitest ──▶ tests/package/.installed/…
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
const EMPTY_PROJECT = '{ "private": true }\n';

const PACKED = join(ROOT, "tests", "package", ".packed");
const TARBALL = join(PACKED, `ravel-server-${project.version}.tgz`);
/** A project with nothing but the package. */
const INSTALLED = join(PACKED, "project");

/** The path of the tarball, which is built once for sources as they are. */
export async function packedPackage(): Promise<string> {
  await madeOnce(PACKED, await digestOfSources(), async () => {
    await build("npm", PACKED);
    await Deno.remove(INSTALLED, { recursive: true }).catch(() => {});
    await Deno.mkdir(INSTALLED);
    await Deno.writeTextFile(join(INSTALLED, "package.json"), EMPTY_PROJECT);
    await npm(INSTALLED, "install", "--offline", "--ignore-scripts", "--no-save", TARBALL);
  });
  return TARBALL;
}

/**
 * Builds something into a folder: `npm` as `deno task pack` does, `deno` as `deno task bundle`.
 *
 * @returns the path of what was built
 */
export async function build(what: "npm" | "deno", folder: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", "pack/main.ts", what, folder],
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

/** With the links in it as they are. */
async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { isDirectory, isSymlink, name } of Deno.readDir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copyFolder(source, target);
    else if (isSymlink) await Deno.symlink(await Deno.readLink(source), target);
    else await Deno.copyFile(source, target);
  }
}

/** A project that has the package installed, and beside it what tests use it with. */
export class PackageProject implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  /** @param files texts by their paths; `package.json` says that it is private where none is given */
  static async create(files: Readonly<Record<string, string>> = {}): Promise<PackageProject> {
    await install();
    await packedPackage();
    const folder = await Deno.makeTempDir({ prefix: "ravel-package-" });
    const project = new PackageProject(await Deno.realPath(folder));
    try {
      await project.write({ "package.json": EMPTY_PROJECT, ...files });
      await copyFolder(join(INSTALLED, "node_modules"), join(project.folder, "node_modules"));
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

  /** A process in the project. What it prints has no colours. */
  command(
    program: string,
    args: readonly string[],
    options: Deno.CommandOptions = {},
  ): Deno.Command {
    return new Deno.Command(program, {
      args: [...args],
      cwd: this.folder,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      ...options,
      env: { NO_COLOR: "1", FORCE_COLOR: "0", ...options.env },
    });
  }

  /** Runs a program in the project, or a folder of it, to its end; killed after two minutes. */
  async run(
    program: string,
    args: readonly string[],
    { folder = ".", ...options }: Deno.CommandOptions & { folder?: string } = {},
  ): Promise<Outcome> {
    const cwd = join(this.folder, folder);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const { code, stdout, stderr } = await this.command(program, args, { cwd, signal, ...options })
      .output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
