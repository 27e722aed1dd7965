/**
 * The command line of `deno task pack` and `deno task bundle`: builds into `dist/`, which git
 * ignores, and prints the path of what was built.
 */

import { join } from "node:path";
import { stop } from "esbuild";
import { bundle, ROOT_FOLDER } from "./bundle.ts";
import { MAIN_SOURCE } from "./exports.ts";
import { packForNpm } from "./npm.ts";

const FOLDER = join(ROOT_FOLDER, "dist");
const USAGE = "give one of: npm, for the npm package; deno, for a single file that Deno runs; " +
  "then, if you like, a folder in place of dist/";

/** What can be built. @returns the path of what was */
const BUILDS: ReadonlyMap<string, (folder: string) => Promise<string>> = new Map([
  ["npm", packForNpm],
  ["deno", bundleForDeno],
]);

async function bundleForDeno(folder: string): Promise<string> {
  const { code } = await bundle(`import "./${MAIN_SOURCE}";`, "deno");
  await Deno.mkdir(folder, { recursive: true });
  const file = join(folder, "ravel.js");
  await Deno.writeTextFile(file, code);
  return file;
}

/** @returns the exit code */
async function main([what, folder = FOLDER, ...more]: readonly string[]): Promise<number> {
  const build = BUILDS.get(what);
  if (build === undefined || more.length > 0) {
    console.error(`pack: ${USAGE}`);
    return 1;
  }
  try {
    console.log(await build(folder));
    return 0;
  } catch (error) {
    console.error(`pack: ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await stop();
  }
}

Deno.exit(await main(Deno.args));
