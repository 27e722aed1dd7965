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
 * It is as slow as big integers are, some microseconds: nothing for a hot path.
 */

/** `mantissa` × 2^`exponent`; infinite where the exponent is. */
export interface Extended {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const MANTISSA_BITS = 64;
/** Exponent of the last bit of the smallest number. */
const MIN_EXPONENT = -16_445;
/** Numbers of 2 to this power and more are infinite. */
const OVERFLOW_EXPONENT = 16_384;
/** Longer text is no number. */
const MAX_TEXT = 5 * 1024 - 1;
/** A decimal exponent beyond this makes a number of any such text infinite or zero. */
const MAX_DECIMAL_EXPONENT = 20_000;
const FRACTION_DIGITS = 17;

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;
const HEXADECIMAL = /^([+-]?)0x(?=\.?[\da-f])([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

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
  if (digits === 0n) return { mantissa: 0n, exponent: 0 };
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
  let mantissa = dividedToEven(numerator, denominator, excess);
  if (bitLength(mantissa) > MANTISSA_BITS) {
    excess++;
    mantissa = dividedToEven(numerator, denominator, excess);
  }
  const exponent = excess + scale;
  const isInfinite = exponent + bitLength(mantissa) > OVERFLOW_EXPONENT;
  return { mantissa, exponent: isInfinite ? Infinity : exponent };
}

/** `numerator / (denominator × 2^shift)` as the nearest integer. */
function dividedToEven(numerator: bigint, denominator: bigint, shift: number): bigint {
  const dividend = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const divisor = shift > 0 ? denominator << BigInt(shift) : denominator;
  const quotient = dividend / divisor;
  const twiceRest = (dividend - quotient * divisor) * 2n;
  const up = twiceRest > divisor || (twiceRest === divisor && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = value.toString(16);
  return digits.length * 4 - (Math.clz32(parseInt(digits[0], 16)) - 28);
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
  return sum === 0n ? { mantissa: 0n, exponent: 0 } : rounded(sum, 1n, exponent);
}

/** A finite number as decimal text: up to 17 digits behind the point, no exponent. */
export function formatExtended({ mantissa, exponent }: Extended): string {
  const isNegative = mantissa < 0n;
  const scaled = dividedToEven(
    (isNegative ? -mantissa : mantissa) * 10n ** BigInt(FRACTION_DIGITS),
    1n,
    -exponent,
  );
  if (scaled === 0n) return "0";
  const digits = scaled.toString().padStart(FRACTION_DIGITS + 1, "0");
  const whole = digits.slice(0, -FRACTION_DIGITS);
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, "");
  return (isNegative ? "-" : "") + whole + (fraction === "" ? "" : "." + fraction);
}
