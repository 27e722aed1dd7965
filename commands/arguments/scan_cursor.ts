/** Cursors of SCAN and its kin in arguments. */

import { INVALID_CURSOR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { UINT64_MAX } from "../../structures/numbers/int64.ts";

const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Digits that a double holds in any case. */
const SAFE_DIGITS = 15;

/**
 * The low 32 bits of argument `i` as a cursor, which is all that a table looks at. Cursors are
 * unsigned 64-bit decimals as C reads them: leading zeros and a sign are allowed, a NUL ends them.
 *
 * @throws {ErrorReply} INVALID_CURSOR
 */
export function cursorArgument(call: Call, i: number): number {
  const { bytes } = call.args;
  const start = call.args.start(i);
  const end = start + call.args.length(i);
  let at = start;
  if (at === end || bytes[at] === 0) return 0;
  const isNegative = bytes[at] === MINUS;
  if (isNegative || bytes[at] === PLUS) at++;
  if (!isDigitAt(bytes, at, end)) throw INVALID_CURSOR;
  while (at < end && bytes[at] === ZERO) at++;
  const digitsStart = at;
  let value = 0;
  while (isDigitAt(bytes, at, end)) value = value * 10 + bytes[at++] - ZERO;
  if (at < end && bytes[at] !== 0) throw INVALID_CURSOR;
  if (at - digitsStart > SAFE_DIGITS) value = wideCursor(bytes.subarray(digitsStart, at));
  return isNegative ? -value >>> 0 : value >>> 0;
}

function isDigitAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && bytes[at] >= ZERO && bytes[at] <= ZERO + 9;
}

function wideCursor(digits: Uint8Array): number {
  if (digits.length > String(UINT64_MAX).length) throw INVALID_CURSOR;
  const value = BigInt(String.fromCharCode(...digits));
  if (value > UINT64_MAX) throw INVALID_CURSOR;
  return Number(BigInt.asUintN(32, value));
}
