/**
 * Integers of some width, signed or not, that get a value they may have no room for. What then
 * happens is chosen:
 *
 * ```
 *                 200 + 100 in 8 bits, unsigned     100 + 100, signed
 *   Wrap          44                                -56
 *   Saturate      255                               127
 *   Fail          nothing                           nothing
 * ```
 *
 * Numbers serve as long as a double is exact: up to the width that bit_field.ts reads as one, with
 * values and increments of at most {@linkcode MAX_NUMBER_OPERAND}. Others are bigints.
 */

/** What becomes of a value that does not fit. */
export const Overflow = { Wrap: 0, Saturate: 1, Fail: 2 } as const;
export type Overflow = typeof Overflow[keyof typeof Overflow];
const { Fail: FAIL, Saturate: SATURATE } = Overflow;

/** Greatest operand, up or down, that they serve for: a sum is then exact. */
export const MAX_NUMBER_OPERAND: number = 2 ** 52;

/**
 * What an integer of `width` bits becomes that is to be `value`; NaN for nothing. O(1).
 *
 * @param value exact, at most 2^53
 */
export function fittedNumber(
  value: number,
  width: number,
  isSigned: boolean,
  overflow: Overflow,
): number {
  const size = 2 ** width;
  const max = (isSigned ? size / 2 : size) - 1;
  const min = isSigned ? -size / 2 : 0;
  if (value >= min && value <= max) return value;
  if (overflow === FAIL) return NaN;
  if (overflow === SATURATE) return value > max ? max : min;
  const rest = value - Math.floor(value / size) * size;
  return rest > max ? rest - size : rest;
}

/** As {@linkcode fittedNumber}, for any value and up to 64 bits; undefined for nothing. */
export function fittedBigInt(
  value: bigint,
  width: number,
  isSigned: boolean,
  overflow: Overflow,
): bigint | undefined {
  const wrapped = isSigned ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
  if (wrapped === value) return value;
  if (overflow === FAIL) return undefined;
  if (overflow === SATURATE) {
    return value > 0n ? maxBigInt(width, isSigned) : minBigInt(width, isSigned);
  }
  return wrapped;
}

/** The greatest integer of a width. */
function maxBigInt(width: number, isSigned: boolean): bigint {
  return (1n << BigInt(isSigned ? width - 1 : width)) - 1n;
}

function minBigInt(width: number, isSigned: boolean): bigint {
  return isSigned ? -(1n << BigInt(width - 1)) : 0n;
}
