/**
 * SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 *
 * The plain form is the hot path: with three arguments no option is looked for.
 */

import { NONE } from "../../structures/arena/arena.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { keyFlagBits } from "../../server/execution/key_spec.ts";
import { KEEP_EXPIRY, NO_EXPIRY } from "../../server/keyspace/strings.ts";
import { expiryOption, instantArgument } from "../arguments/expiry.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { keyByCall, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SET } from "./events.ts";

/** How SET uses its key, without GET and with it. */
const OVERWRITTEN = keyFlagBits(["OW", "update"]);
const READ_AND_WRITTEN = keyFlagBits(["RW", "access", "update"]);

const options = new OptionCursor();

register({
  name: "set",
  arity: -3,
  complexity: "O(1)",
  group: "string",
  since: "1.0.0",
  summary: "Makes a key hold a string, whatever it held before.",
  flags: ["write", "denyoom"],
  keys: withNotes(
    keyByCall(1, ["RW", "access", "update"], keyFlagsOfCall),
    "Only GET makes it read and access.",
  ),
  history: [
    ["2.6.12", "EX, PX, NX and XX."],
    ["6.0.0", "KEEPTTL."],
    ["6.2.0", "GET, EXAT and PXAT."],
    ["7.0.0", "NX together with GET."],
  ],
  arguments: [
    { name: "key", type: "key" },
    { name: "value", type: "string" },
    {
      name: "condition",
      type: "oneof",
      optional: true,
      since: "2.6.12",
      arguments: [
        { name: "nx", type: "pure-token", token: "NX" },
        { name: "xx", type: "pure-token", token: "XX" },
      ],
    },
    { name: "get", type: "pure-token", token: "GET", optional: true, since: "6.2.0" },
    {
      name: "expiration",
      type: "oneof",
      optional: true,
      arguments: [
        { name: "seconds", type: "integer", token: "EX", since: "2.6.12" },
        { name: "milliseconds", type: "integer", token: "PX", since: "2.6.12" },
        { name: "unix-time-seconds", type: "unix-time", token: "EXAT", since: "6.2.0" },
        { name: "unix-time-milliseconds", type: "unix-time", token: "PXAT", since: "6.2.0" },
        { name: "keepttl", type: "pure-token", token: "KEEPTTL", since: "6.0.0" },
      ],
    },
  ],
  run(call) {
    if (call.count === 3) return setPlainly(call);
    setWithOptions(call);
  },
});

function keyFlagsOfCall(args: Arguments): number {
  for (let i = 3; i < args.count; i++) if (args.is(i, "GET")) return READ_AND_WRITTEN;
  return OVERWRITTEN;
}

function setPlainly(call: Call): void {
  const { args } = call;
  call.keyspace.strings.set(call, 1, args.bytes, args.start(2), args.length(2), SET);
  call.reply.ok();
}

function setWithOptions(call: Call): void {
  const { args, db, keyspace: { strings }, reply } = call;
  let onlyIfMissing = false;
  let onlyIfPresent = false;
  let get = false;
  let keepsExpiry = false;
  let unit = 0;
  let timeAt = 0;
  options.begin(args, 3);
  while (options.hasMore) {
    if (!onlyIfPresent && options.flag("NX")) onlyIfMissing = true;
    else if (!onlyIfMissing && options.flag("XX")) onlyIfPresent = true;
    else if (options.flag("GET")) get = true;
    else if (unit === 0 && options.flag("KEEPTTL")) keepsExpiry = true;
    else {
      const found = keepsExpiry ? 0 : expiryOption(options);
      // One and the same may be given again; the last counts.
      if (found === 0 || unit !== 0 && found !== unit) throw SYNTAX_ERROR;
      unit = found;
      timeAt = options.valueAt;
    }
  }
  let expiry: number | bigint = keepsExpiry ? KEEP_EXPIRY : NO_EXPIRY;
  if (unit !== 0) expiry = instantArgument(call, timeAt, unit);
  const key = call.key(1);
  if (get) {
    // As in Redis, SET GET reads as GET does, and then writes.
    const old = strings.read(call, 1);
    if (old === undefined) reply.nil();
    else reply.bulkView(old);
  }
  const entry = db.change(key);
  if (onlyIfMissing && entry !== NONE || onlyIfPresent && entry === NONE) {
    if (!get) reply.nil();
    return;
  }
  strings.write(db, entry, key, args.bytes, args.start(2), args.length(2), expiry, SET);
  if (!get) reply.ok();
}
