/**
 * The types of the npm package, by rollup-plugin-dts: what each way in exports, and one file of all
 * that these name.
 *
 * ```
 * index.d.mts ────▶ index.d.cts ────┬─▶ types.d.cts
 * commands.d.mts ─▶ commands.d.cts ─┘
 * ```
 *
 * A call of a plugin's command leads to the whole server, and so to all of its types.
 */

import { join } from "node:path";
import { rollup } from "rollup";
import { dts, type Options } from "rollup-plugin-dts";
import ts from "typescript";
import { ROOT_FOLDER } from "./bundle.ts";
import { withoutInnerComments } from "./documentation.ts";
import { EXPORTS } from "./exports.ts";

/** What several of the others name. */
const SHARED_FILE = "types.d.cts";
/** What the types need beyond ES2022: programs need not name it. */
const LIBRARY = '/// <reference lib="esnext.disposable" />\n';
/** A comment with an empty line behind it is about a source file, not about a type. */
const FILE_COMMENT = /^\/\*\*(?:(?!\*\/)[^])*\*\/\n\n/gm;

const COMPILER_OPTIONS: Options["compilerOptions"] = {
  allowImportingTsExtensions: true,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  resolveJsonModule: true,
  strict: true,
  target: ts.ScriptTarget.ESNext,
  types: [],
};

/**
 * Builds them.
 *
 * @param values by the file of each export, the names that programs find there when they run
 * @returns texts of files by their paths in the package
 */
export async function packageTypes(
  values: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, string>> {
  const input = Object.fromEntries(
    EXPORTS.map(({ file, source }) => [file, join(ROOT_FOLDER, source)]),
  );
  // It warns of types that are named and not exported, as is meant.
  const build = await rollup({
    input,
    plugins: [dts({ compilerOptions: COMPILER_OPTIONS })],
    onLog() {},
  });
  const { output } = await build.generate({
    chunkFileNames: SHARED_FILE,
    entryFileNames: "[name].d.cts",
  });
  await build.close();
  const files: Record<string, string> = {};
  for (const chunk of output) {
    if (chunk.type !== "chunk") continue;
    const own = LIBRARY + withoutInnerComments(chunk.code.replaceAll(FILE_COMMENT, ""));
    const text = chunk.isEntry ? withTypeExports(own, values[chunk.name]) : own;
    files[chunk.fileName] = text;
    if (chunk.isEntry) files[`${chunk.name}.d.mts`] = forModules(text, chunk.name);
  }
  return files;
}

/** A class that a source exports as a type is no value, which rollup does not tell apart. */
function withTypeExports(text: string, values: readonly string[]): string {
  return text.replaceAll(/^export \{ (.*) \}(?=;$| from )/gm, (_, list: string) => {
    const names = list.split(", ").map((name) => {
      return values.includes(name.split(" as ").at(-1)!) ? name : `type ${name}`;
    });
    return `export { ${names.join(", ")} }`;
  });
}

/**
 * For ES modules, which take types from a file of their own kind. A default export is written there
 * once more: handed on from a CommonJS module, it would stand for all of the module.
 */
function forModules(text: string, file: string): string {
  return / as default\b/.test(text) ? text : `export * from "./${file}.cjs";\n`;
}
