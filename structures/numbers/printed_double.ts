/**
 * Doubles as C's printf() prints them: with a fixed number of digits behind the point (`%f`), or of
 * digits that count (`%g`). Either rounds the exact value to nearest, and halves to an even digit.
 *
 * ```
 *                  %.6f               %.17g
 *   0.1            0.100000           0.10000000000000001
 *   2^-7           0.007812           0.0078125
 *   1e22           10000…000.000000   1e+22
 * ```
 */

import { assert } from "../assert.ts";
import { writeInteger } from "./decimal.ts";

const ZERO = 0x30;
const POINT = 0x2e;

/** From here on JavaScript prints exponents; all numbers are integers. */
const MAX_FIXED = 1e21;

/** `value` with `digits` digits behind the point, 20 at the most: C's `%.{digits}f`. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  if (Math.abs(value) >= MAX_FIXED) return `${BigInt(value)}.${"0".repeat(digits)}`;
  const text = Object.is(value, -0) ? `-${(0).toFixed(digits)}` : value.toFixed(digits);
  return isHalf(value, digits) ? toEven(text) : text;
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

/** Whether a number is half way between two of so many digits behind the point: that many bits, and one. */
function isHalf(value: number, digits: number): boolean {
  return Math.abs(value) * 2 ** (digits + 1) % 2 === 1;
}

/** Rounds to even what JavaScript has rounded away from zero: there was no carry if the digit is odd. */
function toEven(digits: string): string {
  const last = digits.length - 1;
  const digit = digits.charCodeAt(last) & 0xf;
  return digit % 2 === 0 ? digits : digits.slice(0, last) + (digit - 1);
}

/** Digits that {@linkcode formatGeneral} counts: as many as tell any two doubles apart. */
const SIGNIFICANT_DIGITS = 17;
/** From this exponent of ten down, one is printed. */
const MIN_PLAIN_EXPONENT = -4;

/** `value` with at most 17 digits that count: C's `%.17g`. */
export function formatGeneral(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const scientific = Math.abs(value).toExponential(SIGNIFICANT_DIGITS - 1);
  const mark = scientific.indexOf("e");
  const exponent = Number(scientific.slice(mark + 1));
  const behindPoint = SIGNIFICANT_DIGITS - 1 - exponent;
  // Integers of so many digits have too many bits that are 0 to be half way.
  const hasHalf = behindPoint >= 0 && isHalf(value, behindPoint);
  const mantissa = scientific.slice(0, mark);
  const digits = (hasHalf ? toEven(mantissa) : mantissa).replace(".", "").replace(/0+$/, "");
  return (value < 0 ? "-" : "") + layOut(digits, exponent);
}

/** Lays out digits, the first of which counts 10^exponent. */
function layOut(digits: string, exponent: number): string {
  if (exponent < MIN_PLAIN_EXPONENT || exponent >= SIGNIFICANT_DIGITS) {
    const fraction = digits.length > 1 ? "." + digits.slice(1) : "";
    const power = String(Math.abs(exponent)).padStart(2, "0");
    return `${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${power}`;
  }
  if (exponent < 0) return "0." + "0".repeat(-exponent - 1) + digits;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return digits.length > whole.length ? `${whole}.${digits.slice(whole.length)}` : whole;
}

/** As {@linkcode formatFixed}, without zeros at the end of the fraction, and without a sign of zero. */
export function formatTrimmed(value: number, digits: number): string {
  const text = formatFixed(value, digits);
  let end = text.length;
  if (!text.includes(".")) return text;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  if (text.charCodeAt(end - 1) === POINT) end--;
  const trimmed = text.slice(0, end);
  return trimmed === "-0" ? "0" : trimmed;
}

/** Digits behind the point that {@linkcode writeTenThousandths} writes. */
const FRACTION_DIGITS = 4;
const TEN_THOUSAND = 10_000;
/** Adding it to what is smaller and taking it away rounds to an integer, halves to even. */
const ROUNDING = 2 ** 52;
/** Most bytes that {@linkcode writeTenThousandths} writes. */
export const MAX_TEN_THOUSANDTHS_BYTES = 17;

/**
 * Writes a number from 0 to 10^11 in ten-thousandths: with four digits behind the point. It is the
 * product that is rounded, in which it differs from {@linkcode formatFixed}. Allocates nothing.
 *
 * @returns the offset behind it
 */
export function writeTenThousandths(bytes: Uint8Array, at: number, value: number): number {
  const product = value * TEN_THOUSAND;
  assert(product >= 0 && product < ROUNDING, "a number that ten-thousandths are too small for");
  const rounded = product + ROUNDING - ROUNDING;
  const whole = Math.floor(rounded / TEN_THOUSAND);
  let fraction = rounded - whole * TEN_THOUSAND;
  const point = writeInteger(bytes, at, whole);
  bytes[point] = POINT;
  for (let i = FRACTION_DIGITS; i > 0; i--) {
    const tenth = Math.trunc(fraction / 10);
    bytes[point + i] = ZERO + fraction - tenth * 10;
    fraction = tenth;
  }
  return point + 1 + FRACTION_DIGITS;
}
