/**
 * The values of numerals in a chunk, as C's `strtod` reads them: decimal, or hexadecimal with an
 * optional exponent of two (`0x1p4`).
 */

/** Digits of an integer that a double surely holds. */
const SAFE_DIGITS = 15;
const SAFE_HEX_DIGITS = 13;

/**
 * The number that a numeral stands for, or undefined where it is malformed.
 *
 * @param start where it begins in `source`: with a digit or a point
 * @param end behind its last character. What follows a zero byte does not count.
 */
export function readNumeral(source: string, start: number, end: number): number | undefined {
  let at = start;
  let value = 0;
  let digit = digitAt(source, at, end);
  while (digit >= 0) {
    value = value * 10 + digit;
    digit = digitAt(source, ++at, end);
  }
  if (at === end && at - start <= SAFE_DIGITS) return value;
  const letter = source.charCodeAt(at) | 32;
  if (letter === 120 && at === start + 1 && value === 0) {
    return readHexadecimal(source, at + 1, end);
  }
  if (at < end && source.charCodeAt(at) === 46) {
    do at++; while (digitAt(source, at, end) >= 0);
  }
  if (at < end && (source.charCodeAt(at) | 32) === 101) {
    const sign = source.charCodeAt(at + 1);
    const digits = sign === 43 || sign === 45 ? at + 2 : at + 1;
    if (digitAt(source, digits, end) < 0) return undefined;
    at = digits;
    do at++; while (digitAt(source, at, end) >= 0);
  }
  if (at < end && source.charCodeAt(at) !== 0) return undefined;
  return Number(source.slice(start, at));
}

/** The digit's value, or -1 where there is none. */
function digitAt(source: string, at: number, end: number): number {
  if (at >= end) return -1;
  const digit = source.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** @param start behind `0x` */
function readHexadecimal(source: string, start: number, end: number): number | undefined {
  let at = start;
  let value = 0;
  for (let digit = hexDigitAt(source, at, end); digit >= 0; digit = hexDigitAt(source, at, end)) {
    value = value * 16 + digit;
    at++;
  }
  if (at === start) return undefined;
  // Rounded once, as a whole.
  if (at - start > SAFE_HEX_DIGITS) value = Number(BigInt(`0x${source.slice(start, at)}`));
  if (at < end && (source.charCodeAt(at) | 32) === 112) {
    let exponent = 0;
    let digit = digitAt(source, ++at, end);
    if (digit < 0) return undefined;
    for (; digit >= 0; digit = digitAt(source, ++at, end)) {
      exponent = Math.min(exponent * 10 + digit, 10_000);
    }
    value = value === 0 ? 0 : value * 2 ** exponent;
  }
  return at === end || source.charCodeAt(at) === 0 ? value : undefined;
}

/** The hexadecimal digit's value, or -1 where there is none. */
function hexDigitAt(source: string, at: number, end: number): number {
  const digit = digitAt(source, at, end);
  if (digit >= 0 || at >= end) return digit;
  const letter = (source.charCodeAt(at) | 32) - 97;
  return letter >= 0 && letter <= 5 ? letter + 10 : -1;
}
