/**
 * The runtime that the server runs on. What the server needs of one is described in the files
 * beside this one; what provides it is chosen here and nowhere else, so that another runtime is one
 * more implementation and a change of these lines.
 *
 * ```
 * server, commands ──▶ platform.ts ──▶ deno/…       the implementation
 *                          │             │
 *                          ▼             ▼
 *             socket, http, files, failures, process, …    the descriptions
 * ```
 */

import { denoFailures } from "./deno/failures.ts";
import { denoFiles } from "./deno/files.ts";
import { denoHttp } from "./deno/http.ts";
import { denoNetwork } from "./deno/network.ts";
import { denoProcess } from "./deno/process.ts";
import { denoSignals } from "./deno/signals.ts";
import type { Failures } from "./failures.ts";
import type { Files } from "./files.ts";
import type { Http } from "./http.ts";
import type { Process } from "./process.ts";
import type { Signals } from "./signals.ts";
import type { Network } from "./socket.ts";

export const failures: Failures = denoFailures;
export const files: Files = denoFiles;
export const http: Http = denoHttp;
export const network: Network = denoNetwork;
export const process: Process = denoProcess;
export const signals: Signals = denoSignals;

/** {@linkcode Failures.isDisconnect}, for the loops of connections. */
export const isDisconnect: (error: unknown) => boolean = denoFailures.isDisconnect;
