/**
 * The server whose replies are compared with redis-server's: one of this process, made for each test,
 * or one that runs already, on the port that RAVEL_PORT tells. Such a one is emptied, and is for tests
 * that need no settings of their own.
 */

import { serve, type ServeOptions } from "../../server/mod.ts";
import { Peer } from "./peer.ts";
import { until } from "./until.ts";

const port = Deno.env.get("RAVEL_PORT");

export interface ComparedServer extends AsyncDisposable {
  readonly port: number;
  /** Checks all of its memory, where that can be seen. */
  verify(): void;
}

/** Whether it is one that runs already. */
export const isElsewhere: boolean = port !== undefined;

export async function comparedServer(options: ServeOptions): Promise<ComparedServer> {
  if (port !== undefined) return await emptied(Number(port));
  const server = await serve({ port: 0, onLogLine() {}, ...options });
  return {
    port: server.address.port,
    verify: () => server.keyspace.arena.verify(),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function emptied(port: number): Promise<ComparedServer> {
  using peer = await Peer.connect(port);
  await until("clients of the test before have left", async () => {
    return (await peer.ask("CLIENT", "LIST")).match(/\bid=/g)?.length === 1;
  });
  for (const request of ["FLUSHALL", "FUNCTION FLUSH", "SCRIPT FLUSH", "CONFIG RESETSTAT"]) {
    await peer.ask(...request.split(" "));
  }
  return { port, verify() {}, [Symbol.asyncDispose]: () => Promise.resolve() };
}
