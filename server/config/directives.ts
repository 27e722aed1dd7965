// The table of settings: Redis's name, the field it fills, its kind and range, whether CONFIG SET may
// change it while the server runs, and what it does. Parsing, CONFIG GET, CONFIG SET, the help text
// and the documentation all read this one table.

import {
  DEBUG_SOURCES,
  LOG_FORMATS,
  LOG_LEVELS,
  MAXMEMORY_POLICIES,
  type Settings,
} from "./settings.ts";
import {
  integer,
  memorySize,
  oneOf,
  onlyValue,
  outputBufferLimits,
  snapshotPoints,
  text,
  type ValueType,
  wordList,
  yesNo,
} from "./value_types.ts";

/** A value that was read and found good, to be put in place once all its companions are good too. */
export interface StagedValue {
  readonly text: string;
  commit(settings: Settings): void;
}

export interface Directive {
  readonly name: string;
  /** Other names of the same setting, older ones of Redis. */
  readonly aliases: readonly string[];
  /** Whether CONFIG SET may change it. */
  readonly mutable: boolean;
  readonly multipleWords: boolean;
  readonly cutsAtSpaces: boolean;
  /** The values it takes, for help and documentation. */
  readonly form: string;
  readonly description: string;
  /** What CONFIG GET shows for the value that `settings` holds. */
  print(settings: Settings): string;
  /** Reads a value without changing anything; throws InvalidValueError. */
  stage(words: readonly string[], settings: Settings): StagedValue;
}

interface DirectiveOptions {
  readonly aliases?: readonly string[];
  /** Settled at start-up: CONFIG SET refuses it. */
  readonly fixed?: boolean;
}

function directive<K extends keyof Settings>(
  name: string,
  field: K,
  type: ValueType<Settings[K]>,
  description: string,
  options: DirectiveOptions = {},
): Directive {
  return {
    name,
    aliases: options.aliases ?? [],
    mutable: options.fixed !== true,
    multipleWords: type.multipleWords,
    cutsAtSpaces: type.cutsAtSpaces,
    form: type.form,
    description,
    print: (settings) => type.print(settings[field]),
    stage(words, settings) {
      const { value, text } = type.parse(words, settings[field]);
      return {
        text,
        commit(target) {
          target[field] = value;
          if (field === "bind") target.bindExplicit = true;
        },
      };
    },
  };
}

const MiB = 1024 * 1024;
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

const MAX_BIND_ADDRESSES = 16;
const MAX_PLUGINS = 256;
/** Every database has a fixed cost in memory even when empty. */
const MAX_DATABASES = 65_536;

const atStart = { fixed: true };

