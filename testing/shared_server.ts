/** A server that the files of a whole test run share, found by them in the environment. */

import { serve } from "./mod.ts";
import type { TestServer } from "./test_server.ts";

/** What test runners hand on to the processes and threads that run tests. */
interface WithEnvironment {
  readonly process: { readonly env: Record<string, string | undefined> };
}

/** Starts a server, and tells where it is: REDIS_URL, REDIS_HOST and REDIS_PORT. */
export async function shareAddress(): Promise<TestServer> {
  const server = await serve();
  const { env } = (globalThis as unknown as WithEnvironment).process;
  env.REDIS_URL = server.url;
  env.REDIS_HOST = server.host;
  env.REDIS_PORT = String(server.port);
  return server;
}
