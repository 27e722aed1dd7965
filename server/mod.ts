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

import "../commands/mod.ts";
import {
  type AnyDeclaration,
  type CommandRegistry,
  commandTable,
  recordCommands,
} from "../commands/registry.ts";
import { Config, ConfigError, type DirectiveRecord } from "./config/config.ts";
import { type LogSink, ServerLog } from "./report/log.ts";
import { PluginLoader } from "./plugins.ts";
import { type Environment, Server } from "./server.ts";

export { Config, ConfigError, type DirectiveRecord } from "./config/config.ts";
export type { LogSink } from "./report/log.ts";
export { type Environment, Server } from "./server.ts";

/** How a server is to be; whatever is not given is as `deno run main.ts serve` has it. */
export interface ServeOptions {
  /** All settings, parsed. The others are applied on top of it. */
  config?: Config;
  /** TCP port; 0 for a free one, or for none where there is another way in. */
  port?: number;
  /** Addresses to listen on. */
  bind?: readonly string[];
  /** Settings under Redis's directive names. */
  directives?: DirectiveRecord;
  /** Takes the log's lines; without it they go where the settings say. */
  onLogLine?: LogSink;
  /** Commands of its own, beside those of plugins. */
  commands?: readonly AnyDeclaration[];
  /** Another clock or source of randomness. */
  environment?: Partial<Environment>;
}

/**
 * Starts a server. Several may run in one process.
 *
 * Rejects with a {@linkcode ConfigError} for a setting that is unknown or has a bad value, and with what
 * the runtime's listening fails with.
 */
export async function serve(options: ServeOptions = {}): Promise<Server> {
  const config = options.config ?? new Config();
  if (options.directives) config.assign(options.directives);
  if (options.port !== undefined) config.assign({ port: String(options.port) });
  if (options.bind !== undefined) config.assign({ bind: options.bind });
  const table = tableWith([...await plugins.load(config.plugins), ...options.commands ?? []]);
  const log = new ServerLog({
    level: config.logLevel,
    format: config.logFormat,
    file: config.logFile,
    sink: options.onLogLine,
  });
  const idle = config.withoutEffect();
  if (idle.length > 0) {
    log.warning("settings that have no effect in this version", { names: idle.join(" ") });
  }
  if (config.tlsPort !== 0 && config.tlsAuthClients === "optional") {
    log.warning(
      "tls-auth-clients is optional: no client is asked for a certificate, as Ravel cannot",
    );
  }
  try {
    const environment = { ...SYSTEM, ...options.environment };
    return await Server.start({ config, log, environment, table });
  } catch (error) {
    log[Symbol.dispose]();
    throw error;
  }
}

const plugins = new PluginLoader(recordCommands);

/** The commands of all servers, and further ones. @throws {ConfigError} where one cannot be */
function tableWith(declarations: readonly AnyDeclaration[]): CommandRegistry {
  try {
    return commandTable.with(declarations);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

const SYSTEM: Environment = { now: Date.now, randomInt };

const random = new Uint32Array(1024);
let randomLeft = 0;
const HALF = 2 ** 16;
const WHOLE = 2 ** 32;

/**
 * Uniform, from the system's generator in blocks: the upper half of a 64-bit product, by which D.
 * Lemire does without a division (ACM TOMACS 29.1, 2019). Bounds go up to 2^32.
 */
function randomInt(bound: number): number {
  for (;;) {
    if (randomLeft === 0) {
      crypto.getRandomValues(random);
      randomLeft = random.length;
    }
    const word = random[--randomLeft];
    // In two halves, as no double holds all of the product.
    const low = (word & 0xffff) * bound;
    const carry = Math.floor(low / HALF);
    const high = (word >>> 16) * bound + carry;
    const value = Math.floor(high / HALF);
    const rest = (high - value * HALF) * HALF + (low - carry * HALF);
    if (rest >= bound || rest >= WHOLE % bound) return value;
  }
}
