/**
 * Doubles as text, in the form that Redis prints and with everything that it accepts.
 *
 * Printing: the fewest digits that read back as the same double (JavaScript knows them), laid out
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

import { writeInteger } from "./decimal.ts";

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

/** Powers of ten that a double holds exactly and the fast path divides by. */
const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);

const latin1 = new TextDecoder("latin1");

/** `value` as text. At most MAX_DOUBLE_BYTES characters, all ASCII. */
export function formatDouble(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? "-0" : String(value);
  if (Number.isNaN(value)) return "nan";
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (value <= MAX_INTEGRAL && value >= -MAX_INTEGRAL && value === Math.trunc(value)) {
    return BigInt(value).toString();
  }
  const magnitude = Math.abs(value);
  // Where |e| < 4, JavaScript lays a fraction out alike.
  if (magnitude >= 0.001 && magnitude < 10_000) return String(value);
  const scientific = magnitude.toExponential();
  const mark = scientific.indexOf("e");
  const digits = scientific[0] + scientific.slice(2, mark);
  const firstExponent = Number(scientific.slice(mark + 1));
  return (value < 0 ? "-" : "") + layOut(digits, firstExponent);
}

/** Lays out `digits`, the first of which counts 10^firstExponent. */
function layOut(digits: string, firstExponent: number): string {
  const count = digits.length;
  const lastExponent = firstExponent - count + 1;
  if (lastExponent >= 0 && firstExponent < count + 7) return digits + "0".repeat(lastExponent);
  if (lastExponent < 0 && (lastExponent > -7 || Math.abs(firstExponent) < 4)) {
    if (firstExponent < 0) return "0." + "0".repeat(-firstExponent - 1) + digits;
    return digits.slice(0, firstExponent + 1) + "." + digits.slice(firstExponent + 1);
  }
  const fraction = count > 1 ? "." + digits.slice(1) : "";
  return `${digits[0]}${fraction}e${firstExponent < 0 ? "" : "+"}${firstExponent}`;
}

/** Writes `value` as text; returns the offset behind it. Integers allocate nothing. */
export function writeDouble(bytes: Uint8Array, at: number, value: number): number {
  if (Number.isSafeInteger(value) && (value !== 0 || 1 / value > 0)) {
    return writeInteger(bytes, at, value);
  }
  const text = formatDouble(value);
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/**
 * The double that `length` bytes from `start` spell, rounded to nearest; NaN if they spell none.
 * Up to 15 digits without an exponent, and inf, allocate nothing. O(length).
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
  let value: number;
  // Both operands are exact here, so the one division rounds correctly.
  if (at === end && digits >= 1 && digits <= 15) {
    value = point < 0 ? mantissa : mantissa / POWERS_OF_TEN[end - point - 1];
  } else if (isInf(bytes, unsigned, end)) {
    value = Infinity;
  } else {
    if (length > MAX_PARSED_BYTES) return NaN;
    value = parseMagnitude(latin1.decode(bytes.subarray(unsigned, end)), saturates);
  }
  return negative ? -value : value;
}

/** Whether the bytes are `inf` in any case: the bound of many a range, so no string is made. */
function isInf(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 3 && (bytes[start] | 0x20) === 0x69 &&
    (bytes[start + 1] | 0x20) === 0x6e && (bytes[start + 2] | 0x20) === 0x66;
}

const DECIMAL = /^(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const HEXADECIMAL = /^0x([\da-f]*)(?:\.([\da-f]*))?(?:p([+-]?\d+))?$/i;
/** A decimal or hexadecimal number with a digit other than 0. */
const NOT_ZERO = /^(?:0x[^p]*[1-9a-f]|[^ex]*[1-9])/i;

function parseMagnitude(text: string, saturates: boolean): number {
  if (/^infinity$/i.test(text)) return Infinity;
  const value = DECIMAL.test(text) ? Number(text) : parseHexadecimal(text);
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
