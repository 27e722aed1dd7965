/**
 * Decimals of 16 to 19 digits, as doubles are often printed, without a string in between.
 *
 * ```
 *   digits   123456.7890123456789  ─▶  m = 1234567890123456789, exact as s + t    P = 10^13, exact
 *   m / P    q = s / P rounded; r = m - q × P, exact but for the last bits;  c = r / P
 *            q + c is the double, unless it is so near the middle between two that c's error counts
 * ```
 *
 * The products are exact as sums of two doubles (T. J. Dekker, "A floating-point technique for
 * extending the available precision", 1971).
 */

const POINT = 0x2e;
const ZERO = 0x30;

/** Digits whose value a double holds, whatever they are. */
const HIGH_DIGITS = 15;
const MAX_DIGITS = 19;
/** Powers of ten that a double holds. */
const POWERS_OF_TEN = Float64Array.from({ length: 20 }, (_, i) => Number(`1e${i}`));
/** Splits a double into two of 26 bits. */
const SPLITTER = 2 ** 27 + 1;
const TWO_26 = 2 ** 26;
/** More than the error of c, as a part of q. */
const DOUBT = 2 ** -83;

/**
 * The double nearest to the digits with at most one point in `bytes[start, end)`; NaN where there is
 * anything else, are more than 19 digits, or where it would take more precision to tell. O(1).
 */
export function parseWideDecimal(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MAX_DIGITS + 1) return NaN;
  let high = 0;
  let low = 0;
  let lowScale = 1;
  let digits = 0;
  let point = -1;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digits++ < HIGH_DIGITS) high = high * 10 + digit;
      else {
        low = low * 10 + digit;
        lowScale *= 10;
      }
    } else if (bytes[at] === POINT && point < 0) point = at;
    else return NaN;
  }
  if (digits === 0 || digits > MAX_DIGITS) return NaN;
  // The digits' value, s + t: the greater part of `high` has few enough bits, the rest is small.
  const top = Math.floor(high / TWO_26) * TWO_26;
  const a = top * lowScale;
  const b = (high - top) * lowScale + low;
  const s = a + b;
  const t = b - (s - a);
  const fraction = point < 0 ? 0 : end - point - 1;
  if (fraction === 0 || s === 0) return s;
  const power = POWERS_OF_TEN[fraction];
  const q = s / power;
  const c = (s - q * power - productError(q, power) + t) / power;
  const doubt = q * DOUBT;
  const nearest = q + (c + doubt);
  return nearest === q + (c - doubt) ? nearest : NaN;
}

/** What `x * y` is more than its rounded product. */
function productError(x: number, y: number): number {
  const product = x * y;
  const xHigh = SPLITTER * x - (SPLITTER * x - x);
  const yHigh = SPLITTER * y - (SPLITTER * y - y);
  const xLow = x - xHigh;
  const yLow = y - yHigh;
  return xLow * yLow - (product - xHigh * yHigh - xLow * yHigh - xHigh * yLow);
}
