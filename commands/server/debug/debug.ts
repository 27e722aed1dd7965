/**
 * DEBUG: for those who test clients and the server itself. As on Redis its subcommands are not
 * commands of their own.
 *
 * A client that may put the server to sleep can deny everyone its service, so the setting
 * enable-debug-command says who may: nobody, as the default is, everyone, or clients of this machine.
 */

import { ErrorReply } from "../../../protocol/error_reply.ts";
import type { Arguments } from "../../../protocol/arguments.ts";
import type { Call } from "../../../server/execution/call.ts";
import { GlobPattern } from "../../../structures/bytes/glob.ts";
import { unknownForm } from "../../../server/execution/unknown_command.ts";
import { parseMemorySize } from "../../../server/config/number_types.ts";
import { type ArgumentDeclaration, register } from "../../registry.ts";
import { type HelpTopic, replyWithHelp } from "../../help.ts";
import { PROTOCOL_TYPES, replyWithSample } from "./protocol.ts";
import { replyWithClientSizes } from "./client_sizes.ts";
import { populate } from "./populate.ts";
import { replyWithTableOfKey, replyWithTables } from "./tables.ts";
import { describeObject, logListpack, replyWithDigest, replyWithDigests } from "./values.ts";

/** Longest sleep: a slip of the finger is not to stop a server for days. */
const MAX_SLEEP_SECONDS = 3600;

/** More than any number needs. */
const MAX_NUMBER_BYTES = 64;

/** Elements from this size on could not be by themselves in Redis's format. */
const MAX_PACKED_THRESHOLD = 2n ** 32n - 2n ** 20n;

const NOT_A_THRESHOLD = new ErrorReply(
  "ERR argument must be a memory value bigger than 1 and smaller than 4gb",
);
const TOO_LONG = new ErrorReply(`ERR DEBUG SLEEP takes at most ${MAX_SLEEP_SECONDS} seconds`);

const FULL: ArgumentDeclaration = {
  name: "full",
  type: "pure-token",
  token: "FULL",
  optional: true,
};

interface Subcommand extends HelpTopic {
  /** With DEBUG and the subcommand's name; negative: at least so many. */
  readonly arity: number;
  run(call: Call): void;
}

const TOPICS: readonly Subcommand[] = [
  {
    name: "change-repl-id",
    summary: "Gives the data set another name, as if it had become another one.",
    arity: 2,
    run({ reply, server }) {
      server.lifecycle.changeReplicationId();
      reply.ok();
    },
  },
  {
    name: "client-eviction",
    summary: "Answers how many clients take how much memory, where that is limited.",
    arity: 2,
    run: replyWithClientSizes,
  },
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
    run: replyWithDigest,
  },
  {
    name: "digest-value",
    summary: "Answers a digest of the value of each key, zeros where it is missing.",
    arguments: [{ name: "key", type: "key", optional: true, multiple: true }],
    arity: -2,
    run: replyWithDigests,
  },
  {
    name: "dict-resizing",
    summary: "Taken for the sake of tests: tables grow and shrink step by step anyway.",
    arguments: [{ name: "enabled", type: "integer", displayText: "0|1" }],
    arity: 3,
    run: ({ reply }) => reply.ok(),
  },
  {
    name: "error",
    summary: "Replies with an error of that text, for tests of clients.",
    arguments: [{ name: "text", type: "string" }],
    arity: 3,
    run: ({ args, reply }) => reply.error(args.byteString(2).replace(/[\r\n]/g, " ")),
  },
  {
    name: "htstats",
    summary: "Answers how the tables of a database are filled; FULL counts keys bucket by bucket.",
    arguments: [{ name: "database", type: "integer" }, FULL],
    arity: -3,
    run: replyWithTables,
  },
  {
    name: "htstats-key",
    summary: "As HTSTATS, of the table that the key's value is held in.",
    arguments: [{ name: "key", type: "key" }, FULL],
    arity: -3,
    run: replyWithTableOfKey,
  },
  {
    name: "listpack",
    summary: "Writes to the log what a value takes that is held as a listpack.",
    arguments: [{ name: "key", type: "key" }],
    arity: 3,
    run: logListpack,
  },
  {
    name: "log",
    summary: "Writes a message to the server's log.",
    arguments: [{ name: "message", type: "string" }],
    arity: 3,
    run({ args, reply, server }) {
      server.log.warning(`DEBUG LOG: ${args.quoted(2)}`);
      reply.ok();
    },
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
    name: "populate",
    summary: "Makes keys PREFIX:0, PREFIX:1, … with texts as values; what is there stays.",
    arguments: [
      { name: "count", type: "integer" },
      { name: "prefix", type: "string", optional: true },
      { name: "size", type: "integer", optional: true },
    ],
    arity: -3,
    run: populate,
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
  {
    name: "stringmatch-test",
    summary: "Tries random patterns on random texts.",
    arity: 2,
    run: tryPatterns,
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

const PATTERNS = 10_000;
const MAX_PATTERN_BYTES = 32;
const MAX_TEXT_BYTES = 64;
const PATTERN_LETTERS = "*?[]^-\\ab";

/** What matters is that it ends. */
function tryPatterns({ keyspace, reply }: Call): void {
  const letters = new TextEncoder().encode(PATTERN_LETTERS);
  const randomBytes = (most: number) =>
    Uint8Array.from(
      { length: keyspace.randomInt(most + 1) },
      () => letters[keyspace.randomInt(letters.length)],
    );
  for (let i = 0; i < PATTERNS; i++) {
    const pattern = randomBytes(MAX_PATTERN_BYTES);
    const text = randomBytes(MAX_TEXT_BYTES);
    new GlobPattern(pattern, 0, pattern.length).matches(text, 0, text.length);
  }
  reply.status("Apparently Redis did not crash: test passed");
}
