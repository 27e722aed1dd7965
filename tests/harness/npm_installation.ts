/**
 * What tests of the npm package have beside it: test runners, clients and a compiler, as
 * tests/package/dependencies/ lists them, and the programs that run JavaScript. All of it is put into
 * tests/package/.installed/, which git ignores, and stays for the next time.
 *
 * It is some 250 MB to download. So CI alone does that unasked; `deno task package:install` does it
 * elsewhere, and until then such tests are reported as ignored.
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { extract } from "tar";
import { madeOnce } from "./once.ts";

const FOLDER = fileURLToPath(new URL("../package/", import.meta.url));
const INSTALLED = join(FOLDER, ".installed");
/** Where the packages are. */
export const PACKAGES: string = join(INSTALLED, "node_modules");
const DEADLINE_MS = 15 * 60_000;

/** For Deno.test: whether tests of the npm package are to be skipped here. */
export const withoutInstallation: boolean = Deno.env.get("CI") === undefined &&
  !exists(join(INSTALLED, ".made-of"));

/** A program that runs JavaScript. */
export interface Runtime {
  /** "Node 22", "Bun" */
  readonly name: string;
  readonly program: string;
}

interface RuntimePackage {
  readonly name: string;
  /** With its version. */
  readonly specifier: string;
  /** Its program within the package. */
  readonly program: string;
}

const NODE_VERSIONS = ["20.20.2", "22.23.3", "24.21.0"];
const BUN_VERSION = "1.4.5";
/** By the names that npm's packages give systems and processors; other machines test what is there. */
const NODE_PLATFORMS: Readonly<Record<string, string>> = {
  "linux x86_64": "linux-x64",
  "linux aarch64": "linux-arm64",
  "windows x86_64": "win-x64",
};
const BUN_PLATFORMS: Readonly<Record<string, string>> = {
  // The one that every processor of the kind can run.
  "linux x86_64": "linux-x64-baseline",
  "linux aarch64": "linux-aarch64",
  "darwin aarch64": "darwin-aarch64",
};

/** All that there are. The Node that is installed is taken for the packages' of its major version. */
function runtimePackages(): RuntimePackage[] {
  const machine = `${Deno.build.os} ${Deno.build.arch}`;
  const node = NODE_PLATFORMS[machine];
  const bun = BUN_PLATFORMS[machine];
  const ending = Deno.build.os === "windows" ? ".exe" : "";
  const packages: RuntimePackage[] = [];
  for (const version of node === undefined ? [] : NODE_VERSIONS) {
    packages.push({
      name: `Node ${version.split(".")[0]}`,
      specifier: `node-${node}@${version}`,
      program: `bin/node${ending}`,
    });
  }
  if (bun !== undefined) {
    packages.push({
      name: "Bun",
      specifier: `@oven/bun-${bun}@${BUN_VERSION}`,
      program: `bin/bun${ending}`,
    });
  }
  return packages;
}

/** The runtimes that tests are registered for; {@linkcode install} brings them. */
export const RUNTIMES: readonly Runtime[] = await runtimes();

async function runtimes(): Promise<Runtime[]> {
  const here = await installedNode();
  const packages = runtimePackages().filter(({ name }) => name !== here?.name);
  const others = packages.map((it) => ({ name: it.name, program: programOf(it) }));
  return [...(here === undefined ? [] : [here]), ...others]
    .toSorted((a, b) => b.name.localeCompare(a.name));
}

/** The Node on the path, which runs npm. */
async function installedNode(): Promise<Runtime | undefined> {
  try {
    const script = "console.log(process.version + ' ' + process.execPath)";
    const { stdout } = await new Deno.Command("node", { args: ["-e", script] }).output();
    const [, major, program] = /^v(\d+)\S* (.+)$/m.exec(new TextDecoder().decode(stdout)) ?? [];
    return program === undefined ? undefined : { name: `Node ${major}`, program };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Puts everything there, unless it is. */
export async function install(): Promise<void> {
  const files = ["package.json", "package-lock.json"];
  const texts = await Promise.all(
    files.map((name) => Deno.readTextFile(join(FOLDER, "dependencies", name))),
  );
  const wanted = runtimePackages().filter((it) =>
    RUNTIMES.some(({ program }) => program === programOf(it))
  );
  const of = [...texts, ...wanted.map(({ specifier }) => specifier)].join("\n");
  await madeOnce(INSTALLED, of, async () => {
    for (const [i, name] of files.entries()) {
      await Deno.writeTextFile(join(INSTALLED, name), texts[i]);
    }
    await Promise.all([
      npm(INSTALLED, "ci", "--ignore-scripts", "--prefer-offline"),
      ...wanted.map(fetchRuntime),
    ]);
  });
}

/** Of the package's thousands of files, the program alone. */
async function fetchRuntime({ name, program, specifier }: RuntimePackage): Promise<void> {
  const folder = folderOf(name);
  await Deno.mkdir(folder, { recursive: true });
  const printed = await npm(folder, "pack", specifier, "--prefer-offline", "--silent");
  const file = join(folder, printed.trim().split("\n").at(-1)!);
  await extract({ cwd: folder, file, strip: 1 }, [`package/${program}`]);
  await Deno.remove(file);
}

function folderOf(runtime: string): string {
  return join(INSTALLED, runtime.toLowerCase().replace(" ", "-"));
}

function programOf({ name, program }: RuntimePackage): string {
  return join(folderOf(name), program);
}

/** Runs npm in a folder. @returns what it printed @throws with what it complained of */
export async function npm(folder: string, ...words: readonly string[]): Promise<string> {
  const isWindows = Deno.build.os === "windows";
  const { code, stdout, stderr } = await new Deno.Command(isWindows ? "cmd" : "npm", {
    args: [...(isWindows ? ["/c", "npm"] : []), ...words, "--no-audit", "--no-fund"],
    cwd: folder,
    signal: AbortSignal.timeout(DEADLINE_MS),
    stdin: "null",
  }).output();
  if (code !== 0) throw new Error(`npm ${words.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
