/** The package.json of the npm package. */

import project from "../deno.json" with { type: "json" };
import { BIN_FILE, EXPORTS, PACKAGE_NAME, type PackageExport } from "./exports.ts";

/** What it was tried on; see tests/package/. */
const NODE_VERSIONS = ">=20";

export const VERSION: string = project.version;

/** Its text. */
export function packageManifest(): string {
  const [main] = EXPORTS;
  const manifest = {
    name: PACKAGE_NAME,
    version: VERSION,
    description:
      "A Redis-compatible in-memory server: in your tests, in your process, or on its own by npx.",
    keywords: [
      "redis",
      "redis-server",
      "in-memory",
      "mock",
      "testing",
      "vitest",
      "jest",
      "embedded",
      "ioredis",
      "node-redis",
      "cache",
      "lua",
    ],
    license: project.license,
    engines: { node: NODE_VERSIONS },
    type: "commonjs",
    main: `./${main.file}.cjs`,
    types: `./${main.file}.d.cts`,
    exports: {
      ...Object.fromEntries(EXPORTS.map((it) => [it.path, conditions(it)])),
      "./package.json": "./package.json",
    },
    bin: { [PACKAGE_NAME]: `./${BIN_FILE}` },
    files: ["*.cjs", "*.mjs", "*.d.cts", "*.d.mts"],
    // An import of which nothing is used may be left out.
    sideEffects: false,
  };
  return JSON.stringify(manifest, null, 2) + "\n";
}

/** Types come first, for who looks for them takes the first condition that fits. */
function conditions({ file }: PackageExport) {
  return {
    import: { types: `./${file}.d.mts`, default: `./${file}.mjs` },
    require: { types: `./${file}.d.cts`, default: `./${file}.cjs` },
  };
}
