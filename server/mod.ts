/**
 * Ravel as a library: a server inside a program of your own.
 *
 * @example
 * ```ts
 * import { serve } from "./server/mod.ts";
 *
 * await using server = await serve({ port: 0 });
 * console.log(server.address.port);
 * ```
 *
 * @module
 */

import { relayToProgram } from "./program_log.ts";
import type { Server } from "./server.ts";
import { type ServeOptions, start } from "./start.ts";

export { Config, ConfigError, type DirectiveRecord } from "./config/config.ts";
export type { LogSink } from "./log.ts";
export { type Environment, Server } from "./server.ts";
export type { ServeOptions } from "./start.ts";

/**
 * Starts a server. Several may run in one process. Its log goes to the program's LogTape, where the
 * program has configured that.
 *
 * @throws {ConfigError} for a setting that is unknown or has a bad value
 * @throws {Deno.errors.AddrInUse} and what else `Deno.listen` throws
 */
export function serve(options: ServeOptions = {}): Promise<Server> {
  return start(options, relayToProgram);
}
