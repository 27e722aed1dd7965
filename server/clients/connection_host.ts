/** What a connection needs of its server. */

import type { Config } from "../config/config.ts";
import type { ClientList } from "../execution/client_list.ts";
import type { ClientUser } from "../execution/client_user.ts";
import type { Dialects } from "../execution/dialects.ts";
import type { Executor } from "../execution/executor.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { ServerLog } from "../report/log.ts";
import type { Stats } from "../report/stats.ts";
import type { BufferPool } from "./buffer_pool.ts";
import type { ClientEviction } from "./client_eviction.ts";
import type { InputLimits } from "./input_limits.ts";

export interface ConnectionHost {
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly clients: ClientList;
  readonly dialects: Dialects;
  readonly executor: Executor;
  readonly inputLimits: InputLimits;
  readonly pool: BufferPool;
  readonly clientMemory: ClientEviction;
  readonly stats: Stats;
  readonly log: ServerLog;
  /** As whom a new client acts, and whether it has to say who it is. */
  readonly acl: { readonly defaultUser: ClientUser; readonly isPasswordNeeded: boolean };
  /** Who is to be told when a connection's turn is over. */
  readonly tracking: { broadcast(): void };
  /** Milliseconds since 1970, with fractions, by the server's clock. */
  now(): number;
}
