/**
 * What the npm package has for programs: its ways in, and the sources that each stands for.
 *
 * ```
 * import "ravel-server/commands"  ─▶ commands.mjs ─▶ commands.cjs ─┐
 * require("ravel-server")         ─▶ index.cjs ────────────────────┼─▶ ravel.cjs
 * npx ravel-server                ─▶ bin.cjs ──────────────────────┘   all of the server, once
 * ```
 *
 * Whichever way a program comes in, it meets the same `ravel.cjs`: a plugin registers its commands
 * where the server looks for them, be it a CommonJS or an ES module.
 */

export interface PackageExport {
  /** What follows the package's name in an import, after a dot. */
  readonly path: string;
  /** The name of its files in the package, without their endings. */
  readonly file: string;
  /** From the project's root. */
  readonly source: string;
}

export const PACKAGE_NAME = "ravel-server";

/** What `npx` runs. */
export const BIN_FILE = "bin.cjs";
/** The command line behind it. */
export const MAIN_SOURCE = "main.ts";

export const EXPORTS: readonly PackageExport[] = [
  { path: ".", file: "index", source: "testing/mod.ts" },
  { path: "./vitest", file: "vitest", source: "testing/vitest_setup.ts" },
  { path: "./jest", file: "jest", source: "testing/jest_setup.ts" },
  { path: "./commands", file: "commands", source: "commands/plugin.ts" },
];
