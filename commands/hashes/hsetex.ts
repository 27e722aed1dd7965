/**
 * HSETEX key [FNX | FXX] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 *   FIELDS numfields field value [field value …]
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import { DEL, NEW } from "../../server/keyspace/key_event.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { NO_DEADLINE } from "../../structures/field_map/field_map_operations.ts";
import { expirationArgument, FROM_NOW, IN_MILLISECONDS, IN_SECONDS } from "../arguments/expiry.ts";
import { oneOf } from "../arguments/one_of.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { HDEL, HEXPIRE, HSET } from "./events.ts";
import { deadlineArgument, isPast } from "./field_arguments.ts";
import { assignDeadline, prepareDeadlines } from "./field_deadlines.ts";

const NO_TIME = new ErrorReply("ERR missing expire time");
const ONE_CONDITION = new ErrorReply("ERR Only one of FXX or FNX arguments can be specified");
const ONE_EXPIRY = new ErrorReply(
  "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified",
);
const BAD_COUNT = new ErrorReply("ERR invalid number of fields");
const MAX_COUNT = 2n ** 31n - 1n;

/** Words before a time, with how it is given. */
const TIMES: readonly (readonly [word: string, unit: number])[] = [
  ["EX", IN_SECONDS | FROM_NOW],
  ["PX", IN_MILLISECONDS | FROM_NOW],
  ["EXAT", IN_SECONDS],
  ["PXAT", IN_MILLISECONDS],
];

// Of the call under way: what is given, and whether the fields were set.
let ifNone = false;
let ifAll = false;
let keeps = false;
let deadlineMs = NO_DEADLINE;
let first = 0;
let isDone = false;

register({
  name: "hsetex",
  arity: -6,
  complexity: "O(N log M) with N fields named of M that expire",
  group: "hash",
  since: "8.0.0",
  summary: "Gives fields of a hash values, and an expiry.",
  flags: ["write", "denyoom", "fast"],
  keys: key(1, "RW", "update"),
  arguments: [
    { name: "key", type: "key" },
    oneOf("condition", ["FNX", "FXX"], { optional: true }),
    expirationArgument("KEEPTTL"),
    {
      name: "fields",
      type: "block",
      token: "FIELDS",
      arguments: [
        { name: "numfields", type: "integer" },
        {
          name: "data",
          type: "block",
          multiple: true,
          arguments: [
            { name: "field", type: "string" },
            { name: "value", type: "string" },
          ],
        },
      ],
    },
  ],
  members: { first: 6, step: 2 },
  run(call) {
    readArguments(call);
    isDone = false;
    if (deadlineMs !== NO_DEADLINE && isPast(call, deadlineMs)) setInThePast(call);
    else setFields(call);
    call.reply.integer(isDone ? 1 : 0);
  },
});

/** Reads all that is given. @throws {ErrorReply} */
function readArguments(call: Call): void {
  const { args, count } = call;
  ifNone = ifAll = keeps = false;
  deadlineMs = NO_DEADLINE;
  for (let i = 2; i < count; i++) {
    if (args.is(i, "FIELDS")) return readFields(call, i);
    const time = TIMES.find(([word]) => args.is(i, word));
    if (time !== undefined) {
      if (keeps || deadlineMs !== NO_DEADLINE) throw ONE_EXPIRY;
      if (++i === count) throw NO_TIME;
      deadlineMs = deadlineArgument(call, i, time[1]);
    } else if (args.is(i, "KEEPTTL")) {
      if (keeps || deadlineMs !== NO_DEADLINE) throw ONE_EXPIRY;
      keeps = true;
    } else if (args.is(i, "FNX") || args.is(i, "FXX")) {
      if (ifNone || ifAll) throw ONE_CONDITION;
      ifNone = args.is(i, "FNX");
      ifAll = !ifNone;
    } else throw new ErrorReply(`ERR unknown argument: ${args.quoted(i)}`);
  }
  throw call.wrongArity();
}

/** Reads the number behind the word in argument `at`. */
function readFields(call: Call, at: number): void {
  const { args, count } = call;
  if (at >= count - 3) throw call.wrongArity();
  const given = args.int64(at + 1);
  if (given === undefined || given < 1n || given > MAX_COUNT) throw BAD_COUNT;
  first = at + 2;
  if (given * 2n !== BigInt(count - first)) throw call.wrongArity();
}

/** Whether the fields may be set: all are there, or none, or it does not matter. */
function isPermitted({ args, count }: Call, hash: FieldMap): boolean {
  if (!ifAll && !ifNone) return true;
  for (let i = first; i < count; i += 2) {
    if (hash.find(args.bytes, args.start(i), args.length(i)) !== ifAll) return false;
  }
  return true;
}

function setFields(call: Call): void {
  const { db, keyspace } = call;
  if (deadlineMs !== NO_DEADLINE) db.reserveFieldExpiry();
  keyspace.hashes.change(call, 1, set, HSET);
  if (isDone && deadlineMs !== NO_DEADLINE) {
    keyspace.changes.happened(db.index, call.key(1), HEXPIRE);
  }
}

function set(call: Call, hash: FieldMap): number {
  if (!isPermitted(call, hash)) return 0;
  const { args, count } = call;
  const { bytes } = args;
  const fields = (count - first) / 2;
  const expires = deadlineMs !== NO_DEADLINE;
  hash.prepare(fields);
  if (expires) prepareDeadlines(call, hash, first, 2);
  for (let i = first; i < count; i += 2) {
    const start = args.start(i);
    const length = args.length(i);
    hash.set(bytes, start, length, bytes, args.start(i + 1), args.length(i + 1), keeps || expires);
    if (expires && hash.find(bytes, start, length)) assignDeadline(call, hash, deadlineMs);
  }
  isDone = true;
  return fields;
}

/** Fields that expire as soon as they are set: it is told that they were, and they are gone. */
function setInThePast(call: Call): void {
  const { count, db, keyspace } = call;
  const { changes, hashes } = keyspace;
  if (hashes.changePresent(call, 1, remove, HDEL) !== MISSING || ifAll) return;
  isDone = true;
  keyspace.expiredSubkeys += (count - first) / 2;
  if (!changes.count((count - first) / 2)) return;
  for (const event of [NEW, HSET, HDEL, DEL]) changes.happened(db.index, call.key(1), event);
}

function remove(call: Call, hash: FieldMap): number {
  if (!isPermitted(call, hash)) return 0;
  const { args, count, db, keyspace } = call;
  const fields = (count - first) / 2;
  hash.makeExpiring();
  for (let i = first; i < count; i += 2) hash.remove(args.bytes, args.start(i), args.length(i));
  keyspace.expiredSubkeys += fields;
  keyspace.changes.happened(db.index, call.key(1), HSET);
  isDone = true;
  return fields;
}
