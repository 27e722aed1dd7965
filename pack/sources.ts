/**
 * What esbuild has to be told of the sources, which are Deno's:
 *
 * | in a source                           | becomes                                            |
 * | ------------------------------------- | -------------------------------------------------- |
 * | a file of `platform/deno/`            | the file of that name in `platform/node/`          |
 * | `npm:…`, and short names of deno.json | the file that Deno has of the package              |
 * | `with { type: "text" }`               | the text; of a program, without blanks and comments |
 * | `deno.json`                           | its version, which is all that anybody asks for    |
 * | `await import("./x.ts")`              | an import at the top                               |
 *
 * The last because what is imported late is wrapped into a function where everything is one file, and
 * with it all that it imports: constants of the hottest code became variables, and the file slower.
 */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type OnLoadResult, type OnResolveResult, type Plugin, transform } from "esbuild";

/** The runtimes that a build can be for. */
export type Runtime = "deno" | "node";

const PLATFORM = /([\\/]platform[\\/])deno([\\/])/;
const LATE_IMPORT = /\bawait import\("(\.[^"]+)"\)/g;

/** @param folder of the sources, with a separator at its end: other files are left alone */
export function sources(folder: string, runtime: Runtime): Plugin {
  return {
    name: "sources",
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ importer, path, resolveDir, with: { type } }) => {
        if (importer !== "" && !importer.startsWith(folder)) return undefined;
        const file = resolve(resolveDir, path);
        if (type === "text") return { path: file, namespace: "text" };
        return { path: runtime === "node" ? file.replace(PLATFORM, "$1node$2") : file };
      });
      build.onResolve({ filter: /^(npm:|@)/ }, ({ importer, path }) => {
        return importer.startsWith(folder) ? resolvePackage(path) : undefined;
      });
      build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter: /./, namespace: "text" }, ({ path }) => loadText(path));
      build.onLoad({ filter: /[\\/]deno\.json$/ }, ({ path }) => loadProject(path));
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => loadSource(path));
    },
  };
}

/** Deno has a package's files once it has imported the package. */
async function resolvePackage(specifier: string): Promise<OnResolveResult> {
  await import(specifier);
  return { path: fileURLToPath(import.meta.resolve(specifier)) };
}

async function loadText(path: string): Promise<OnLoadResult> {
  const text = await Deno.readTextFile(path);
  if (!path.endsWith(".js")) return { contents: text, loader: "text" };
  const { code } = await transform(text, { minify: true, format: "esm", legalComments: "none" });
  return { contents: code, loader: "text" };
}

async function loadProject(path: string): Promise<OnLoadResult> {
  const { version } = JSON.parse(await Deno.readTextFile(path));
  return { contents: JSON.stringify({ version }), loader: "json" };
}

async function loadSource(path: string): Promise<OnLoadResult> {
  const imports: string[] = [];
  const text = (await Deno.readTextFile(path)).replaceAll(LATE_IMPORT, (_, specifier) => {
    const name = `imported${imports.length}`;
    imports.push(`import * as ${name} from "${specifier}";`);
    return name;
  });
  return { contents: imports.join("") + text, loader: "ts" };
}
