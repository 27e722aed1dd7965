/**
 * One server for a whole run of vitest: `globalSetup: "ravel-server/vitest"` in its configuration.
 *
 * Tests find the server at `process.env.REDIS_URL`, or `inject("redisUrl")`. It stops when the run has
 * ended. A file that changes data which others read is better off with a server of its own.
 *
 * @module
 */

import { shareAddress } from "./shared_server.ts";

/** What vitest hands to a global setup, as far as it is used here. */
export interface VitestProject {
  provide(key: string, value: string): void;
}

/** Starts the server. @returns what vitest calls at the end */
export default async function setup(project?: VitestProject): Promise<() => Promise<void>> {
  const server = await shareAddress();
  project?.provide("redisUrl", server.url);
  return () => server.stop();
}
