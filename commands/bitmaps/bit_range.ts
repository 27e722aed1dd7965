/**
 * The range of BITCOUNT and BITPOS: from a start to an end, both included, in bytes or in bits, and
 * from the end of the string where they are negative.
 *
 * ```
 *   bytes       0   1   2   3
 *   or          -4  -3  -2  -1         BITCOUNT k 1 -2      bits 8 to 23
 *   bits        0      …    31         BITCOUNT k 5 -5 BIT  bits 5 to 27
 * ```
 */

import { SYNTAX_ERROR } from "../../protocol/error_reply.ts";
import type { Call } from "../../server/execution/call.ts";
import { oneOf } from "../arguments/one_of.ts";
import type { ArgumentDeclaration } from "../registry.ts";

/** The unit of a range, as both commands declare it. */
export const RANGE_UNIT: ArgumentDeclaration = oneOf("unit", ["BYTE", "BIT"], {
  optional: true,
  since: "7.0.0",
});

/** Whether argument `i` says that the range is one of bits. @throws {ErrorReply} no unit */
export function isInBits({ args }: Call, i: number): boolean {
  if (args.is(i, "BIT")) return true;
  if (!args.is(i, "BYTE")) throw SYNTAX_ERROR;
  return false;
}

/** Bits from `first` to `last`; none where `first` is behind `last`. */
export class BitRange {
  first = 0;
  last = 0;

  /** All bits of a string of `length` bytes. */
  setWhole(length: number): void {
    this.first = 0;
    this.last = length * 8 - 1;
  }

  /** The bits from `start` to `end`, as an argument gives them, of a string of `length` bytes. */
  set(start: number, end: number, inBits: boolean, length: number): void {
    const total = inBits ? length * 8 : length;
    const first = Math.max(0, start < 0 ? total + start : start);
    const last = Math.min(Math.max(0, end < 0 ? total + end : end), total - 1);
    this.first = inBits ? first : first * 8;
    this.last = inBits ? last : last * 8 + 7;
  }

  get isEmpty(): boolean {
    return this.first > this.last;
  }
}
