/**
 * SET key value [NX | XX | IFEQ value | IFNE value | IFDEQ digest | IFDNE digest] [GET]
 *   [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 *
 * The plain form is the hot path: with three arguments no option is looked for.
 */

import { NONE, type Ref } from "../../structures/arena/arena.ts";
import type { Arguments } from "../../protocol/arguments.ts";
import type { Call } from "../../server/execution/call.ts";
import { keyFlagBits } from "../../server/execution/key_spec.ts";
import { Type } from "../../server/keyspace/entry.ts";
import { keyByCall, withNotes } from "../key_spec.ts";
import { register } from "../registry.ts";
import { SET } from "./events.ts";
import { CONDITION_ARGUMENTS, holds, holdsForNone, namesCondition } from "./value_condition.ts";
import { WriteOptions } from "./write_options.ts";

/** How SET uses its key: plainly, if it holds a value, and with GET. */
const OVERWRITTEN = keyFlagBits(["OW", "update"]);
const COMPARED_AND_WRITTEN = keyFlagBits(["RW", "update"]);
const READ_AND_WRITTEN = keyFlagBits(["RW", "access", "update"]);

const options = new WriteOptions(true);

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
    "Only GET makes it access, and only GET and conditions on the value make it read.",
  ),
  history: [
    ["2.6.12", "EX, PX, NX and XX."],
    ["6.0.0", "KEEPTTL."],
    ["6.2.0", "GET, EXAT and PXAT."],
    ["7.0.0", "NX together with GET."],
    ["8.4.0", "IFEQ, IFNE, IFDEQ and IFDNE."],
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
        ...CONDITION_ARGUMENTS.map((argument) => ({ ...argument, since: "8.4.0" })),
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
  return namesCondition(args, 3) ? COMPARED_AND_WRITTEN : OVERWRITTEN;
}

function setPlainly(call: Call): void {
  const { args } = call;
  call.keyspace.strings.set(call, 1, args.bytes, args.start(2), args.length(2), SET);
  call.reply.ok();
}

function setWithOptions(call: Call): void {
  const { args, db, keyspace: { strings }, reply } = call;
  options.read(args, 3);
  const expiry = options.expiry(call);
  const { get } = options;
  if (get) {
    // As in Redis, SET GET reads as GET does, and then writes.
    const old = strings.read(call, 1);
    if (old === undefined) reply.nil();
    else reply.bulkView(old);
  }
  const key = call.key(1);
  const entry = db.change(key);
  if (!permits(call, entry)) {
    if (!get) reply.nil();
    return;
  }
  strings.write(db, entry, key, args.bytes, args.start(2), args.length(2), expiry, SET);
  if (!get) reply.ok();
}

/** Whether the options permit that a key is written whose entry that is. */
function permits(call: Call, entry: Ref): boolean {
  const { comparedAt, condition, onlyIfMissing, onlyIfPresent } = options;
  if (condition === 0) return entry === NONE ? !onlyIfPresent : !onlyIfMissing;
  if (entry === NONE) return holdsForNone(condition);
  // As in Redis, comparing is a use of the key.
  return holds(call, condition, comparedAt, call.db.readOf(call.key(1), Type.String));
}
