/**
 * Numbers as text: what `tostring` and `..` print, which is C's `%.14g`.
 *
 * ```
 * 3  →  3          0.1  →  0.1          1e14  →  1e+14         0/0  →  -nan
 * -0 →  -0         1/3  →  0.33333333333333                    1/0  →  inf
 * ```
 *
 * As a rule JavaScript's own text serves: the shortest digits that read back as the same double, if they
 * are no more than 14, are the 14 digits that are nearest to it. For the others {@linkcode significant}
 * rounds the exact value.
 */

/** Digits that count in the text of a number. */
const PRECISION = 14;
/** From here on, and below the second, the text has an exponent. */
const MIN_EXPONENTIAL = 1e14;
const MIN_PLAIN = 1e-4;
/** Of so many characters, one of which is a point, at most 14 are digits. */
const MAX_SHORTEST = PRECISION + 1;

/** Powers of five that a double holds exactly. */
const POWERS_OF_FIVE = Float64Array.from({ length: 23 }, (_, i) => 5 ** i);

/** A number as `tostring` prints it. Some ten nanoseconds for what is usual. */
export function formatNumber(value: number): string {
  if ((value | 0) === value && (value !== 0 || 1 / value > 0)) return "" + value;
  const size = value < 0 ? -value : value;
  if (size < MIN_EXPONENTIAL && size >= MIN_PLAIN) {
    const text = "" + value;
    if (text.length <= MAX_SHORTEST) return text;
  }
  return formatGeneral(value, PRECISION);
}

/** A number as C's `%.{precision}g` prints it, with `precision` from 1 to 100. */
export function formatGeneral(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatNonFinite(value);
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const { digits, exponent } = significant(value, precision);
  let last = digits.length;
  while (digits.charCodeAt(last - 1) === 0x30) last--;
  const sign = value < 0 ? "-" : "";
  if (exponent < -4 || exponent >= precision) {
    const fraction = last > 1 ? "." + digits.slice(1, last) : "";
    return sign + digits[0] + fraction + formatExponent(exponent);
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits.slice(0, last)}`;
  if (last <= exponent + 1) return sign + digits.slice(0, exponent + 1);
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1, last)}`;
}

/**
 * `inf`, `-inf`, and `-nan` for all that is no number: 0/0 and what else the processor makes has the sign
 * on x86, which JavaScript does not let one ask for.
 */
export function formatNonFinite(value: number): string {
  return value === Infinity ? "inf" : value === -Infinity ? "-inf" : "-nan";
}

/** A decimal exponent with its sign and two digits at least. */
export function formatExponent(exponent: number): string {
  const size = Math.abs(exponent);
  return `e${exponent < 0 ? "-" : "+"}${size < 10 ? "0" : ""}${size}`;
}

/** Digits, the first of which counts 10^exponent. */
export interface SignificantDigits {
  readonly digits: string;
  readonly exponent: number;
}

/**
 * The first `precision` (1 to 101) digits of a finite number's size, rounded to nearest and halves to even
 * as C does. JavaScript rounds halves up, which is put right here.
 */
export function significant(value: number, precision: number): SignificantDigits {
  const size = Math.abs(value);
  const text = size.toExponential(precision - 1);
  const mark = text.indexOf("e");
  const exponent = Number(text.slice(mark + 1));
  const digits = precision === 1 ? text.slice(0, mark) : text[0] + text.slice(2, mark);
  // Where rounding up has carried into a digit more, the last is a 0, and even.
  const odd = digits.charCodeAt(precision - 1) % 2 === 1;
  return {
    digits: odd && isHalfWay(size, precision - 1 - exponent) ? oneLess(digits) : digits,
    exponent,
  };
}

/** A finite number's size as C's `%.{places}f`, with 0 to 100 digits behind the point. */
export function fixedDigits(size: number, places: number): string {
  // From here on JavaScript prints exponents; all such numbers are integers.
  if (size >= 1e21) return BigInt(size) + (places === 0 ? "" : "." + "0".repeat(places));
  const text = size.toFixed(places);
  const odd = text.charCodeAt(text.length - 1) % 2 === 1;
  return odd && isHalfWay(size, places) ? oneLess(text) : text;
}

/**
 * Whether a number lies half way between two multiples of 10^-places, `places` being negative for digits
 * in front of the point. All products and quotients here are exact, for they only move the exponent.
 */
function isHalfWay(size: number, places: number): boolean {
  // size · 2 · 10^places = size · 2^(places + 1) · 5^places is to be odd.
  if (places >= 0) return size * 2 ** (places + 1) % 2 === 1;
  if (-places >= POWERS_OF_FIVE.length) return false;
  const half = size / 2 ** (-places - 1);
  return half % 2 === 1 && half % POWERS_OF_FIVE[-places] === 0;
}

/** The digits with the last, which is odd, made one smaller. */
function oneLess(digits: string): string {
  const last = digits.length - 1;
  return digits.slice(0, last) + String.fromCharCode(digits.charCodeAt(last) - 1);
}
