/**
 * What a command may see of the server that runs it. The server implements it; commands depend on
 * this description alone, so that they also run where there is no socket.
 */

import type { RespReply } from "../protocol/resp_reply.ts";
import type { ClientList } from "./clients/client.ts";
import type { Config } from "./config/config.ts";
import type { Keyspace } from "./keyspace/keyspace.ts";
import type { InfoSection } from "./report/info/info_section.ts";
import type { ServerLog } from "./report/log.ts";
import type { Stats } from "./report/stats.ts";

export interface ServerContext {
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly clients: ClientList;
  readonly stats: Stats;
  readonly log: ServerLog;
  /** The writers of RESP2 and RESP3, for HELLO and RESET to choose from. */
  readonly resp2: RespReply;
  readonly resp3: RespReply;
  /** Forty hexadecimal digits, new at every start. */
  readonly runId: string;
  readonly startedAtMs: number;
  readonly address: Deno.NetAddr;
  /** Whether expired keys are collected in the background (DEBUG SET-ACTIVE-EXPIRE). */
  activeExpire: boolean;
  /** Whether SHUTDOWN or a signal has come. */
  readonly shuttingDown: boolean;
  /** Begins to stop: replies under way are finished, then everything is closed. */
  beginShutdown(): void;
  /** What INFO tells, in its order. */
  readonly info: readonly InfoSection[];
  /** Milliseconds since 1970, with fractions, by the server's clock. */
  now(): number;
}
