/**
 * The digits of a double: as a rule the fewest that read back as the same, as Grisu2 finds them
 * (F. Loitsch, "Printing Floating-Point Numbers Quickly and Accurately with Integers", PLDI 2010).
 *
 * All numbers between the double's two boundaries read back as it. They are multiplied by a power of
 * ten that brings them to where their integral part has 32 bits at the most, and digits are taken off
 * the upper boundary until what is left is within their distance:
 *
 * ```
 *        lower         value        upper
 *  ────────┼─────────────┼────────────┼────────      × 10^k, kept in 64 bits
 *                     └ 1234567 ┘  digits of upper; the last is lowered while that comes closer
 * ```
 *
 * The products are rounded, for which the boundaries are drawn in by one unit. So one double in a
 * thousand gets a digit more than need be, or not the closest of the shortest. Redis prints by this
 * algorithm, with powers of ten eight apart, and so does this, digit by digit.
 *
 * A number of 64 bits is two integers of 32, named 1 for the upper and 0 for the lower. Nothing is
 * allocated.
 */

const ZERO = 0x30;

/** Cached powers of ten: from this exponent, so many apart, so many of them. */
const FIRST_POWER = -348;
const POWER_STEP = 8;
const POWERS = 87;
/** What the exponent of two of a product may be: its integral part then has 4 to 32 bits. */
const MIN_EXPONENT = -60;
const MAX_EXPONENT = -32;
/** Logarithm of 2 to the base of 10. */
const LOG_2 = 0.30102999566398114;

/** Each power as 64 bits, of which the highest is set, and an exponent of two. */
const powerHigh = new Int32Array(POWERS);
const powerLow = new Int32Array(POWERS);
const powerExponent = new Int32Array(POWERS);
for (let i = 0; i < POWERS; i++) cachePower(i);

function cachePower(index: number): void {
  const power = FIRST_POWER + index * POWER_STEP;
  const ten = 10n ** BigInt(Math.abs(power));
  const bits = ten.toString(2).length;
  // 2^shift times the power has 65 bits or 64 and a rest; the last of 65 rounds.
  const shift = power >= 0 ? 65 - bits : 64 + bits;
  const scaled = power < 0
    ? (1n << BigInt(shift)) / ten
    : shift >= 0
    ? ten << BigInt(shift)
    : ten >> BigInt(-shift);
  const excess = BigInt(scaled.toString(2).length - 64);
  const rounded = scaled + (1n << excess - 1n) >> excess;
  powerHigh[index] = Number(BigInt.asIntN(32, rounded >> 32n));
  powerLow[index] = Number(BigInt.asIntN(32, rounded));
  powerExponent[index] = Number(excess) - shift;
}

/** Powers of ten that an integral part of 32 bits is divided by. */
const TENS = Int32Array.from({ length: 10 }, (_, i) => 10 ** (9 - i));

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
/** The last product, upper half first. */
const product = new Int32Array(2);

/** Most digits that there are. */
const MAX_DIGITS = 18;

/** What {@linkcode findDigits} has found: digits as characters. */
export const digits: Uint8Array = new Uint8Array(MAX_DIGITS);
let lastExponent = 0;

/** The power of ten of the last digit that was found. */
export function exponentOfLast(): number {
  return lastExponent;
}

/** Finds the digits of a double that is neither 0 nor infinite, whatever its sign. @returns how many */
export function findDigits(value: number): number {
  double[0] = value;
  const biased = halves[1] >>> 20 & 0x7ff;
  const isNormal = biased !== 0;
  const high = halves[1] & 0xfffff | (isNormal ? 0x100000 : 0);
  const low = halves[0];
  // The highest bit that is set becomes the highest of 64.
  const shift = high !== 0 ? Math.clz32(high) : 32 + Math.clz32(low);
  const exponent = (isNormal ? biased - 1075 : -1074) - shift;
  const isWide = shift < 32;
  const value1 = isWide ? high << shift | low >>> 1 >>> 31 - shift : low << shift - 32;
  const value0 = isWide ? low << shift : 0;
  // The boundaries: half of a unit above, and below as much, or half of that at a power of two.
  const above = shift - 1;
  const below = high === 0x100000 && low === 0 ? shift - 2 : above;
  const above1 = above < 32 ? 0 : 1 << above - 32;
  const above0 = above < 32 ? 1 << above : 0;
  const below1 = below < 32 ? 0 : 1 << below - 32;
  const below0 = below < 32 ? 1 << below : 0;

  const index = powerFor(exponent);
  multiply(value1, value0, index);
  const w1 = product[0];
  const w0 = product[1];
  const sum0 = value0 + above0 | 0;
  multiply(value1 + above1 + carryOf(sum0, above0) | 0, sum0, index);
  const upper0 = product[1] - 1 | 0;
  const upper1 = product[0] - (product[1] === 0 ? 1 : 0) | 0;
  multiply(value1 - below1 - borrowOf(value0, below0) | 0, value0 - below0 | 0, index);
  const lower0 = product[1] + 1 | 0;
  const lower1 = product[0] + (lower0 === 0 ? 1 : 0) | 0;
  lastExponent = -(FIRST_POWER + index * POWER_STEP);
  const pointAt = -(exponent + powerExponent[index] + 64);
  return generate(
    pointAt - 32,
    upper1,
    upper0,
    upper1 - w1 - borrowOf(upper0, w0) | 0,
    upper0 - w0 | 0,
    upper1 - lower1 - borrowOf(upper0, lower0) | 0,
    upper0 - lower0 | 0,
  );
}

/** 1 where a sum of 32 bits is less than what was added to another. */
function carryOf(sum: number, added: number): number {
  return sum >>> 0 < added >>> 0 ? 1 : 0;
}

