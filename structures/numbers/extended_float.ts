/**
 * Extended precision: floating point with a mantissa of 64 bits, as C's `long double` is on x86.
 *
 * HINCRBYFLOAT promises sums such as 0.1 + 0.2 = 0.3, which doubles do not give. Redis adds in
 * `long double` and prints 17 digits behind the point; this does the same arithmetic exactly, with
 * big integers and one rounding where the processor has one:
 *
 * ```
 *   text ──exact fraction──▶ round to 64 bits ─┐
 *                                              ├─▶ exact sum ─▶ round to 64 bits ─▶ 17 digits
 *   text ──exact fraction──▶ round to 64 bits ─┘
 * ```
 *
 * It is as slow as big integers are, a microsecond or two. Most texts are short decimals, whose digits
 * are a number: those are read byte by byte, and the rest as the grammar of strtold() has it.
 */

import type { Bytes } from "../bytes/bytes.ts";

/** `mantissa` × 2^`exponent`; infinite where the exponent is. */
export interface Extended {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const MANTISSA_BITS = 64;
/** The first mantissa that has more. */
const MANTISSA_END = 1n << 64n;
/** Exponent of the last bit of the smallest number. */
const MIN_EXPONENT = -16_445;
/** Numbers of 2 to this power and more are infinite. */
const OVERFLOW_EXPONENT = 16_384;
/** As Redis has it, longer text is no number. */
const MAX_TEXT = 5 * 1024 - 1;
/** A decimal exponent beyond this makes a number of any such text infinite or zero. */
const MAX_DECIMAL_EXPONENT = 20_000;
const FRACTION_DIGITS = 17;
const FRACTION_SCALE = 10n ** BigInt(FRACTION_DIGITS);

/** So many digits are a number that is exact, whatever they are. */
const SHORT_DIGITS = 15;
/** Powers of ten that a short decimal may be divided by, and their lengths in bits. */
const POWERS_OF_TEN = Array.from({ length: 24 }, (_, power) => 10n ** BigInt(power));
const POWER_BITS = POWERS_OF_TEN.map((power) => power.toString(2).length);

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO_DIGIT = 0x30;

const ZERO: Extended = { mantissa: 0n, exponent: 0 };
const latin1 = new TextDecoder("latin1");

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;
const HEXADECIMAL = /^([+-]?)0x(?=\.?[\da-f])([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/**
 * As {@linkcode parseExtended}, of the text in `bytes[start, start + length)`, which may lie in shared
 * memory. O(length).
 */
export function readExtended(bytes: Bytes, start: number, length: number): Extended | undefined {
  if (length > MAX_TEXT) return undefined;
  // A copy first: a decoder takes no shared memory.
  return readShort(bytes, start, length) ??
    parseExtended(latin1.decode(bytes.slice(start, start + length)));
}

/** The number that a short decimal without an exponent spells; undefined where it is none. */
function readShort(bytes: Bytes, start: number, length: number): Extended | undefined {
  const end = start + length;
  const isNegative = bytes[start] === MINUS;
  let digits = 0;
  let value = 0;
  let pointAt = end;
  for (let i = isNegative || bytes[start] === PLUS ? start + 1 : start; i < end; i++) {
    const digit = bytes[i] - ZERO_DIGIT;
    if (bytes[i] === POINT && pointAt === end) pointAt = i;
    else if (digit < 0 || digit > 9) return undefined;
    else {
      digits++;
      value = value * 10 + digit;
    }
  }
  if (digits === 0 || digits > SHORT_DIGITS) return undefined;
  if (value === 0) return ZERO;
  const fraction = Math.max(0, end - pointAt - 1);
  const integer = BigInt(isNegative ? -value : value);
  return fraction === 0 ? { mantissa: integer, exponent: 0 } : ofShort(value, fraction, isNegative);
}

/** `digits / 10^fraction`, for at most {@linkcode SHORT_DIGITS} of them. */
function ofShort(digits: number, fraction: number, isNegative: boolean): Extended {
  const divisor = POWERS_OF_TEN[fraction];
  // Of 64 or 65 bits; of one too many the last is dropped.
  let shift = MANTISSA_BITS - numberBits(digits) + POWER_BITS[fraction];
  let mantissa = dividedToEven(BigInt(digits) << BigInt(shift), divisor);
  if (mantissa >= MANTISSA_END) {
    shift--;
    mantissa = dividedToEven(BigInt(digits) << BigInt(shift), divisor);
  }
  return { mantissa: isNegative ? -mantissa : mantissa, exponent: -shift };
}

/**
 * The number that text spells, rounded to nearest: decimal, hexadecimal or infinite, as C's
 * strtold() reads it. Undefined where it spells none, or one beyond the range.
 */
export function parseExtended(text: string): Extended | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const infinite = INFINITE.exec(text);
  if (infinite !== null) {
    return { mantissa: infinite[1] === "-" ? -1n : 1n, exponent: Infinity };
  }
  const decimal = DECIMAL.exec(text);
  const parts = decimal ?? HEXADECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole, fraction, exponentText = "0"] = parts;
  const prefix = decimal === null ? "0x" : "";
  const digits = BigInt(prefix + whole + fraction);
  if (digits === 0n) return ZERO;
  const exponent = clamp(Number(exponentText), MAX_DECIMAL_EXPONENT * 4);
  const value = decimal === null
    ? rounded(digits, 1n, exponent - 4 * fraction.length)
    : ofDecimal(digits, exponent - fraction.length);
  if (value.mantissa === 0n || value.exponent === Infinity) return undefined;
  return sign === "-" ? { ...value, mantissa: -value.mantissa } : value;
}

function clamp(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

function ofDecimal(digits: bigint, exponent: number): Extended {
  const bounded = clamp(exponent, MAX_DECIMAL_EXPONENT);
  return bounded >= 0
    ? rounded(digits * 10n ** BigInt(bounded), 1n, 0)
    : rounded(digits, 10n ** BigInt(-bounded), 0);
}

/** `numerator / denominator × 2^scale`, rounded to nearest and, between two, to even. */
function rounded(numerator: bigint, denominator: bigint, scale: number): Extended {
  if (numerator < 0n) {
    const { mantissa, exponent } = rounded(-numerator, denominator, scale);
    return { mantissa: -mantissa, exponent };
  }
  // One bit at least too many in the quotient, so that no more than the rest decides.
  let excess = bitLength(numerator) - bitLength(denominator) - MANTISSA_BITS;
  if (excess + scale < MIN_EXPONENT) excess = MIN_EXPONENT - scale;
  let mantissa = quotientOf(numerator, denominator, excess);
  if (mantissa >= MANTISSA_END) {
    excess++;
    mantissa = quotientOf(numerator, denominator, excess);
  }
  const exponent = excess + scale;
  const isInfinite = exponent + bitLength(mantissa) > OVERFLOW_EXPONENT;
  return { mantissa, exponent: isInfinite ? Infinity : exponent };
}

/** `numerator / (denominator × 2^shift)` as the nearest integer. */
function quotientOf(numerator: bigint, denominator: bigint, shift: number): bigint {
  if (denominator === 1n) return shiftedToEven(numerator, shift);
  const dividend = shift < 0 ? numerator << BigInt(-shift) : numerator;
  return dividedToEven(dividend, shift > 0 ? denominator << BigInt(shift) : denominator);
}

/** The integer nearest to a quotient of two that are not negative; between two, the even one. */
function dividedToEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twiceRest = (dividend - quotient * divisor) << 1n;
  const up = twiceRest > divisor || (twiceRest === divisor && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

/** `value / 2^shift` as the nearest integer, of a value that is not negative. */
function shiftedToEven(value: bigint, shift: number): bigint {
  if (shift <= 0) return shift === 0 ? value : value << BigInt(-shift);
  const floor = value >> BigInt(shift);
  const twiceRest = (value - (floor << BigInt(shift))) << 1n;
  const unit = 1n << BigInt(shift);
  const up = twiceRest > unit || (twiceRest === unit && (floor & 1n) === 1n);
  return up ? floor + 1n : floor;
}

/** Bits of a value that is not negative. */
function bitLength(value: bigint): number {
  // Most have one word or two.
  const word = value >> BigInt(MANTISSA_BITS);
  if (word === 0n) return wordBits(value);
  if (word < MANTISSA_END) return MANTISSA_BITS + wordBits(word);
  const digits = value.toString(16);
  return digits.length * 4 - (Math.clz32(parseInt(digits[0], 16)) - 28);
}

function wordBits(word: bigint): number {
  const high = Number(word >> 32n);
  return high === 0 ? 32 - Math.clz32(Number(word)) : 64 - Math.clz32(high);
}

/** Bits of a safe integer that is not negative. */
function numberBits(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high === 0 ? 32 - Math.clz32(value) : 64 - Math.clz32(high);
}

/** The sum, rounded once. Infinite where it is too large, or either is. */
export function addExtended(a: Extended, b: Extended): Extended {
  if (a.exponent === Infinity) return a;
  if (b.exponent === Infinity) return b;
  if (a.mantissa === 0n) return b;
  if (b.mantissa === 0n) return a;
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = (a.mantissa << BigInt(a.exponent - exponent)) +
    (b.mantissa << BigInt(b.exponent - exponent));
  return sum === 0n ? ZERO : rounded(sum, 1n, exponent);
}

/** A finite number as decimal text: up to 17 digits behind the point, no exponent. */
export function formatExtended({ mantissa, exponent }: Extended): string {
  const isNegative = mantissa < 0n;
  const size = isNegative ? -mantissa : mantissa;
  const scaled = shiftedToEven(size * FRACTION_SCALE, -exponent);
  if (scaled === 0n) return "0";
  const whole = scaled / FRACTION_SCALE;
  const sign = isNegative ? "-" : "";
  const fraction = scaled - whole * FRACTION_SCALE;
  if (fraction === 0n) return sign + whole;
  const digits = String(fraction).padStart(FRACTION_DIGITS, "0");
  let length = FRACTION_DIGITS;
  while (digits[length - 1] === "0") length--;
  return `${sign}${whole}.${digits.slice(0, length)}`;
}
