/**
 * The sources as one file, by esbuild.
 */

import { fileURLToPath } from "node:url";
import { build, type BuildOptions } from "esbuild";
import { type Runtime, sources } from "./sources.ts";

/** The project's folder, with a separator at its end. */
export const ROOT_FOLDER: string = fileURLToPath(new URL("../", import.meta.url));

export interface Bundle {
  readonly code: string;
  /** For debuggers and for reading stacks; the code does not name it. */
  readonly sourceMap: string;
}

/** For Deno, a program; for Node and Bun, a CommonJS module, as it is the one kind that all load. */
const FORMATS: Readonly<Record<Runtime, BuildOptions>> = {
  // Packages have files for Deno that load none of Node's modules, which take megabytes there.
  deno: {
    format: "esm",
    target: "esnext",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["deno"],
  },
  // Only Deno knows of a main module in every way that a file may be loaded.
  node: {
    format: "cjs",
    target: "node20",
    platform: "node",
    define: { "import.meta.main": "false" },
  },
};

/**
 * Makes one minified file of a module and all that it imports, but for the runtime's own modules.
 *
 * @param entry text of the module, whose imports start at the project's root
 * @throws with esbuild's message where something cannot be resolved or read
 */
export async function bundle(entry: string, runtime: Runtime): Promise<Bundle> {
  const { outputFiles } = await build({
    ...FORMATS[runtime],
    stdin: { contents: entry, loader: "ts", resolveDir: ROOT_FOLDER, sourcefile: "entry.ts" },
    absWorkingDir: ROOT_FOLDER,
    outfile: "ravel.js",
    plugins: [sources(ROOT_FOLDER, runtime)],
    bundle: true,
    minify: true,
    // An error that nobody catches shows the line that it comes from.
    lineLimit: 1000,
    legalComments: "none",
    sourcemap: "external",
    sourcesContent: true,
    write: false,
    logLevel: "silent",
  });
  const [sourceMap, code] = outputFiles.toSorted((a, b) => b.path.length - a.path.length);
  return { code: code.text, sourceMap: sourceMap.text };
}

/** The names that modules export, types left out, in the modules' order. */
export async function exportedNames(modules: readonly string[]): Promise<string[][]> {
  const { metafile } = await build({
    entryPoints: [...modules],
    absWorkingDir: ROOT_FOLDER,
    outdir: "unused",
    format: "esm",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const outputs = Object.values(metafile.outputs);
  return modules.map((module) =>
    outputs.find((it) => it.entryPoint === module)!.exports.toSorted()
  );
}
