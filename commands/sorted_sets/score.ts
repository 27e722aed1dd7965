/**
 * Scores in arguments. A score that is stored must be a double, all of it; a bound of a range is
 * read as C's strtod() does, which is more lenient:
 *
 * ```
 *                ZADD    BYSCORE
 *   1.5 inf 0x10  yes     yes
 *   (5            no      above 5, or below
 *   1e999         no      infinite
 *   "" and "("    no      0
 *   " 5"          no      5
 *   "5\0anything" no      5
 *   nan           no      no
 * ```
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { NOT_A_FLOAT } from "../../protocol/error_reply.ts";
import { parseDouble, parseSaturatedDouble } from "../../structures/numbers/double_text.ts";

const PARENTHESIS = 0x28; // (
const SPACE = 0x20;
const TAB = 0x09;
const CR = 0x0d;

/** Argument `i` as a score. O(length). @throws {ErrorReply} where it is none */
export function scoreArgument(args: Arguments, i: number): number {
  const score = parseDouble(args.bytes, args.start(i), args.length(i));
  if (Number.isNaN(score)) throw NOT_A_FLOAT;
  return score;
}

/** One end of a range of scores. */
export class ScoreBound {
  score = 0;
  /** Whether elements of exactly this score are in the range. */
  inclusive = true;

  /** Reads argument `i` and answers whether it is a bound. O(length). */
  read(args: Arguments, i: number): boolean {
    const { bytes } = args;
    let start = args.start(i);
    const end = start + args.length(i);
    this.inclusive = start === end || bytes[start] !== PARENTHESIS;
    if (!this.inclusive) start++;
    this.score = parseDouble(bytes, start, end - start);
    if (Number.isNaN(this.score)) this.score = readLeniently(bytes, start, end);
    return !Number.isNaN(this.score);
  }
}

/** What strtod() makes of the bytes, NaN if it would leave some of them. */
function readLeniently(bytes: Uint8Array, from: number, to: number): number {
  let start = from;
  while (start < to && (bytes[start] === SPACE || bytes[start] >= TAB && bytes[start] <= CR)) {
    start++;
  }
  let end = start;
  while (end < to && bytes[end] !== 0) end++;
  // White space alone is no number, but nothing at all is 0.
  if (start === end) return from === end ? 0 : NaN;
  return parseSaturatedDouble(bytes, start, end - start);
}
