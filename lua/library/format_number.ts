/** Numbers as C's printf prints them, with flags, width and precision. */

import {
  fixedDigits,
  formatExponent,
  formatNonFinite,
  significant,
} from "../runtime/number_text.ts";

/** One conversion of a format, such as `%-5.1f`. */
export interface Directive {
  readonly conversion: string;
  /** `-`: spaces behind, not in front. */
  readonly isLeft: boolean;
  /** In front of a number that is not negative. */
  readonly sign: "+" | " " | "";
  /** `#`: 0x, a point always, zeros at the end of a fraction. */
  readonly isAlternate: boolean;
  /** `0`: zeros in front in place of spaces. */
  readonly isZeroPadded: boolean;
  readonly width: number;
  /** Digits; -1: as many as is usual. */
  readonly precision: number;
}

/** Puts spaces around a text, up to the width. */
export function pad({ isLeft, width }: Directive, text: string): string {
  if (text.length >= width) return text;
  return isLeft ? text.padEnd(width) : text.padStart(width);
}

/** Puts zeros or spaces around a number. */
function padNumber(directive: Directive, prefix: string, digits: string, zeros: boolean): string {
  if (!zeros) return pad(directive, prefix + digits);
  return prefix + digits.padStart(directive.width - prefix.length, "0");
}

const LEAST_INTEGER = -(2n ** 63n);

/** A number as `%d`, `%i`, `%o`, `%u`, `%x` or `%X`, of 64 bits. */
export function formatInteger(directive: Directive, value: number): string {
  const { conversion, precision, isAlternate, isZeroPadded } = directive;
  let prefix = "";
  let digits: string;
  if (conversion === "d" || conversion === "i") {
    const integer = Math.abs(value) < 2 ** 53 ? Math.trunc(value) : toInt64(value);
    prefix = integer < 0 ? "-" : directive.sign;
    digits = String(integer);
    if (integer < 0) digits = digits.slice(1);
    else if (Object.is(integer, -0)) digits = "0";
  } else {
    const integer = value >= 0 && value < 2 ** 53 ? Math.trunc(value) : toUint64(value);
    digits = integer.toString(conversion === "u" ? 10 : conversion === "o" ? 8 : 16);
    if (conversion === "X") digits = digits.toUpperCase();
    if (isAlternate && integer > 0 && (conversion === "x" || conversion === "X")) {
      prefix = "0" + conversion;
    }
  }
  if (precision >= 0) {
    digits = digits === "0" && precision === 0 ? "" : digits.padStart(precision, "0");
  }
  if (isAlternate && conversion === "o" && !digits.startsWith("0")) digits = "0" + digits;
  return padNumber(directive, prefix, digits, isZeroPadded && precision < 0);
}

/** As the processor converts: what does not fit is the least integer. */
function toInt64(value: number): bigint {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : LEAST_INTEGER;
}

/** The same without a sign, as C compilers do it: the upper half in a second step. */
function toUint64(value: number): bigint {
  if (value >= 2 ** 63) return toInt64(value - 2 ** 63) + LEAST_INTEGER & 0xffff_ffff_ffff_ffffn;
  return BigInt.asUintN(64, toInt64(value));
}

const DEFAULT_PRECISION = 6;

/** A number as `%e`, `%f` or `%g`, or in capitals. */
export function formatFloat(directive: Directive, value: number): string {
  const { conversion, isZeroPadded } = directive;
  const isNegative = value < 0 || Object.is(value, -0);
  let prefix = isNegative ? "-" : directive.sign;
  let digits: string;
  const isFinite = Number.isFinite(value);
  if (isFinite) digits = floatDigits(directive, Math.abs(value));
  else {
    digits = formatNonFinite(Math.abs(value));
    if (digits.startsWith("-")) {
      prefix = "-";
      digits = digits.slice(1);
    }
  }
  if (conversion === "E" || conversion === "G") digits = digits.toUpperCase();
  return padNumber(directive, prefix, digits, isZeroPadded && isFinite);
}

function floatDigits(directive: Directive, size: number): string {
  const { conversion, isAlternate } = directive;
  const precision = directive.precision < 0 ? DEFAULT_PRECISION : directive.precision;
  switch (conversion) {
    case "f": {
      const digits = fixedDigits(size, precision);
      return isAlternate && precision === 0 ? digits + "." : digits;
    }
    case "e":
    case "E": {
      const { digits, exponent } = significant(size, precision + 1);
      return withPoint(digits, 1, isAlternate) + formatExponent(exponent);
    }
    default:
      return generalDigits(size, precision === 0 ? 1 : precision, isAlternate);
  }
}

/** `%g`: with an exponent where that is below -4 or not below the precision. */
function generalDigits(size: number, precision: number, isAlternate: boolean): string {
  const { digits, exponent } = significant(size, precision);
  const kept = isAlternate ? digits : digits.replace(/0+$/, "");
  if (exponent < -4 || exponent >= precision) {
    return withPoint(kept === "" ? "0" : kept, 1, isAlternate) + formatExponent(exponent);
  }
  if (exponent < 0) return withPoint("0".repeat(-exponent) + kept, 1, isAlternate);
  return withPoint(kept.padEnd(exponent + 1, "0"), exponent + 1, isAlternate);
}

/** Digits with a point behind the first so many, which may be left out where it would be the last. */
function withPoint(digits: string, whole: number, isAlternate: boolean): string {
  if (digits.length > whole) return `${digits.slice(0, whole)}.${digits.slice(whole)}`;
  return isAlternate ? digits + "." : digits;
}
