/**
 * DEBUG: for those who test clients and the server itself. As on Redis its subcommands are not
 * commands of their own.
 *
 * A client that may put the server to sleep can deny everyone its service, so the setting
 * enable-debug-command says who may: nobody, as the default is, everyone, or clients of this machine.
 */

import { NONE, type Ref } from "../../structures/arena/arena.ts";
import { ListEncoding } from "../../structures/list/list.ts";
import { clampedSize } from "../../structures/list/list_limits.ts";
import { SHA1_BYTES } from "../../structures/sha1.ts";
import { Type } from "../../server/keyspace/entry.ts";
import type { Keyspace } from "../../server/keyspace/keyspace.ts";
import { ErrorReply, NO_SUCH_KEY } from "../../protocol/error_reply.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import type { Call } from "../../server/execution/call.ts";
import { unknownForm } from "../../server/execution/unknown_command.ts";
import { parseMemorySize } from "../../server/config/number_types.ts";
import { digestAll, digestValue } from "../../server/keyspace/digest.ts";
import { serializedLength } from "../../server/keyspace/rdb/value_length.ts";
import { register } from "../registry.ts";
import { type HelpTopic, replyWithHelp } from "../help.ts";
import { PROTOCOL_TYPES, replyWithSample } from "./debug_protocol.ts";
import { encodingName, idleSeconds, referenceCount } from "./object.ts";

/** Longest sleep: a slip of the finger is not to stop a server for days. */
const MAX_SLEEP_SECONDS = 3600;

/** More than any number needs. */
const MAX_NUMBER_BYTES = 64;

/** Elements from this size on could not be by themselves in Redis's format. */
const MAX_PACKED_THRESHOLD = 2n ** 32n - 2n ** 20n;

const NO_LISTPACK = new ErrorReply("ERR Not a listpack encoded object.");
const NOT_A_THRESHOLD = new ErrorReply(
  "ERR argument must be a memory value bigger than 1 and smaller than 4gb",
);
const TOO_LONG = new ErrorReply(`ERR DEBUG SLEEP takes at most ${MAX_SLEEP_SECONDS} seconds`);

interface Subcommand extends HelpTopic {
  /** With DEBUG and the subcommand's name; negative: at least so many. */
  readonly arity: number;
  run(call: Call): void;
}

const TOPICS: readonly Subcommand[] = [
  {
    name: "config-rewrite-force-all",
    summary: "Does what CONFIG REWRITE does, and adds settings that have their default.",
    arity: 2,
    run({ reply, server }) {
      const refusal = server.config.rewrite(true);
      if (refusal !== undefined) throw new ErrorReply(refusal);
      reply.ok();
    },
  },
  {
    name: "digest",
    summary:
      "Answers a digest of all keys of all databases, the same as redis-server's of the same.",
    arity: 2,
    run: ({ keyspace, reply }) => reply.status(encodeHex(digestAll(keyspace))),
  },
  {
    name: "digest-value",
    summary: "Answers a digest of the value of each key, zeros where it is missing.",
    arguments: [{ name: "key", type: "key", optional: true, multiple: true }],
    arity: -2,
    run: replyWithDigests,
  },
  {
    name: "listpack",
    summary: "Writes to the log what a value takes that is held as a listpack.",
    arguments: [{ name: "key", type: "key" }],
    arity: 3,
    run: logListpack,
  },
  {
    name: "object",
    summary: "Answers what is known of how the key's value is held.",
    arguments: [{ name: "key", type: "key" }],
    arity: 3,
    run: describeObject,
  },
  {
    name: "pause-cron",
    summary: "With 1, nothing is done any more that no client asks for; 0 is the default.",
    arguments: [{ name: "paused", type: "integer", displayText: "0|1" }],
    arity: 3,
    run(call) {
      call.server.upkeep.isPaused = numberAt(call.args, 2) !== 0;
      call.reply.ok();
    },
  },
  {
    name: "protocol",
    summary: "Replies with a value of the type, for tests of clients.",
    arguments: [{ name: "type", type: "string", displayText: PROTOCOL_TYPES.join("|") }],
    arity: 3,
    run: replyWithSample,
  },
  {
    name: "quicklist-packed-threshold",
    summary:
      "Taken for the sake of Redis's tests: large elements of lists are held by themselves anyway.",
    arguments: [{ name: "size", type: "string" }],
    arity: 3,
    run: setPackedThreshold,
  },
  {
    name: "replybuffer",
    summary:
      "Taken for the sake of Redis's tests: buffers of replies are lent, so none is resized.",
    arguments: [{
      name: "setting",
      type: "oneof",
      arguments: [
        {
          name: "peak-reset-time",
          type: "string",
          token: "PEAK-RESET-TIME",
          displayText: "NEVER|RESET|milliseconds",
        },
        { name: "resizing", type: "integer", token: "RESIZING", displayText: "0|1" },
      ],
    }],
    arity: 4,
    run: setReplyBuffer,
  },
  {
    name: "set-active-expire",
    summary: "With 0, expired keys are collected only when they are asked for; 1 is the default.",
    arguments: [{ name: "enabled", type: "integer", displayText: "0|1" }],
    arity: 3,
    run(call) {
      call.server.upkeep.activeExpire = numberAt(call.args, 2) !== 0;
      call.reply.ok();
    },
  },
  {
    name: "set-disable-deny-scripts",
    summary: "With 1, scripts may call every command, such as CONFIG; 0 is the default.",
    arguments: [{ name: "disabled", type: "integer", displayText: "0|1" }],
    arity: 3,
    run(call) {
      call.server.scripting.calls.allowsAll = numberAt(call.args, 2) !== 0;
      call.reply.ok();
    },
  },
  {
    name: "sleep",
    summary: "Stops the whole server for that long; decimals are taken.",
    arguments: [{ name: "seconds", type: "double" }],
    arity: 3,
    run: sleep,
  },
];

