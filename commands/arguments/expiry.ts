/**
 * Expiry, as commands set it and tell of it: `EX 10` and `PXAT 1700000000000`, EXPIRE and TTL and
 * their kin. All of them deal in instants, milliseconds since 1970.
 *
 * On the wire an instant has 64 bits; here it is a double, exact up to the year 287,000. A later one
 * is accepted and rounded, and the last of all, 2^63 - 1, is told as it was given.
 */

import { NONE } from "../../structures/arena/arena.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { key } from "../key_spec.ts";
import type { ArgumentDeclaration, CommandDeclaration } from "../registry.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/**
 * The instant that option `i` (EX, PX, EXAT or PXAT) and the number behind it name.
 *
 * @throws {ErrorReply} where that is no positive integer, or the instant has more than 64 bits
 */
export function expireAtMsOf(call: Call, i: number): number {
  const { args } = call;
  const value = call.int64(i + 1);
  const inSeconds = args.is(i, "EX") || args.is(i, "EXAT");
  const isRelative = args.is(i, "EX") || args.is(i, "PX");
  if (value <= 0) throw invalidExpireTime(call);
  return toExpireAtMs(call, value, inSeconds, isRelative);
}

/**
 * The instant of `value`, in seconds or milliseconds, from now or from 1970 on.
 *
 * @throws {ErrorReply} where it has more than 64 bits
 */
function toExpireAtMs(
  call: Call,
  value: number | bigint,
  inSeconds: boolean,
  isRelative: boolean,
): number {
  const baseMs = isRelative ? call.keyspace.nowMs : 0;
  if (typeof value === "number") {
    const instant = value * (inSeconds ? 1000 : 1) + baseMs;
    if (Number.isSafeInteger(instant)) return instant;
  }
  const ms = BigInt(value) * (inSeconds ? 1000n : 1n);
  const instant = ms + BigInt(baseMs);
  if (ms < INT64_MIN || instant > INT64_MAX) throw invalidExpireTime(call);
  return Number(instant);
}

function invalidExpireTime(call: Call): ErrorReply {
  return new ErrorReply(`ERR invalid expire time in '${call.command.fullName}' command`);
}

// ---- EXPIRE and its kin

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
  inSeconds: boolean;
  /** Counted from now on, not from 1970 on. */
  isRelative: boolean;
}

/** The declaration of a command that gives a key an expiry. */
export function expireCommand(form: ExpireForm): CommandDeclaration {
  const { name, since, summary, time, inSeconds, isRelative } = form;
  return {
    name,
    arity: -3,
    complexity: "O(log N) with N expiring keys",
    group: "generic",
    since,
    summary,
    flags: ["write", "fast"],
    keys: key(1, "RW", "update"),
    history: [["7.0.0", "NX, XX, GT and LT."]],
    arguments: [
      { name: "key", type: "key" },
      time,
      {
        name: "condition",
        type: "oneof",
        optional: true,
        since: "7.0.0",
        arguments: [
          { name: "nx", type: "pure-token", token: "NX" },
          { name: "xx", type: "pure-token", token: "XX" },
          { name: "gt", type: "pure-token", token: "GT" },
          { name: "lt", type: "pure-token", token: "LT" },
        ],
      },
    ],
    run: (call) => expire(call, inSeconds, isRelative),
  };
}

function expire(call: Call, inSeconds: boolean, isRelative: boolean): void {
  const { db, keyspace, reply } = call;
  const conditions = call.count === 3 ? 0 : conditionsOf(call);
  const expireAtMs = toExpireAtMs(call, call.int64(2), inSeconds, isRelative);
  const entry = db.find(call.key(1));
  if (entry === NONE || !permits(conditions, db.expireAtMs(entry), expireAtMs)) {
    return reply.integer(0);
  }
  if (expireAtMs <= keyspace.nowMs) db.delete(entry, keyspace.lazyExpire);
  else db.setExpireAtMs(entry, expireAtMs);
  keyspace.dirty++;
  reply.integer(1);
}

function conditionsOf(call: Call): number {
  const { args } = call;
  let conditions = 0;
  for (let i = 3; i < call.count; i++) {
    if (args.is(i, "NX")) conditions |= IF_NONE;
    else if (args.is(i, "XX")) conditions |= IF_ANY;
    else if (args.is(i, "GT")) conditions |= IF_LATER;
    else if (args.is(i, "LT")) conditions |= IF_EARLIER;
    else throw new ErrorReply(`ERR Unsupported option ${args.text(i)}`);
  }
  if ((conditions & IF_NONE) !== 0 && conditions !== IF_NONE) throw NOT_WITH_NX;
  if ((conditions & IF_LATER) !== 0 && (conditions & IF_EARLIER) !== 0) throw NOT_BOTH_GT_AND_LT;
  return conditions;
}

/** Whether `expireAtMs` may replace `currentMs`, which is -1 for none: later than any. */
function permits(conditions: number, currentMs: number, expireAtMs: number): boolean {
  if (conditions === 0) return true;
  if (currentMs === -1) return (conditions & (IF_ANY | IF_LATER)) === 0;
  if ((conditions & IF_NONE) !== 0) return false;
  if ((conditions & IF_LATER) !== 0) return expireAtMs > currentMs;
  return (conditions & IF_EARLIER) === 0 || expireAtMs < currentMs;
}

// ---- TTL and its kin

const NO_KEY = -2;
const NO_EXPIRY = -1;

/** What differs between TTL, PTTL, EXPIRETIME and PEXPIRETIME. */
export interface ExpiryQueryForm {
  name: string;
  since: string;
  summary: string;
  inSeconds: boolean;
  /** Counted from now on, not from 1970 on. */
  isRelative: boolean;
}

/** The declaration of a command that tells when a key expires. */
export function expiryQueryCommand(form: ExpiryQueryForm): CommandDeclaration {
  const { name, since, summary, inSeconds, isRelative } = form;
  return {
    name,
    arity: 2,
    complexity: "O(1)",
    group: "generic",
    since,
    summary,
    flags: ["readonly", "fast"],
    tips: isRelative ? ["nondeterministic_output"] : [],
    history: isRelative ? [["2.8.0", "-2 for a key that is not there."]] : [],
    keys: key(1, "RO", "access"),
    arguments: [{ name: "key", type: "key" }],
    run: (call) => tellExpiry(call, inSeconds, isRelative),
  };
}

function tellExpiry(call: Call, inSeconds: boolean, isRelative: boolean): void {
  const { db, keyspace, reply } = call;
  const entry = db.inspect(call.key(1));
  if (entry === NONE) return reply.integer(NO_KEY);
  const expireAtMs = db.expireAtMs(entry);
  if (expireAtMs === -1) return reply.integer(NO_EXPIRY);
  const ms = isRelative ? Math.max(0, expireAtMs - keyspace.nowMs) : expireAtMs;
  replyTime(reply, inSeconds ? Math.floor((ms + 500) / 1000) : ms);
}

function replyTime(reply: Reply, time: number): void {
  if (Number.isSafeInteger(time)) return reply.integer(time);
  const wide = BigInt(time);
  reply.bigInteger(wide > INT64_MAX ? INT64_MAX : wide);
}
