/**
 * Times of expiry in arguments: `EX 10`, `PXAT 1700000000000` and their kin, as instants in
 * milliseconds since 1970.
 */

import { ErrorReply } from "../protocol/error_reply.ts";
import type { Call } from "../server/call.ts";

/** Instants are signed 64-bit milliseconds on the wire; beyond this a double is not exact. */
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The instant that option `i` (EX, PX, EXAT or PXAT) and the number behind it name.
 *
 * @throws {ErrorReply} where that is no positive integer, or the instant has more than 64 bits
 */
export function expireAtMsOf(call: Call, i: number, commandName: string): number {
  const { args } = call;
  const value = call.int64(i + 1);
  const inSeconds = args.is(i, "EX") || args.is(i, "EXAT");
  const isRelative = args.is(i, "EX") || args.is(i, "PX");
  if (value <= 0) throw invalidExpireTime(commandName);
  return toExpireAtMs(value, inSeconds, isRelative ? call.keyspace.nowMs : 0, commandName);
}

/**
 * `value` seconds or milliseconds after `baseMs`.
 *
 * @throws {ErrorReply} where the instant has more than 64 bits
 */
export function toExpireAtMs(
  value: number | bigint,
  inSeconds: boolean,
  baseMs: number,
  commandName: string,
): number {
  if (typeof value === "number") {
    const instant = value * (inSeconds ? 1000 : 1) + baseMs;
    if (Number.isSafeInteger(instant)) return instant;
  }
  const instant = BigInt(value) * (inSeconds ? 1000n : 1n) + BigInt(Math.floor(baseMs));
  if (instant > MAX_INT64 || instant < -MAX_INT64) throw invalidExpireTime(commandName);
  return Number(instant);
}

function invalidExpireTime(commandName: string): ErrorReply {
  return new ErrorReply(`ERR invalid expire time in '${commandName}' command`);
}
