/**
 * Doubles as text, in the form that Redis prints and with everything that it accepts.
 *
 * Printing: as a rule the fewest digits that read back as the same double (shortest_digits.ts), laid out
 * like this, where `e` is the decimal exponent of the first digit and `k` that of the last:
 *
 *     integral, |x| <= 2^62      all digits            4611686018427387904
 *     k >= 0, e < digits + 7     digits and zeros      9223372036854776000
 *     -7 < k < 0, or |e| < 4     plain fraction        0.000123   3.0000000000001
 *     anything else              scientific            1e+20   1.5e-7   1.2345678901234e+4
 *     no number                  inf   -inf   nan      and -0 keeps its sign
 *
 * Parsing: what C's strtod() reads, if it reads all of it: decimal with optional exponent,
 * hexadecimal with optional binary exponent, inf and infinity in any case. No white space, no nan,
 * nothing too large for a double, and nothing but zero that is too small for one. The patterns never
 * try a digit twice, so hostile text costs no more than its length.
 */

import { byteStringOf } from "../bytes/byte_string.ts";
import { writeBigInteger, writeInteger } from "./decimal.ts";
import { digits, exponentOfLast, findDigits } from "./shortest_digits.ts";
import { parseWideDecimal } from "./wide_decimal.ts";

/** The most bytes that writeDouble() writes. */
export const MAX_DOUBLE_BYTES = 32;

/** Longer text is no number to parseDouble(). */
const MAX_PARSED_BYTES = 1024 * 1024;

/** Integral doubles up to here are printed as integers, all digits. */
const MAX_INTEGRAL = 2 ** 62;

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Powers of ten that a double holds exactly and the fast path multiplies or divides by. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => 10 ** i);
/** Of a mantissa of so many digits a double holds each, too. */
const MAX_FAST_DIGITS = 15;

const EXPONENT = 0x65; // e
const NEGATIVE_ZERO = new TextEncoder().encode("-0");
const NOT_A_NUMBER = new TextEncoder().encode("nan");
const INFINITE = new TextEncoder().encode("inf");

const text = new Uint8Array(MAX_DOUBLE_BYTES);

/** `value` as text. At most MAX_DOUBLE_BYTES characters, all ASCII. */
export function formatDouble(value: number): string {
  return byteStringOf(text, 0, writeDouble(text, 0, value));
}

/**
 * Writes `value` as text; returns the offset behind it. Allocates nothing, but for integers that are
 * not safe.
 */
export function writeDouble(bytes: Uint8Array, at: number, value: number): number {
  if (value === Math.trunc(value) && Math.abs(value) <= MAX_INTEGRAL) {
    if (value === 0 && 1 / value < 0) return writeAscii(bytes, at, NEGATIVE_ZERO);
    if (Number.isSafeInteger(value)) return writeInteger(bytes, at, value);
    return writeBigInteger(bytes, at, BigInt(value));
  }
  return writeShortest(bytes, at, value);
}

/**
 * As {@linkcode writeDouble}, but integers from 1e8 on are written as other numbers are: 1e+8, and
 * 123456789. So Redis prints the numbers that scripts hand to commands.
 */
export function writeShortestDouble(bytes: Uint8Array, at: number, value: number): number {
  // All digits of an integer count but zeros at its end, and so few of those are written. Its multiples
  // are told by a quotient, as a remainder of large numbers is a call into the runtime.
  if (Number.isSafeInteger(value) && Math.trunc(value / 1e8) * 1e8 !== value) {
    return writeInteger(bytes, at, value);
  }
  if (value === 0) {
    if (1 / value < 0) return writeAscii(bytes, at, NEGATIVE_ZERO);
    bytes[at] = ZERO;
    return at + 1;
  }
  return writeShortest(bytes, at, value);
}

function writeShortest(bytes: Uint8Array, at: number, value: number): number {
  if (Number.isNaN(value)) return writeAscii(bytes, at, NOT_A_NUMBER);
  let start = at;
  if (value < 0) bytes[start++] = MINUS;
  if (value === Infinity || value === -Infinity) return writeAscii(bytes, start, INFINITE);
  const count = findDigits(value);
  return layOut(bytes, start, count, exponentOfLast());
}

function writeAscii(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text[i];
  return at + text.length;
}

/** Lays out the digits that were found, the last of which counts 10^lastExponent. */
function layOut(bytes: Uint8Array, start: number, count: number, lastExponent: number): number {
  const firstExponent = lastExponent + count - 1;
  if (lastExponent >= 0 && firstExponent < count + 7) {
    return writeZeros(bytes, writeDigits(bytes, start, 0, count), lastExponent);
  }
  if (lastExponent < 0 && (lastExponent > -7 || Math.abs(firstExponent) < 4)) {
    if (firstExponent >= 0) {
      const point = writeDigits(bytes, start, 0, firstExponent + 1);
      bytes[point] = POINT;
      return writeDigits(bytes, point + 1, firstExponent + 1, count);
    }
    bytes[start] = ZERO;
    bytes[start + 1] = POINT;
    return writeDigits(bytes, writeZeros(bytes, start + 2, -firstExponent - 1), 0, count);
  }
  let at = writeDigits(bytes, start, 0, 1);
  if (count > 1) {
    bytes[at] = POINT;
    at = writeDigits(bytes, at + 1, 1, count);
  }
  bytes[at] = EXPONENT;
  bytes[at + 1] = firstExponent < 0 ? MINUS : PLUS;
  return writeInteger(bytes, at + 2, Math.abs(firstExponent));
}

function writeDigits(bytes: Uint8Array, at: number, from: number, to: number): number {
  for (let i = from; i < to; i++) bytes[at + i - from] = digits[i];
  return at + to - from;
}

