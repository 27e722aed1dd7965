/**
 * A server inside a test: started by the test's own process, in milliseconds, on a free port of this
 * machine, with nothing to install and nothing left behind.
 *
 * @example
 * ```ts
 * import { serve } from "ravel-server";
 * import { Redis } from "ioredis";
 *
 * await using server = await serve();
 * const redis = new Redis(server.url);
 * ```
 *
 * @module
 */

import { TestServer } from "./test_server.ts";
import type { ServeOptions } from "./options.ts";

export type { ServeOptions } from "./options.ts";
export type { TestServer } from "./test_server.ts";

/**
 * Starts a server. As many as you like run in one process, and share nothing.
 *
 * @throws {Error} for a setting that is unknown or has a bad value, a port that is in use, a plugin
 *   that cannot be loaded
 */
export function serve(options: ServeOptions = {}): Promise<TestServer> {
  return TestServer.start(options);
}
