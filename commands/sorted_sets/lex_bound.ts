/**
 * Bounds of lexical ranges in arguments: `[member`, `(member` without it, `-` before all members and
 * `+` behind them.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { LexBound } from "../../structures/sorted_set/sorted_set.ts";

const PARENTHESIS = 0x28; // (
const BRACKET = 0x5b; // [
const PLUS = 0x2b;
const MINUS = 0x2d;

/** Reads argument `i` into `bound`, by reference, and answers whether it is a bound. O(1). */
export function readLexBound(args: Arguments, i: number, bound: LexBound): boolean {
  const { bytes } = args;
  const start = args.start(i);
  const length = args.length(i);
  const first = length === 0 ? 0 : bytes[start];
  bound.bytes = bytes;
  bound.start = start + 1;
  bound.length = length - 1;
  bound.infinity = 0;
  bound.inclusive = first === BRACKET;
  if (first === BRACKET || first === PARENTHESIS) return true;
  bound.infinity = first === PLUS ? 1 : -1;
  // Redis looks for the sign's end as C does, so a NUL may follow it.
  return (first === PLUS || first === MINUS) && (length === 1 || bytes[start + 1] === 0);
}
