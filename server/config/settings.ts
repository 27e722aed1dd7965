/**
 * Every setting that has an effect, as a plain typed field, so that the hot path reads
 * `config.maxClients` at the cost of a property load. A field's initial value is that setting's
 * default; directives/ gives each field its name, range and text form. A subsystem that keeps a copy
 * of its own follows the setting by Config.onChange.
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";

/** How much unread output one class of clients may pile up before its connection is dropped. */
export interface OutputBufferLimit {
  /** Dropped at once past this many bytes; 0 means no limit. */
  readonly hardBytes: number;
  /** Dropped when output stays past this many bytes for `softSeconds`; 0 means no limit. */
  readonly softBytes: number;
  readonly softSeconds: number;
}

/** The output limits of the three classes of clients. Replaced as a whole when one of them changes. */
export interface OutputBufferLimits {
  readonly normal: OutputBufferLimit;
  readonly replica: OutputBufferLimit;
  readonly pubsub: OutputBufferLimit;
}

/** Log levels, from the most talkative to the quietest, which lets nothing through. */
export const LOG_LEVELS = ["debug", "verbose", "notice", "warning", "nothing"] as const;
export type LogLevel = typeof LOG_LEVELS[number];

export const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = typeof LOG_FORMATS[number];

/** Redis's names for what happens when memory is full. */
export const MAXMEMORY_POLICIES = [
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "noeviction",
] as const;
export type MaxMemoryPolicy = typeof MAXMEMORY_POLICIES[number];

/** What new users may do with channels. */
export const ACL_PUBSUB_DEFAULTS = ["allchannels", "resetchannels"] as const;
type AclPubSubDefault = typeof ACL_PUBSUB_DEFAULTS[number];

/** Whose requests for something dangerous are carried out; `local`: those of this machine's clients. */
export const ACTION_SOURCES = ["no", "yes", "local"] as const;
export type ActionSource = typeof ACTION_SOURCES[number];

const MiB = 1024 * 1024;

/** The values of all settings. Fields are read directly; they are changed through Config.set. */
export class Settings {
  // ---- listening
  /** TCP port; 0 lets the system choose a free one. */
  port = 1234;
  /** Addresses as given; a leading "-" marks one that may be unavailable. */
  bind: readonly string[] = ["*", "-::*"];
  /** Port for TLS; 0 for none. */
  tlsPort = 0;
  /** Path of a file of certificates, the server's first, as bytes. */
  tlsCertFile: ByteString = "";
  tlsKeyFile: ByteString = "";
  /** Whether clients have to show certificates, which no server here can ask them for. */
  tlsAuthClients: "no" | "yes" | "optional" = "yes";
  /** Path of a Unix socket to listen on, as bytes; empty for none. */
  unixSocket: ByteString = "";
  /** Permissions of its file; 0 for those of a new file. */
  unixSocketMode = 0;
  /** Port for metrics over HTTP; 0 for none. */
  metricsPort = 0;
  protectedMode = true;
  /** Connections that may wait to be accepted. */
  tcpBacklog = 511;
  /** Seconds of silence after which a client is dropped; 0 never. */
  timeoutSeconds = 0;
  /** Seconds between TCP keep-alive probes; 0 turns them off. */
  tcpKeepAliveSeconds = 300;
  maxClients = 10_000;
  /** The password that AUTH asks for, as bytes; empty means that none is needed. */
  requirePass: ByteString = "";
  /** Path of the file of users; empty means that there is none. */
  aclFile = "";
  /** Whether new users may use every channel. */
  aclPubSubDefault: AclPubSubDefault = "resetchannels";
  aclLogMaxEntries = 128;
  /** Whose DEBUG commands are carried out. */
  enableDebugCommand: ActionSource = "no";
  /** Who may change protected settings by CONFIG SET. */
  enableProtectedConfigs: ActionSource = "no";

  // ---- limits of one connection
  outputBufferLimits: OutputBufferLimits = {
    normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
    replica: { hardBytes: 256 * MiB, softBytes: 64 * MiB, softSeconds: 60 },
    pubsub: { hardBytes: 32 * MiB, softBytes: 8 * MiB, softSeconds: 60 },
  };
  /** Bytes that all clients may take before the largest is dropped; below 0: percent of maxmemory; 0: no limit. */
  maxMemoryClients = 0n;
  clientQueryBufferLimitBytes = 1024 * MiB;
  protoMaxBulkBytes = 512 * MiB;
  /** Keys of which it is known who has copies; 0 means no limit. */
  trackingTableMaxKeys = 1_000_000;

  // ---- data
  databases = 16;
  /** Bytes of data and clients past which keys are evicted or writes refused; 0 means no limit. */
  maxMemoryBytes = 0;
  /** Which keys make room past that. */
  maxMemoryPolicy: MaxMemoryPolicy = "noeviction";
  /** Keys that are looked at for one that goes. */
  maxMemorySamples = 5;
  /** From 0 to 100: how long a request may be held up by evictions; see eviction.ts. */
  maxMemoryEvictionTenacity = 10;
  /** How much rarer more uses are counted the more there were, and the minutes that undo one. */
  lfuLogFactor = 10;
  lfuDecayMinutes = 1;
  /** Negative: a step of bytes; positive: entries. See list_limits.ts. */
  listMaxListpackSize = -2;
  /** Nodes at either end of a long list that are not compressed; 0: none is. */
  listCompressDepth = 0;
  hashMaxListpackEntries = 512;
  hashMaxListpackValueBytes = 64;
  setMaxIntsetEntries = 512;
  setMaxListpackEntries = 128;
  setMaxListpackValueBytes = 64;
  zsetMaxListpackEntries = 128;
  zsetMaxListpackValueBytes = 64;
  hllSparseMaxBytes = 3000;
  /** Whether strings in dumps and snapshots are compressed. */
  rdbCompression = true;

  // ---- what is told of keys
  /** Which events are published, as event_mask.ts has them; 0: none. */
  notifyKeyspaceEvents = 0;

  // ---- background work
  /** Runs of the housekeeping cycle in a second. */
  hz = 10;
  activeExpireEffort = 1;
  lazyFreeLazyEviction = false;
  lazyFreeLazyExpire = false;
  lazyFreeLazyServerDel = false;
  lazyFreeLazyUserDel = false;
  lazyFreeLazyUserFlush = false;
  /** Threads that take large values apart; 0 does it on the main thread. */
  lazyFreeWorkers = 1;

  // ---- scripts
  /** How long one may run before others are answered that it does; 0: for ever. */
  busyReplyThresholdMs = 5000;

  // ---- latency
  /** Milliseconds from which on an event is noted by the latency monitor; 0: it is off. */
  latencyMonitorThresholdMs = 0;
  /** Whether the times of each command are kept. */
  latencyTracking = true;
  latencyPercentiles: readonly number[] = [50, 99, 99.9];

  // ---- slow log
  /** Microseconds from which on a command is noted; negative: none is. */
  slowLogSlowerThanMicroseconds = 10_000;
  slowLogMaxEntries = 128;

  // ---- log
  logLevel: LogLevel = "notice";
  /** Path of the log; empty means standard output. */
  logFile = "";
  logFormat: LogFormat = "text";

  // ---- extension
  /** Modules that register more commands, in order. */
  plugins: readonly string[] = [];
}