export const DIRECTIVES: readonly Directive[] = [
  directive(
    "port",
    "port",
    integer(0, 65535),
    "TCP port to listen on; 0 lets the system choose a free one.",
  ),
  directive(
    "bind",
    "bind",
    wordList("address …", MAX_BIND_ADDRESSES, "Too many bind addresses specified.", false),
    'Addresses to listen on; "*" is every IPv4 and "::*" every IPv6 address, a leading "-" marks ' +
      "one that may be unavailable.",
  ),
  directive(
    "protected-mode",
    "protectedMode",
    yesNo,
    "While no password and no bind address is set, serve clients of this machine alone.",
  ),
  directive(
    "tcp-backlog",
    "tcpBacklog",
    integer(0, INT32_MAX),
    "Connections that may wait to be accepted; the system may lower it.",
    atStart,
  ),
  directive(
    "timeout",
    "timeoutSeconds",
    integer(0, INT32_MAX),
    "Seconds of silence after which a client is disconnected; 0 never.",
  ),
  directive(
    "tcp-keepalive",
    "tcpKeepAliveSeconds",
    integer(0, INT32_MAX),
    "Keep-alive probes on connections; 0 turns them off.",
  ),
  directive(
    "maxclients",
    "maxClients",
    integer(1, UINT32_MAX),
    "Connections served at the same time; one more is refused.",
  ),
  directive(
    "requirepass",
    "requirePass",
    text,
    "Password that clients give with AUTH or HELLO; empty for none.",
  ),
  directive(
    "enable-debug-command",
    "enableDebugCommand",
    oneOf(DEBUG_SOURCES),
    "Who may use DEBUG: nobody, everybody, or the clients of this machine.",
    atStart,
  ),
  directive(
    "client-output-buffer-limit",
    "outputBufferLimits",
    outputBufferLimits,
    "Unread output after which a client is dropped: at once past the hard limit, or after some " +
      "seconds past the soft one; 0 is no limit.",
  ),
  directive(
    "client-query-buffer-limit",
    "clientQueryBufferLimitBytes",
    memorySize(MiB, INT64_MAX),
    "Bytes of input that one client may have waiting.",
  ),
  directive(
    "proto-max-bulk-len",
    "protoMaxBulkBytes",
    memorySize(MiB, INT64_MAX),
    "Largest single argument of a request.",
  ),
  directive(
    "databases",
    "databases",
    integer(1, MAX_DATABASES),
    "Number of databases that SELECT can reach.",
    atStart,
  ),
  directive(
    "maxmemory",
    "maxMemoryBytes",
    memorySize(0, UINT64_MAX),
    "Bytes of data past which commands that add more are refused; 0 is no limit.",
  ),
  directive(
    "maxmemory-policy",
    "maxMemoryPolicy",
    onlyValue(
      oneOf(MAXMEMORY_POLICIES),
      "noeviction",
      "this version of Ravel does not evict keys, so the only policy is noeviction",
    ),
    "What happens when maxmemory is reached.",
  ),
  directive(
    "list-max-listpack-size",
    "listMaxListpackSize",
    integer(INT32_MIN, INT32_MAX),
    "Size of a list's parts: at most so many elements, or -1 to -5 for 4, 8, 16, 32 or 64 KiB.",
    { aliases: ["list-max-ziplist-size"] },
  ),
  directive(
    "list-compress-depth",
    "listCompressDepth",
    onlyValue(
      integer(0, INT32_MAX),
      0,
      "this version of Ravel does not compress lists, so the only value is 0",
    ),
    "Parts at each end of a list that are not compressed: 0, as none is compressed.",
  ),
  directive(
    "hash-max-listpack-entries",
    "hashMaxListpackEntries",
    integer(0, INT64_MAX),
    "Hashes of at most so many fields are stored packed.",
    { aliases: ["hash-max-ziplist-entries"] },
  ),
  directive(
    "hash-max-listpack-value",
    "hashMaxListpackValueBytes",
    memorySize(0, INT64_MAX),
    "Hashes whose fields and values are at most so many bytes long are stored packed.",
    { aliases: ["hash-max-ziplist-value"] },
  ),
  directive(
    "set-max-intset-entries",
    "setMaxIntsetEntries",
    integer(0, INT64_MAX),
    "Sets of integers alone, at most so many, are stored as one sorted block.",
  ),
  directive(
    "set-max-listpack-entries",
    "setMaxListpackEntries",
    integer(0, INT64_MAX),
    "Sets of at most so many members are stored packed.",
  ),
  directive(
    "set-max-listpack-value",
    "setMaxListpackValueBytes",
    memorySize(0, INT64_MAX),
    "Sets whose members are at most so many bytes long are stored packed.",
  ),
  directive(
    "zset-max-listpack-entries",
    "zsetMaxListpackEntries",
    integer(0, INT64_MAX),
    "Sorted sets of at most so many members are stored packed.",
    { aliases: ["zset-max-ziplist-entries"] },
  ),
  directive(
    "zset-max-listpack-value",
    "zsetMaxListpackValueBytes",
    memorySize(0, INT64_MAX),
    "Sorted sets whose members are at most so many bytes long are stored packed.",
    { aliases: ["zset-max-ziplist-value"] },
  ),
  directive(
    "hz",
    "hz",
    integer(0, INT32_MAX, [1, 500]),
    "Runs of the housekeeping cycle in a second, 1 to 500.",
  ),
  directive(
    "active-expire-effort",
    "activeExpireEffort",
    integer(1, 10),
    "Share of time spent on removing expired keys, from least to most.",
  ),
  directive(
    "lazyfree-lazy-expire",
    "lazyFreeLazyExpire",
    yesNo,
    "Free large expired values in the background.",
  ),
  directive(
    "lazyfree-lazy-server-del",
    "lazyFreeLazyServerDel",
    yesNo,
    "Free large overwritten values in the background.",
  ),
  directive(
    "lazyfree-lazy-user-del",
    "lazyFreeLazyUserDel",
    yesNo,
    "Let DEL free in the background, as UNLINK does.",
  ),
  directive(
    "lazyfree-lazy-user-flush",
    "lazyFreeLazyUserFlush",
    yesNo,
    "Let FLUSHDB and FLUSHALL without SYNC or ASYNC free in the background.",
  ),
  directive(
    "lazyfree-workers",
    "lazyFreeWorkers",
    integer(0, 16),
    "Most threads that help to free large values; 0 leaves it to the main thread.",
    atStart,
  ),
  directive(
    "loglevel",
    "logLevel",
    oneOf(LOG_LEVELS),
    "Least important messages that are logged.",
  ),
  directive(
    "logfile",
    "logFile",
    text,
    "File that the log is appended to (needs --allow-write); empty for standard output.",
    atStart,
  ),
  directive(
    "log-format",
    "logFormat",
    oneOf(LOG_FORMATS),
    "Log as lines of text or as one JSON object a line.",
    atStart,
  ),
  directive(
    "save",
    "save",
    onlyValue(
      snapshotPoints,
      "",
      'this version of Ravel keeps data in memory alone, so the only value is ""',
    ),
    "Snapshot schedule: empty, as data is kept in memory alone.",
  ),
  directive(
    "appendonly",
    "appendOnly",
    onlyValue(
      yesNo,
      false,
      "this version of Ravel keeps data in memory alone, so the only value is no",
    ),
    "Append-only file: off, as data is kept in memory alone.",
  ),
  directive(
    "plugin",
    "plugins",
    wordList("file …", MAX_PLUGINS, "too many plugins", true),
    "Modules that register more commands (needs --allow-read); may be given several times.",
    atStart,
  ),
];

/** Directives by lower-case name, the aliases among them. */
export const DIRECTIVES_BY_NAME: ReadonlyMap<string, Directive> = new Map(
  DIRECTIVES.flatMap((directive) =>
    [directive.name, ...directive.aliases].map((name) => [name, directive] as const)
  ),
);