const HELP: Subcommand = {
  name: "help",
  summary: "",
  arity: 2,
  run: ({ reply }) => replyWithHelp(reply, "debug", TOPICS),
};

register({
  name: "debug",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "server",
  since: "1.0.0",
  summary: "Holds the commands for debugging.",
  flags: ["admin", "noscript", "loading", "stale", "protected"],
  isSystemCommand: true,
  run(call) {
    const { args, count } = call;
    const found = [...TOPICS, HELP].find(({ name }) => args.is(1, name.toUpperCase()));
    if (found === undefined || (found.arity < 0 ? count < -found.arity : found.arity !== count)) {
      throw new ErrorReply(unknownForm(args));
    }
    found.run(call);
  },
});

/** Argument `i` as a number, 0 where it is none. */
function numberAt(args: Arguments, i: number): number {
  return args.safeInteger(i) || 0;
}

function setReplyBuffer(call: Call): void {
  const { args, reply } = call;
  if (args.is(2, "PEAK-RESET-TIME")) {
    if (!args.is(3, "NEVER") && !args.is(3, "RESET")) call.int64(3);
  } else if (!args.is(2, "RESIZING")) {
    throw new ErrorReply(unknownForm(args));
  }
  reply.ok();
}

function setPackedThreshold({ args, reply }: Call): void {
  const size = parseMemorySize(args.byteString(2, MAX_NUMBER_BYTES));
  if (size === undefined || size > MAX_PACKED_THRESHOLD) throw NOT_A_THRESHOLD;
  reply.ok();
}

function replyWithDigests(call: Call): void {
  const { count, db, keyspace, reply } = call;
  reply.array(count - 2);
  for (let i = 2; i < count; i++) {
    const digest = new Uint8Array(SHA1_BYTES);
    // As on Redis, what has expired and is still there counts.
    const entry = db.locate(call.key(i));
    if (entry !== NONE) digestValue(keyspace, entry, digest);
    reply.status(encodeHex(digest));
  }
}

function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Waits where nothing else can run, as a command that takes long would. */
function sleep({ args, client, keyspace, reply }: Call): void {
  const seconds = Number.parseFloat(args.byteString(2, MAX_NUMBER_BYTES));
  if (seconds > MAX_SLEEP_SECONDS) throw TOO_LONG;
  if (seconds > 0) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
    // For a script time stands still.
    if (!client.isScript) keyspace.updateClock();
  }
  reply.ok();
}

/** The reply is Redis's, whose standard output is its log unless it has a file. */
function logListpack(call: Call): void {
  const { db, keyspace, reply, server } = call;
  const entry = db.peek(call.key(2));
  if (entry === NONE) throw NO_SUCH_KEY;
  if (encodingName(keyspace, entry) !== "listpack") throw NO_LISTPACK;
  const serializedBytes = serializedLength(keyspace, entry, false);
  const memoryBytes = keyspace.values.memoryBytes(entry);
  server.log.notice("a listpack", { serializedBytes, memoryBytes });
  reply.status("Listpack structure printed on stdout");
}

/** The value's address is where its entry stands in the arena. */
function describeObject(call: Call): void {
  const { db, keyspace, reply, server } = call;
  // What has expired and is still there is told.
  const entry = db.locate(call.key(2));
  if (entry === NONE) throw NO_SUCH_KEY;
  const bytes = serializedLength(keyspace, entry, server.config.rdbCompression);
  const address = (entry >>> 0) * 8;
  reply.status(
    `Value at:0x${address.toString(16).padStart(12, "0")} refcount:${
      referenceCount(call, entry)
    } ` +
      `encoding:${encodingName(keyspace, entry)} ` +
      `serializedlength:${bytes} ` +
      `lru:${keyspace.entries.clock(entry)} lru_seconds_idle:${idleSeconds(keyspace, entry)}` +
      chainDescription(keyspace, entry),
  );
}

/** What is known of a long list besides; nothing of anything else. */
function chainDescription({ entries, limits, lists }: Keyspace, entry: Ref): string {
  if (entries.type(entry) !== Type.List || entries.encoding(entry) !== ListEncoding.Quicklist) {
    return "";
  }
  const list = lists.open(entry);
  const { compressDepth = 0, maxListpackSize } = limits.lists;
  const nodes = list.listpackCount;
  return ` ql_nodes:${nodes} ql_avg_node:${(list.count / nodes).toFixed(2)} ` +
    `ql_listpack_max:${clampedSize(maxListpackSize)} ql_compressed:${compressDepth > 0 ? 1 : 0} ` +
    `ql_uncompressed_size:${list.listpackBytes()}`;
}
