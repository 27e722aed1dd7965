/** What texts weigh that SORT sorts by as numbers: all that C's strtod() reads, to their ends. */

import { parseSafeInteger } from "../../../structures/numbers/decimal.ts";
import { parseDouble } from "../../../structures/numbers/double_text.ts";

const NUL = 0;
const SPACE = 0x20;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;
const SMALL_X = 0x78;
/** Decimals below this are rounded to what has fewer digits, which is an error. */
const SMALLEST_NORMAL = 2 ** -1022;

/**
 * The number that a text spells, NaN where it spells none or one beyond the range of a double. It ends
 * at its first NUL; a text of nothing is zero. O(length).
 */
export function weightOf(bytes: Uint8Array, start: number, length: number): number {
  const integer = parseSafeInteger(bytes, start, length);
  return Number.isNaN(integer) ? weightOfOther(bytes, start, length) : integer;
}

function weightOfOther(bytes: Uint8Array, start: number, length: number): number {
  let end = start;
  while (end < start + length && bytes[end] !== NUL) end++;
  if (end === start) return 0;
  let from = start;
  while (from < end && isSpace(bytes[from])) from++;
  const weight = parseDouble(bytes, from, end - from);
  const isTiny = weight !== 0 && Math.abs(weight) < SMALLEST_NORMAL;
  return isTiny && !isHexadecimal(bytes, from, end) ? NaN : weight;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte >= TAB && byte <= CARRIAGE_RETURN;
}

function isHexadecimal(bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end && i < from + 3; i++) if ((bytes[i] | 0x20) === SMALL_X) return true;
  return false;
}
