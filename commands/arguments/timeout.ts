/**
 * How long a command waits: 0 is for ever, any other time is one from now on.
 *
 * ```
 *   seconds       what C's strtold() reads, rounded up to milliseconds     5   0.1   0x10   1e-3
 *   milliseconds  a 64-bit integer
 * ```
 *
 * A time that ends behind the last millisecond of 64 bits is none.
 */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { parseDouble } from "../../structures/numbers/double_text.ts";
import { parseExtended } from "../../structures/numbers/extended_float.ts";

const NOT_A_FLOAT = new ErrorReply("ERR timeout is not a float or out of range");
const NOT_AN_INTEGER = new ErrorReply("ERR timeout is not an integer or out of range");
const OUT_OF_RANGE = new ErrorReply("ERR timeout is out of range");
const NEGATIVE = new ErrorReply("ERR timeout is negative");

/** Longer text is no number. */
const MAX_TEXT_BYTES = 5 * 1024 - 1;
/** 2^63, which the double nearest to the greatest 64-bit integer is. */
const BEYOND_INT64 = 2 ** 63;

/**
 * The time at which a command gives up that waits for as many seconds as argument `i` says, in
 * milliseconds since 1970; Infinity for never.
 *
 * @throws {ErrorReply} where it is no number, negative, or too large
 */
export function deadlineInSeconds(call: Call, i: number): number {
  return deadlineIn(Math.ceil(secondsArgument(call, i) * 1000), call);
}

/** As {@linkcode deadlineInSeconds}, in milliseconds. */
export function deadlineInMilliseconds(call: Call, i: number): number {
  const value = call.args.int64(i);
  if (value === undefined) throw NOT_AN_INTEGER;
  return deadlineIn(Number(value), call);
}

function secondsArgument({ args }: Call, i: number): number {
  const length = args.length(i);
  if (length > MAX_TEXT_BYTES) throw NOT_A_FLOAT;
  const seconds = parseDouble(args.bytes, args.start(i), length);
  return Number.isNaN(seconds) ? beyondDoubles(args.byteString(i)) : seconds;
}

/** What is too large or too small for a double, but not for the arithmetic that Redis does. */
function beyondDoubles(text: string): number {
  const value = parseExtended(text);
  if (value === undefined) throw NOT_A_FLOAT;
  const { mantissa, exponent } = value;
  const isTiny = exponent < 0;
  if (mantissa < 0n) return isTiny ? -Number.MIN_VALUE : -Infinity;
  return isTiny ? Number.MIN_VALUE : Infinity;
}

function deadlineIn(delayMs: number, { server }: Call): number {
  if (delayMs < 0) throw NEGATIVE;
  if (delayMs === 0) return Infinity;
  const deadlineMs = server.now() + delayMs;
  if (deadlineMs >= BEYOND_INT64) throw OUT_OF_RANGE;
  return deadlineMs;
}
