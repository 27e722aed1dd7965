/**
 * Sums of short decimals as texts, in plain numbers: what extended precision (extended_float.ts) comes
 * to wherever its error is too small to be seen.
 *
 * ```
 *   10.5   ─▶  105 │ 1 place     ┐  scaled to 2 places: 1050
 *   0.25   ─▶   25 │ 2 places    ┘                    +   25  =  1075  ─▶  10.75
 * ```
 *
 * A `long double` is off by no more than 2^-64 of itself. With two terms and their sum that is less
 * than half of the 17th digit behind the point, the last that is printed, while the terms are below 40
 * together; and there is no error at all where both are integers, or fractions that a binary number
 * has exactly: so many fives in the digits as there are places leave a power of two below the line.
 */

import { writeInteger } from "./decimal.ts";

/** No sum: the texts are not short, or its last digits would be seen to be off. */
export const NO_SHORT_SUM = -1;
/** Longest text of a sum. */
export const MAX_SHORT_SUM = 24;

const MAX_DIGITS = 15;
const MAX_EXACT_SIZE = 40;

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

const POWERS_OF_TEN = Array.from({ length: MAX_DIGITS + 1 }, (_, power) => 10 ** power);
const POWERS_OF_FIVE = Array.from({ length: MAX_DIGITS + 1 }, (_, power) => 5 ** power);

/** Digits behind the point of the text that was read last. */
let places = 0;

/** Writes `a + b` into `target`. O(length). @returns its length, or NO_SHORT_SUM */
export function writeShortSum(
  target: Uint8Array,
  a: Uint8Array,
  aStart: number,
  aLength: number,
  b: Uint8Array,
  bStart: number,
  bLength: number,
): number {
  const first = readDigits(a, aStart, aLength);
  const firstPlaces = places;
  const second = readDigits(b, bStart, bLength);
  const sumPlaces = Math.max(firstPlaces, places);
  if (Number.isNaN(first) || Number.isNaN(second)) return NO_SHORT_SUM;
  const scale = POWERS_OF_TEN[sumPlaces];
  const scaledFirst = first * POWERS_OF_TEN[sumPlaces - firstPlaces];
  const scaledSecond = second * POWERS_OF_TEN[sumPlaces - places];
  const size = Math.abs(scaledFirst) + Math.abs(scaledSecond);
  if (size > Number.MAX_SAFE_INTEGER) return NO_SHORT_SUM;
  const isExact = first % POWERS_OF_FIVE[firstPlaces] === 0 &&
    second % POWERS_OF_FIVE[places] === 0;
  if (!isExact && size >= MAX_EXACT_SIZE * scale) return NO_SHORT_SUM;
  return writeScaled(target, scaledFirst + scaledSecond, sumPlaces);
}

/** Whether a text is one that {@linkcode writeShortSum} reads: then it is a number. O(length). */
export function isShortDecimal(bytes: Uint8Array, start: number, length: number): boolean {
  return !Number.isNaN(readDigits(bytes, start, length));
}

/** The digits of a decimal as an integer, whose {@linkcode places} are set; NaN where it is not short. */
function readDigits(bytes: Uint8Array, start: number, length: number): number {
  const isNegative = bytes[start] === MINUS;
  const end = start + length;
  let at = isNegative || bytes[start] === PLUS ? start + 1 : start;
  if (end - at > MAX_DIGITS + 1) return NaN;
  let digits = 0;
  let value = 0;
  let pointAt = end - 1;
  let hasPoint = false;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits++;
      value = value * 10 + digit;
    } else if (bytes[at] === POINT && !hasPoint) {
      hasPoint = true;
      pointAt = at;
    } else return NaN;
  }
  places = end - 1 - pointAt;
  if (digits === 0 || digits > MAX_DIGITS) return NaN;
  return isNegative ? -value : value;
}

/** Writes `scaled / 10^places` without zeros at the end. */
function writeScaled(target: Uint8Array, scaled: number, places: number): number {
  let size = Math.abs(scaled);
  let left = places;
  while (left > 0 && size % 10 === 0) {
    size /= 10;
    left--;
  }
  if (size === 0) left = 0;
  let length = 0;
  if (scaled < 0) target[length++] = MINUS;
  const scale = POWERS_OF_TEN[left];
  const whole = Math.floor(size / scale);
  length = writeInteger(target, length, whole);
  if (left === 0) return length;
  target[length++] = POINT;
  let fraction = size - whole * scale;
  for (let i = left - 1; i >= 0; i--) {
    target[length + i] = ZERO + fraction % 10;
    fraction = Math.floor(fraction / 10);
  }
  return length + left;
}
