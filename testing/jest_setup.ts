/**
 * One server for a whole run of jest: `globalSetup: "ravel-server/jest"` in its configuration.
 *
 * Tests find the server at `process.env.REDIS_URL`. Jest's process has it, and ends with it: a server
 * of a test keeps no process alive, so there is nothing to tear down.
 *
 * @module
 */

import { shareAddress } from "./shared_server.ts";

/** Starts the server. */
export default async function setup(): Promise<void> {
  await shareAddress();
}
