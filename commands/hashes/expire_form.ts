/** HEXPIRE, HPEXPIRE, HEXPIREAT and HPEXPIREAT: fields get a deadline, said in another way. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { MISSING } from "../../server/keyspace/collections.ts";
import type { FieldMap } from "../../structures/field_map/field_map.ts";
import { NO_DEADLINE } from "../../structures/field_map/field_map_operations.ts";
import { oneOf } from "../arguments/one_of.ts";
import type { ArgumentDeclaration } from "../declaration.ts";
import { key } from "../key_spec.ts";
import type { CommandDeclaration } from "../registry.ts";
import { HDEL, HEXPIRE } from "./events.ts";
import { deadlineArgument, FIELDS, firstField, isPast } from "./field_arguments.ts";
import { assignDeadline, prepareDeadlines } from "./field_deadlines.ts";

const BAD_COUNT = new ErrorReply("ERR Parameter `numFields` should be greater than 0");

const NO_FIELD = -2;
const REFUSED = 0;
const ASSIGNED = 1;
const DELETED = 2;

/** On what condition a field gets the deadline. */
const CONDITIONS = ["NX", "XX", "GT", "LT"] as const;
const ALWAYS = -1;
const IF_NONE = 0;
const IF_ANY = 1;
const IF_LATER = 2;

// Of the call under way.
let condition = ALWAYS;
let deadlineMs = 0;
let first = 0;

/** What differs between the commands. */
export interface FieldExpireForm {
  name: string;
  summary: string;
  /** The argument of the time. */
  time: ArgumentDeclaration;
  /** How it is given, as arguments/expiry.ts says. */
  unit: number;
}

/** The declaration of a command that gives fields a deadline. */
export function fieldExpireCommand(form: FieldExpireForm): CommandDeclaration {
  const { time, unit, ...declared } = form;
  return {
    ...declared,
    arity: -6,
    complexity: "O(N log M) with N fields named of M that expire",
    group: "hash",
    since: "7.4.0",
    flags: ["write", "denyoom", "fast"],
    keys: key(1, "RW", "update"),
    arguments: [
      { name: "key", type: "key" },
      time,
      oneOf("condition", ["NX", "XX", "GT", "LT"], { optional: true }),
      FIELDS,
    ],
    members: { first: 5, step: 1 },
    run: (call) => expire(call, unit),
  };
}

function expire(call: Call, unit: number): void {
  const { args, db, keyspace } = call;
  const { hashes } = keyspace;
  hashes.refuseOtherTypes(call, 1);
  deadlineMs = deadlineArgument(call, 2, unit);
  condition = CONDITIONS.findIndex((word) => args.is(3, word));
  first = firstField(call, condition === ALWAYS ? 3 : 4, BAD_COUNT);
  db.reserveFieldExpiry();
  const event = isPast(call, deadlineMs) ? HDEL : HEXPIRE;
  if (hashes.changePresent(call, 1, expireFields, event) === MISSING) tellMissing(call, first);
}

/** Replies that none of the fields from argument `from` on is there. */
export function tellMissing({ count, reply }: Call, from: number): void {
  reply.array(count - from);
  for (let i = from; i < count; i++) reply.integer(NO_FIELD);
}

function expireFields(call: Call, hash: FieldMap): number {
  const { args, count, reply } = call;
  prepareDeadlines(call, hash, first, 1);
  reply.array(count - first);
  let changes = 0;
  for (let i = first; i < count; i++) {
    if (!hash.find(args.bytes, args.start(i), args.length(i))) reply.integer(NO_FIELD);
    else if (!permits(hash.deadlineMs)) reply.integer(REFUSED);
    else {
      assignDeadline(call, hash, deadlineMs);
      reply.integer(isPast(call, deadlineMs) ? DELETED : ASSIGNED);
      changes++;
    }
  }
  return changes;
}

/** Whether a field whose deadline is `currentMs`, none being later than any, may get another. */
function permits(currentMs: number): boolean {
  if (condition === ALWAYS) return true;
  if (currentMs === NO_DEADLINE) return condition !== IF_ANY && condition !== IF_LATER;
  if (condition === IF_NONE) return false;
  if (condition === IF_ANY) return true;
  return condition === IF_LATER ? currentMs < deadlineMs : currentMs > deadlineMs;
}
