/**
 * What commands may use of the server that runs them, a service a member. The server implements
 * them; commands depend on these descriptions alone, so that they also run where there is no socket.
 */

import type { Acl } from "./acl/acl.ts";
import type { Config } from "./config/config.ts";
import type { ClientList } from "./execution/client_list.ts";
import type { Blocking } from "./execution/blocking.ts";
import type { CommandNames, CommandTable } from "./execution/command_table.ts";
import type { Dialects } from "./execution/dialects.ts";
import type { Pause } from "./execution/pause.ts";
import type { Standstill } from "./execution/standstill.ts";
import type { Performer, Transactions } from "./execution/transactions.ts";
import type { Monitor } from "./monitor/monitor.ts";
import type { LatencyMonitor } from "./report/latency/latency_monitor.ts";
import type { SlowLog } from "./slowlog/slow_log.ts";
import type { Keyspace } from "./keyspace/keyspace.ts";
import type { Dumps } from "./keyspace/rdb/dump_payload.ts";
import type { PubSub } from "./pubsub/pubsub.ts";
import type { InfoSection } from "./report/info/info_section.ts";
import type { ServerLog } from "./report/log.ts";
import type { Stats } from "./report/stats.ts";
import type { Scripting } from "./scripting/scripting.ts";
import type { Functions } from "./scripting/functions/functions.ts";
import type { Tracking } from "./tracking/tracking.ts";

/** The run of the server, for what tells of it and what ends it. */
export interface Lifecycle {
  /** Forty hexadecimal digits, new at every start. */
  readonly runId: string;
  readonly startedAtMs: number;
  /** Forty hexadecimal digits that name the data set, for those who keep a copy of it. */
  readonly replicationId: string;
  /** Gives the data set another name. */
  changeReplicationId(): void;
  /** The addresses that the server listens on, the first one first. */
  readonly addresses: readonly { readonly hostname: string; readonly port: number }[];
  /** Those for TLS. */
  readonly tlsAddresses: readonly { readonly hostname: string; readonly port: number }[];
  /** Whether SHUTDOWN or a signal has come. */
  readonly shuttingDown: boolean;
  /** Begins to stop: replies under way are finished, then everything is closed. */
  beginShutdown(): void;
}

/** What the tick does or leaves. */
export interface UpkeepSwitches {
  /** Whether expired keys are collected in the background (DEBUG SET-ACTIVE-EXPIRE). */
  activeExpire: boolean;
  /** Whether the tick does nothing at all (DEBUG PAUSE-CRON). */
  isPaused: boolean;
  /** Gives memory back to the system that nothing is in (MEMORY PURGE). */
  releaseMemory(): void;
}

export interface ServerContext {
  readonly config: Config;
  readonly keyspace: Keyspace;
  /** Makes and reads dumps of values. */
  readonly dumps: Dumps;
  readonly clients: ClientList;
  /** The commands that there are. */
  readonly commands: CommandTable;
  /** Users, and what they may do. */
  readonly acl: Acl;
  readonly stats: Stats;
  readonly log: ServerLog;
  /** The writers of replies, for HELLO and RESET to choose from. */
  readonly dialects: Dialects;
  readonly lifecycle: Lifecycle;
  /** The same by the names that clients call them by. */
  readonly names: CommandNames;
  /** Runs the commands that a command runs. */
  readonly executor: Performer;
  readonly transactions: Transactions;
  readonly blocking: Blocking;
  readonly pubsub: PubSub;
  readonly tracking: Tracking;
  readonly pause: Pause;
  /** Has a command wait for the system. */
  readonly standstill: Pick<Standstill, "wait">;
  readonly monitor: Monitor;
  readonly slowLog: SlowLog;
  readonly latency: LatencyMonitor;
  /** Scripts, and what runs functions. */
  readonly scripting: Scripting;
  /** Libraries of functions that clients call. */
  readonly functions: Functions;
  readonly upkeep: UpkeepSwitches;
  /** What INFO tells, in its order. */
  readonly info: readonly InfoSection[];
  /** Milliseconds since 1970, with fractions, by the server's clock. */
  now(): number;
}
