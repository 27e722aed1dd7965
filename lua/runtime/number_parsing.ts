/**
 * Text as numbers: what `tonumber` reads, and arithmetic when it is given a string. It is what C's
 * `strtod` reads, with white space around it:
 *
 * ```
 * 10   -.5e3   1.   0x1F   0x1.8p4   inf   -Infinity   nan
 * ```
 *
 * Text ends at a zero byte, as it does in Lua 5.1.
 */

import { parseSaturatedDouble } from "../../structures/numbers/double_text.ts";

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Integers of so many digits are exact while they are added up. */
const MAX_EXACT_DIGITS = 15;

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const HEXADECIMAL = /^[+-]?0[xX]/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan(?:\([0-9A-Za-z_]*\))?$/i;

/** The number that a text spells, which may be NaN; undefined where it spells none. O(length). */
export function parseNumber(text: string): number | undefined {
  const { length } = text;
  if (length > 0 && length <= MAX_EXACT_DIGITS) {
    // Plain integers, and fractions of no more than 15 digits: one exact division.
    let at = text.charCodeAt(0) === MINUS ? 1 : 0;
    const first = at;
    let value = 0;
    for (; at < length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === length && at > first) return first === 0 ? value : -value;
    if (at < length && at > first && text.charCodeAt(at) === POINT) {
      const point = at;
      for (at++; at < length; at++) {
        const digit = text.charCodeAt(at) - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      if (at === length) {
        value /= 10 ** (length - point - 1);
        return first === 0 ? value : -value;
      }
    }
  }
  return parseAny(text);
}

function parseAny(text: string): number | undefined {
  const trimmed = trim(text);
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  if (HEXADECIMAL.test(trimmed)) {
    const bytes = Uint8Array.from(trimmed, (character) => character.charCodeAt(0));
    const value = parseSaturatedDouble(bytes, 0, bytes.length);
    return Number.isNaN(value) ? undefined : value;
  }
  if (INFINITE.test(trimmed)) return trimmed.startsWith("-") ? -Infinity : Infinity;
  return NOT_A_NUMBER.test(trimmed) ? NaN : undefined;
}

/** The text up to a zero byte, without the white space around it. */
function trim(text: string): string {
  const zero = text.indexOf("\0");
  let end = zero < 0 ? text.length : zero;
  let start = 0;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  // Nothing but white space behind a number; alone, `strtod` has read nothing, and it is no number.
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 9 && code <= 13);
}

const MAX_UNSIGNED = 2n ** 64n;

/**
 * What `tonumber(text, base)` reads, as C's `strtoul`: an integer of 64 bits without a sign, so that -1
 * is 2^64 - 1; what is larger counts as the largest.
 *
 * @param base 2 to 36
 */
export function parseInBase(text: string, base: number): number | undefined {
  const trimmed = trim(text);
  let at = 0;
  const isNegative = trimmed.charCodeAt(0) === MINUS;
  if (isNegative || trimmed[0] === "+") at++;
  if (base === 16 && /^0[xX][0-9a-fA-F]/.test(trimmed.slice(at, at + 3))) at += 2;
  const { length } = trimmed;
  if (at === length) return undefined;
  let value = 0n;
  let small = 0;
  const first = at;
  for (; at < length; at++) {
    const digit = digitOf(trimmed.charCodeAt(at));
    if (digit >= base) return undefined;
    // Ten digits of any base are exact in a double.
    if (at - first < 10) small = small * base + digit;
    else {
      if (at - first === 10) value = BigInt(small);
      if (value < MAX_UNSIGNED) value = value * BigInt(base) + BigInt(digit);
    }
  }
  if (length - first <= 10 && !isNegative) return small;
  if (length - first <= 10) value = BigInt(small);
  if (value >= MAX_UNSIGNED) return Number(MAX_UNSIGNED - 1n);
  return Number(isNegative ? BigInt.asUintN(64, -value) : value);
}

function digitOf(code: number): number {
  if (code >= ZERO && code <= 0x39) return code - ZERO;
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter < 26 ? letter + 10 : 99;
}
