/** The optional count of commands that pop: how many elements at the most. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { INT64_MAX, INT64_MIN } from "../../structures/numbers/int64.ts";

const OUT_OF_RANGE = new ErrorReply("ERR value is out of range, must be positive");

/** Argument `i` as a count. @throws {ErrorReply} where it is negative or no 64-bit integer */
export function countArgument(call: Call, i: number): number {
  const value = call.args.safeInteger(i);
  if (value >= 0) return value;
  const wide = call.args.int64(i);
  if (wide === undefined || wide < 0n) throw OUT_OF_RANGE;
  return Number(wide);
}

const NO_OPPOSITE = new ErrorReply(
  `ERR value is out of range, value must between ${-INT64_MAX} and ${INT64_MAX}`,
);

/**
 * Argument `i` as a count that may be negative, rounded where a double cannot hold it.
 *
 * @throws {ErrorReply} where it is no 64-bit integer, or has no opposite
 */
export function signedCountArgument(call: Call, i: number): number {
  const wide = call.int64(i);
  if (wide === INT64_MIN) throw NO_OPPOSITE;
  return Number(wide);
}
