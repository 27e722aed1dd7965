/**
 * The runtime that the server runs on. What the server needs of one is described in the files
 * beside this one. `deno/` provides it on Deno, and `node/` on Node and Bun: files of the same names
 * with the same exports, and a build for the latter puts the one folder in the other's place.
 *
 * ```
 * server, commands ──▶ platform.ts ──▶ deno/…  or  node/…      the implementation
 *                          │             │
 *                          ▼             ▼
 *             socket, http, files, failures, process, …        the descriptions
 * ```
 */

import { failures } from "./deno/failures.ts";

export { failures };
export { files } from "./deno/files.ts";
export { http } from "./deno/http.ts";
export { network } from "./deno/network.ts";
export { process } from "./deno/process.ts";
export { signals } from "./deno/signals.ts";

/** {@linkcode Failures.isDisconnect}, for the loops of connections. */
export const isDisconnect: (error: unknown) => boolean = failures.isDisconnect;