/** 1 where what is taken away is more than what it is taken from. */
function borrowOf(from: number, taken: number): number {
  return from >>> 0 < taken >>> 0 ? 1 : 0;
}

/** Index of the power of ten that brings what has an exponent of two to where it belongs. */
function powerFor(exponent: number): number {
  const approximation = Math.trunc(-(exponent + POWERS) * LOG_2);
  let index = Math.trunc((approximation - FIRST_POWER) / POWER_STEP);
  for (;;) {
    const scaled = exponent + powerExponent[index] + 64;
    if (scaled < MIN_EXPONENT) index++;
    else if (scaled > MAX_EXPONENT) index--;
    else return index;
  }
}

/** Multiplies by a power of ten; the upper 64 bits of 128, rounded, are in {@linkcode product}. */
function multiply(high: number, low: number, index: number): void {
  const c1 = powerHigh[index];
  const c0 = powerLow[index];
  const highByLow = Math.imul(high, c0);
  const lowByHigh = Math.imul(low, c1);
  let carries = highByLow + lowByHigh | 0;
  let carry = carryOf(carries, lowByHigh);
  const lowByLow = highHalf(low, c0);
  carries = carries + lowByLow | 0;
  carry += carryOf(carries, lowByLow);
  // Rounding adds 2^31.
  if (carries < 0) carry++;
  let sum = Math.imul(high, c1) + carry | 0;
  let upper = highHalf(high, c1) + carryOf(sum, carry) | 0;
  const middle1 = highHalf(high, c0);
  sum = sum + middle1 | 0;
  upper = upper + carryOf(sum, middle1) | 0;
  const middle2 = highHalf(low, c1);
  sum = sum + middle2 | 0;
  product[1] = sum;
  product[0] = upper + carryOf(sum, middle2);
}

/** The upper 32 bits of the product of two numbers of 32 (H. S. Warren, Hacker's Delight, 8-2). */
function highHalf(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16) | 0;
  const other = Math.imul(a0, b1) + (middle & 0xffff) | 0;
  return Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16) | 0;
}

/** The upper 32 bits of ten times a number of 32. */
function carryOfTen(a: number): number {
  return Math.imul(a >>> 16, 10) + (Math.imul(a & 0xffff, 10) >>> 16) >>> 16;
}

/**
 * Takes digits off the upper boundary.
 *
 * @param shift bits of its upper half that are behind the point, as the lower half is
 * @param wide1, wide0 from the double to it
 * @param delta1, delta0 from the lower boundary to it
 * @returns how many
 */
function generate(
  shift: number,
  upper1: number,
  upper0: number,
  wide1: number,
  wide0: number,
  delta1: number,
  delta0: number,
): number {
  const mask = (1 << shift) - 1;
  let whole = upper1 >>> shift;
  let rest1 = upper1 & mask;
  let rest0 = upper0;
  let count = 0;
  for (let i = 0; i < TENS.length; i++) {
    const ten = TENS[i];
    if (whole < ten && count === 0) continue;
    const digit = whole / ten | 0;
    digits[count++] = ZERO + digit;
    whole -= Math.imul(digit, ten);
    const left1 = whole << shift | rest1;
    if (!isLess(delta1, delta0, left1, rest0)) {
      lastExponent += TENS.length - 1 - i;
      lowerLast(count, delta1, delta0, left1, rest0, ten << shift, wide1, wide0);
      return count;
    }
  }
  for (let power = -1;; power--) {
    rest1 = Math.imul(rest1, 10) + carryOfTen(rest0) | 0;
    rest0 = Math.imul(rest0, 10);
    delta1 = Math.imul(delta1, 10) + carryOfTen(delta0) | 0;
    delta0 = Math.imul(delta0, 10);
    wide1 = Math.imul(wide1, 10) + carryOfTen(wide0) | 0;
    wide0 = Math.imul(wide0, 10);
    const digit = rest1 >>> shift;
    if (digit !== 0 || count !== 0) digits[count++] = ZERO + digit;
    rest1 &= mask;
    if (isLess(rest1, rest0, delta1, delta0)) {
      lastExponent += power;
      lowerLast(count, delta1, delta0, rest1, rest0, 1 << shift, wide1, wide0);
      return count;
    }
  }
}

/**
 * Lowers the last digit as long as the number comes closer to the double by that, and stays above the
 * lower boundary.
 *
 * @param delta1, delta0 from the lower boundary to the upper
 * @param rest1, rest0 from the number to the upper boundary
 * @param unit1 what one of the last digit counts, its upper half; the lower is 0
 * @param wide1, wide0 from the double to the upper boundary
 */
function lowerLast(
  count: number,
  delta1: number,
  delta0: number,
  rest1: number,
  rest0: number,
  unit1: number,
  wide1: number,
  wide0: number,
): void {
  let own1 = rest1;
  while (isLess(own1, rest0, wide1, wide0)) {
    const left1 = delta1 - own1 - borrowOf(delta0, rest0) | 0;
    if (left1 >>> 0 < unit1 >>> 0) return;
    const next1 = own1 + unit1 | 0;
    if (!isLess(next1, rest0, wide1, wide0)) {
      // How far the double is from the number as it is, and from the next.
      const here1 = wide1 - own1 - borrowOf(wide0, rest0) | 0;
      const there1 = next1 - wide1 - borrowOf(rest0, wide0) | 0;
      if (!isLess(there1, rest0 - wide0 | 0, here1, wide0 - rest0 | 0)) return;
    }
    digits[count - 1]--;
    own1 = next1;
  }
}

function isLess(a1: number, a0: number, b1: number, b0: number): boolean {
  return a1 === b1 ? a0 >>> 0 < b0 >>> 0 : a1 >>> 0 < b1 >>> 0;
}
