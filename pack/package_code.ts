/**
 * The code of the npm package.
 *
 * The core is a CommonJS module, which every runtime and every test runner loads from anywhere. The
 * files around it only hand on what is in it: to `require` by assignments, from which Node learns the
 * names without running them, and to `import` by real exports.
 */

import { bundle, exportedNames } from "./bundle.ts";
import { BIN_FILE, EXPORTS, MAIN_SOURCE } from "./exports.ts";

const CORE_FILE = "ravel.cjs";
/** A default export for ES modules, for which that of a CommonJS module is all of the module. */
const DEFAULT_NAME = "defaultExport";

const BIN = `#!/usr/bin/env node
"use strict";
require("./${CORE_FILE}").main(process.argv.slice(2)).then((code) => process.exit(code));
`;

export interface PackageCode {
  /** Texts of files by their paths in the package. */
  readonly files: Readonly<Record<string, string>>;
  /** Of the core, for who debugs it: it is several times as large as the package. */
  readonly sourceMap: string;
  /** By the file of each export, the names that it has, but for types. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** Builds it. @throws with esbuild's message where that fails */
export async function packageCode(): Promise<PackageCode> {
  const { code, sourceMap } = await bundle(coreModule(), "node");
  const names = await exportedNames(EXPORTS.map(({ source }) => source));
  const values = Object.fromEntries(EXPORTS.map(({ file }, i) => [file, names[i]]));
  const files: Record<string, string> = { [CORE_FILE]: code, [BIN_FILE]: BIN };
  for (const { file } of EXPORTS) {
    files[`${file}.cjs`] = commonJsModule(file, values[file]);
    files[`${file}.mjs`] = esModule(file, values[file]);
  }
  return { files, sourceMap, values };
}

/** A namespace for each way in, and the command line. */
function coreModule(): string {
  const namespaces = EXPORTS.map(({ file, source }) => `export * as ${file} from "./${source}";`);
  return [...namespaces, `export { main } from "./${MAIN_SOURCE}";`].join("\n");
}

function commonJsModule(namespace: string, names: readonly string[]): string {
  return [
    '"use strict";',
    // For who asks for a default export.
    'Object.defineProperty(exports, "__esModule", { value: true });',
    `const part = require("./${CORE_FILE}").${namespace};`,
    ...names.map((name) => `exports.${name} = part.${name};`),
    ...(names.includes("default") ? [`exports.${DEFAULT_NAME} = part.default;`] : []),
    "",
  ].join("\n");
}

/** It imports the small file, and not the core, which Node would search for names from end to end. */
function esModule(file: string, names: readonly string[]): string {
  const list = names.map((name) => name === "default" ? `${DEFAULT_NAME} as default` : name);
  return `export { ${list.join(", ")} } from "./${file}.cjs";\n`;
}
