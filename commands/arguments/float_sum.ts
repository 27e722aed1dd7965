/**
 * What INCRBYFLOAT and HINCRBYFLOAT write: a text and an argument, both numbers, added up in extended
 * precision, as Redis on x86 adds. Short decimals need none of it (decimal_sum.ts).
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { ErrorReply, NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import {
  MAX_SHORT_SUM,
  NO_SHORT_SUM,
  writeShortSum,
} from "../../structures/numbers/decimal_sum.ts";
import {
  addExtended,
  type Extended,
  formatExtended,
  readExtended,
} from "../../structures/numbers/extended_float.ts";

const INFINITE_SUM = new ErrorReply("ERR increment would produce NaN or Infinity");

const encoder = new TextEncoder();
const shortText = withView(new Uint8Array(MAX_SHORT_SUM));

/** What is added to where there is nothing. */
export const ZERO_TEXT: ByteView = { bytes: encoder.encode("0"), start: 0, length: 1 };

/** The text of a sum; one object for all calls. */
export class FloatSum {
  bytes: Uint8Array = shortText;
  length = 0;

  /**
   * Adds argument `i` to a value. O(length).
   *
   * @param notANumber what is thrown where the value is none
   * @throws {ErrorReply} also where the argument is none, or the sum has no end
   */
  add(value: ByteView, args: Arguments, i: number, notANumber: ErrorReply): void {
    this.bytes = shortText;
    this.length = writeShortSum(
      shortText,
      value.bytes,
      value.start,
      value.length,
      args.bytes,
      args.start(i),
      args.length(i),
    );
    if (this.length !== NO_SHORT_SUM) return;
    this.bytes = encoder.encode(formatExtended(sumOf(value, args, i, notANumber)));
    this.length = this.bytes.length;
  }
}

function sumOf(value: ByteView, args: Arguments, i: number, notANumber: ErrorReply): Extended {
  const term = readExtended(value.bytes, value.start, value.length);
  if (term === undefined) throw notANumber;
  const increment = readExtended(args.bytes, args.start(i), args.length(i));
  if (increment === undefined) throw NOT_A_FLOAT;
  const sum = addExtended(term, increment);
  if (sum.exponent === Infinity) throw INFINITE_SUM;
  return sum;
}
