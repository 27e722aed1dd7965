// Servers inside the test's own process, their log kept for the test instead of printed.

import { serve, type ServeOptions, type Server } from "../../server/mod.ts";

/** As serve(), on a free port unless told otherwise, with the log's lines dropped. */
export function serveQuietly(options: ServeOptions = {}): Promise<Server> {
  return serve({ port: 0, onLogLine() {}, ...options });
}

/** A clock that stands still until a test moves it. */
export class ManualClock {
  nowMs = 1_700_000_000_000;

  /** For serve()'s environment. */
  readonly now = (): number => this.nowMs;
}

/** Empties every database of a server and waits until all memory has come back. */
export async function flushAndDrain(server: Server): Promise<void> {
  server.keyspace.flushAll(true);
  await server.keyspace.lazyFree.drained();
  server.keyspace.arena.verify();
}
