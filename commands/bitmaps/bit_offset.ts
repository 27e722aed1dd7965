/** Places of bits in the arguments of a call. */

import { ErrorReply } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { parseInteger } from "../../structures/numbers/decimal.ts";

const BAD_OFFSET = new ErrorReply("ERR bit offset is not an integer or out of range");
const HASH = 0x23;

/** Argument `i` as the place of a bit, one that a string may have. @throws {ErrorReply} */
export function bitOffset(call: Call, i: number): number {
  return offsetIn(call, call.args.start(i), call.args.length(i), 1);
}

/**
 * Argument `i` as the place of an integer of `width` bits: a bit's, or behind `#` the number of an
 * integer among integers of that width.
 *
 * @throws {ErrorReply}
 */
export function fieldOffset(call: Call, i: number, width: number): number {
  const { args } = call;
  const start = args.start(i);
  const length = args.length(i);
  if (length === 0 || args.bytes[start] !== HASH) return offsetIn(call, start, length, 1);
  return offsetIn(call, start + 1, length - 1, width);
}

function offsetIn({ args, server }: Call, start: number, length: number, factor: number): number {
  const value = parseInteger(args.bytes, start, length);
  if (value === undefined) throw BAD_OFFSET;
  // Redis multiplies 64 bits, of which those that are too high are lost.
  const offset = typeof value === "number"
    ? value * factor
    : Number(BigInt.asIntN(64, value * BigInt(factor)));
  // Without a byte beyond what a string may have, nothing is made that is too large.
  if (offset < 0 || Math.floor(offset / 8) >= server.config.protoMaxBulkBytes) throw BAD_OFFSET;
  return offset;
}
