/**
 * How many different elements a HyperLogLog has seen, from how many of its registers have which
 * value. The estimator is that of O. Ertl, "New cardinality estimation algorithms for HyperLogLog
 * sketches" (arXiv:1702.01284), algorithm 6, in doubles and in the order in which Redis adds them
 * up, so that it comes out the same to the last digit.
 */

import * as layout from "./hyperloglog_layout.ts";

const { REGISTER_COUNT, RUN_BITS } = layout;

/** 1 / (2 ln 2) */
const ALPHA = 0.721347520444481703680;

/** The sum over k of x^(2^k) 2^(k-1), and x: infinite for 1. */
function sigma(x: number): number {
  if (x === 1) return Infinity;
  let power = x;
  let factor = 1;
  let sum = x;
  for (let before = NaN; before !== sum;) {
    power *= power;
    before = sum;
    sum += power * factor;
    factor += factor;
  }
  return sum;
}

/** A third of what is left of 1 - x when the sum over k of (1 - x^(2^-k))² 2^-k is taken from it. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let factor = 1;
  let sum = 1 - x;
  for (let before = NaN; before !== sum;) {
    root = Math.sqrt(root);
    before = sum;
    factor *= 0.5;
    sum -= (1 - root) * (1 - root) * factor;
  }
  return sum / 3;
}

/**
 * The estimate, a whole number; beyond 2^63, or infinite, where registers have values that no
 * element gives them. O(1).
 *
 * @param histogram how many registers have each value
 */
export function estimate(histogram: ArrayLike<number>): number {
  const m = REGISTER_COUNT;
  let z = m * tau((m - histogram[RUN_BITS + 1]) / m);
  for (let value = RUN_BITS; value >= 1; value--) {
    z += histogram[value];
    z *= 0.5;
  }
  z += m * sigma(histogram[0] / m);
  return Math.round(ALPHA * m * m / z);
}

/** Adds to `histogram[v]` how many of the registers, a byte each, are v. O(registers). */
export function countRegisters(registers: Uint8Array, histogram: Int32Array): void {
  for (let i = 0; i < registers.length; i++) histogram[registers[i]]++;
}