function writeZeros(bytes: Uint8Array, at: number, count: number): number {
  for (let i = 0; i < count; i++) bytes[at + i] = ZERO;
  return at + count;
}

/**
 * The double that `length` bytes from `start` spell, rounded to nearest; NaN if they spell none.
 * Up to 15 digits with a small exponent or none, and inf, allocate nothing, nor do nearly all up to
 * 19 without an exponent. O(length).
 */
export function parseDouble(bytes: Uint8Array, start: number, length: number): number {
  return parse(bytes, start, length, false);
}

/** As parseDouble(), but text too large for a double is infinite, and text too small is zero. */
export function parseSaturatedDouble(bytes: Uint8Array, start: number, length: number): number {
  return parse(bytes, start, length, true);
}

function parse(bytes: Uint8Array, start: number, length: number, saturates: boolean): number {
  const end = start + length;
  let at = start;
  const negative = length !== 0 && bytes[at] === MINUS;
  if (negative || (length !== 0 && bytes[at] === PLUS)) at++;
  const unsigned = at;
  let mantissa = 0;
  let point = -1;
  if (end - at <= 16) {
    for (; at < end; at++) {
      const digit = bytes[at] - ZERO;
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
      else if (bytes[at] === POINT && point < 0) point = at;
      else break;
    }
  }
  const digits = at - unsigned - (point < 0 ? 0 : 1);
  const fraction = point < 0 ? 0 : at - point - 1;
  const power = at === end ? -fraction : shortExponent(bytes, at, end) - fraction;
  let value: number;
  // Both operands are exact here, so the one product or division rounds correctly.
  if (digits >= 1 && digits <= MAX_FAST_DIGITS && Math.abs(power) < POWERS_OF_TEN.length) {
    value = power < 0 ? mantissa / POWERS_OF_TEN[-power] : mantissa * POWERS_OF_TEN[power];
  } else if (isInf(bytes, unsigned, end)) {
    value = Infinity;
  } else {
    if (length > MAX_PARSED_BYTES) return NaN;
    value = parseWideDecimal(bytes, unsigned, end);
    if (Number.isNaN(value)) {
      value = parseMagnitude(byteStringOf(bytes, unsigned, end - unsigned), saturates);
    }
  }
  return negative ? -value : value;
}

/** What `e7`, `E-12` and the like say with a digit or two; NaN for anything else. */
function shortExponent(bytes: Uint8Array, start: number, end: number): number {
  if ((bytes[start] | 0x20) !== EXPONENT) return NaN;
  let at = start + 1;
  const isNegative = at < end && bytes[at] === MINUS;
  if (isNegative || at < end && bytes[at] === PLUS) at++;
  if (end - at < 1 || end - at > 2) return NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    exponent = exponent * 10 + digit;
  }
  return isNegative ? -exponent : exponent;
}

/** Whether the bytes are `inf` in any case: the bound of many a range, so no string is made. */
function isInf(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 3 && (bytes[start] | 0x20) === 0x69 &&
    (bytes[start + 1] | 0x20) === 0x6e && (bytes[start + 2] | 0x20) === 0x66;
}

const DECIMAL = /^(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE_TEXT = /^infinity$/i;
const HEXADECIMAL = /^0x([\da-f]*)(?:\.([\da-f]*))?(?:p([+-]?\d+))?$/i;
/** A decimal or hexadecimal number with a digit other than 0. */
const NOT_ZERO = /^(?:0x[^p]*[1-9a-f]|[^ex]*[1-9])/i;

function parseMagnitude(text: string, saturates: boolean): number {
  const isDecimal = DECIMAL.test(text);
  if (!isDecimal && INFINITE_TEXT.test(text)) return Infinity;
  const value = isDecimal ? Number(text) : parseHexadecimal(text);
  if (saturates) return value;
  return value === Infinity || (value === 0 && NOT_ZERO.test(text)) ? NaN : value;
}

/** Significant hexadecimal digits that are kept; any more only say whether the rest is zero. */
const KEPT_HEX_DIGITS = 16;

/** Infinite or 0 where the number is too large or too small; NaN where the text is none. */
function parseHexadecimal(text: string): number {
  const parts = HEXADECIMAL.exec(text);
  if (parts === null) return NaN;
  const [, whole, fraction = "", exponent = "0"] = parts;
  const all = whole + fraction;
  if (all === "") return NaN;
  const significant = all.replace(/^0+/, "");
  if (significant === "") return 0;
  const kept = significant.slice(0, KEPT_HEX_DIGITS);
  const dropped = significant.slice(KEPT_HEX_DIGITS);
  // One more bit stands for all that was dropped, so that a tie is told from what is above it.
  let mantissa = BigInt("0x" + kept) * 2n;
  if (/[^0]/.test(dropped)) mantissa |= 1n;
  let scale = Number(exponent) - 4 * fraction.length + 4 * dropped.length - 1;
  // A double has 53 bits, and fewer below 2^-1022: drop what does not fit, nearest and then even.
  const bits = mantissa.toString(2).length;
  const excess = Math.max(bits - 53, -1074 - scale);
  if (excess > bits) return 0;
  if (excess > 0) {
    const unit = 1n << BigInt(excess);
    const rest = mantissa % unit;
    mantissa /= unit;
    if (rest * 2n > unit || (rest * 2n === unit && mantissa % 2n === 1n)) mantissa++;
    scale += excess;
  }
  if (scale > 1100) return Infinity;
  // Two exact steps, because 2^scale alone may lie outside a double's range.
  const half = Math.trunc(scale / 2);
  return Number(mantissa) * 2 ** half * 2 ** (scale - half);
}
