/** EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT: a key gets an expiry, said in another way. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { toInstant } from "../arguments/expiry.ts";
import { oneOf } from "../arguments/one_of.ts";
import { OptionCursor } from "../arguments/option_cursor.ts";
import { key } from "../key_spec.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";

const options = new OptionCursor();

// When an expiry may replace what a key has: bits, as some go together.
const IF_NONE = 1; // NX
const IF_ANY = 2; // XX
const IF_LATER = 4; // GT
const IF_EARLIER = 8; // LT

const NOT_WITH_NX = new ErrorReply(
  "ERR NX and XX, GT or LT options at the same time are not compatible",
);
const NOT_BOTH_GT_AND_LT = new ErrorReply(
  "ERR GT and LT options at the same time are not compatible",
);

/** What differs between EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT. */
export interface ExpireForm {
  name: string;
  since: string;
  summary: string;
  /** The argument of the time. */
  time: ArgumentDeclaration;
  /** How it is given, as arguments/expiry.ts says. */
  unit: number;
}

/** The declaration of a command that gives a key an expiry. */
export function expireCommand(form: ExpireForm): CommandDeclaration {
  const { time, unit, ...declared } = form;
  return {
    ...declared,
    arity: -3,
    complexity: "O(log N) with N expiring keys",
    group: "generic",
    flags: ["write", "fast"],
    keys: key(1, "RW", "update"),
    history: [["7.0.0", "NX, XX, GT and LT."]],
    arguments: [
      { name: "key", type: "key" },
      time,
      oneOf("condition", ["NX", "XX", "GT", "LT"], { optional: true, since: "7.0.0" }),
    ],
    run: (call) => expire(call, unit),
  };
}

function expire(call: Call, unit: number): void {
  const { db, keyspace, reply } = call;
  const conditions = call.count === 3 ? 0 : conditionsOf(call);
  const expireAtMs = toInstant(call, call.int64(2), unit);
  const entry = db.change(call.key(1));
  const isAllowed = entry !== NONE &&
    (conditions === 0 || permits(conditions, db.exactExpireAtMs(entry), expireAtMs));
  if (!isAllowed) return reply.integer(0);
  if (expireAtMs <= keyspace.nowMs) db.delete(call.key(1), keyspace.lazyExpire);
  else db.setExpireAtMs(entry, expireAtMs);
  reply.integer(1);
}

function conditionsOf({ args }: Call): number {
  let conditions = 0;
  options.begin(args, 3);
  while (options.hasMore) {
    if (options.flag("NX")) conditions |= IF_NONE;
    else if (options.flag("XX")) conditions |= IF_ANY;
    else if (options.flag("GT")) conditions |= IF_LATER;
    else if (options.flag("LT")) conditions |= IF_EARLIER;
    else throw new ErrorReply(`ERR Unsupported option ${args.quoted(options.at)}`);
  }
  if ((conditions & IF_NONE) !== 0 && conditions !== IF_NONE) throw NOT_WITH_NX;
  if ((conditions & IF_LATER) !== 0 && (conditions & IF_EARLIER) !== 0) throw NOT_BOTH_GT_AND_LT;
  return conditions;
}

/** Whether `expireAtMs` may replace `currentMs`, which is -1 for none: later than any. */
function permits(
  conditions: number,
  currentMs: number | bigint,
  expireAtMs: number | bigint,
): boolean {
  if (currentMs === -1) return (conditions & (IF_ANY | IF_LATER)) === 0;
  if ((conditions & IF_NONE) !== 0) return false;
  if ((conditions & IF_LATER) !== 0) return expireAtMs > currentMs;
  return (conditions & IF_EARLIER) === 0 || expireAtMs < currentMs;
}
