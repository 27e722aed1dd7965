/**
 * SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 *
 * The plain form is the hot path: with three arguments no option is looked for.
 */

import { NONE } from "../../structures/arena/arena.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import { SYNTAX_ERROR, WRONG_TYPE } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { keyFlagBits } from "../../server/execution/key_spec.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { expireAtMsOf } from "../arguments/expiry.ts";
import { keyByCall, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";

/** How SET uses its key, without GET and with it. */
const OVERWRITTEN = keyFlagBits(["OW", "update"]);
const READ_AND_WRITTEN = keyFlagBits(["RW", "access", "update"]);

/** Stands for the index of the expiry's option where there is none. */
const NO_EXPIRY = 0;

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
  const { args, db, keyspace, reply } = call;
  keyspace.strings.set(db, call.key(1), args.bytes, args.start(2), args.length(2));
  keyspace.dirty++;
  reply.ok();
}

function setWithOptions(call: Call): void {
  const { args, db, keyspace, reply } = call;
  let onlyIfMissing = false;
  let onlyIfPresent = false;
  let get = false;
  let keepTtl = false;
  let expiryAt = NO_EXPIRY;
  for (let i = 3; i < call.count; i++) {
    if (args.is(i, "NX") && !onlyIfPresent) onlyIfMissing = true;
    else if (args.is(i, "XX") && !onlyIfMissing) onlyIfPresent = true;
    else if (args.is(i, "GET")) get = true;
    else if (args.is(i, "KEEPTTL") && expiryAt === NO_EXPIRY) keepTtl = true;
    else if (!keepTtl && i + 1 < call.count && isExpiry(args, i, expiryAt)) expiryAt = i++;
    else throw SYNTAX_ERROR;
  }
  const expireAtMs = expiryAt === NO_EXPIRY ? 0 : expireAtMsOf(call, expiryAt);
  const key = call.key(1);
  let entry = db.find(key);
  if (get) {
    if (entry === NONE) reply.nil();
    else if (keyspace.entries.type(entry) !== Type.String) throw WRONG_TYPE;
    else keyspace.strings.reply(entry, reply);
  }
  if (onlyIfMissing && entry !== NONE || onlyIfPresent && entry === NONE) {
    if (!get) reply.nil();
    return;
  }
  entry = keyspace.strings.write(db, entry, key, args.bytes, args.start(2), args.length(2));
  if (expiryAt !== NO_EXPIRY) db.setExpireAtMs(entry, expireAtMs);
  else if (!keepTtl) db.persist(entry);
  keyspace.dirty++;
  if (!get) reply.ok();
}

/** Whether argument `i` is an expiry's option: the first, or the one at `before` once more. */
function isExpiry(args: Arguments, i: number, before: number): boolean {
  return isOption(args, i, before, "EX") || isOption(args, i, before, "PX") ||
    isOption(args, i, before, "EXAT") || isOption(args, i, before, "PXAT");
}

function isOption(args: Arguments, i: number, before: number, token: string): boolean {
  return args.is(i, token) && (before === NO_EXPIRY || args.is(before, token));
}
