/**
 * The generator behind `math.random`: the linear congruential one of POSIX's lrand48, so that a seed
 * gives the same numbers on every machine.
 *
 * ```
 * x ─▶ (0x5DEECE66D · x + 11) mod 2^48        a number is the upper 31 of the 48 bits
 * ```
 */

/** The state before any seed: 0x1234ABCD330E. */
const FIRST_HIGH = 0x1234AB;
const FIRST_LOW = 0xCD330E;
const HALF = 2 ** 24;

export class Random48 {
  /** The upper and the lower 24 bits: a product of two halves is exact in a double. */
  #high = FIRST_HIGH;
  #low = FIRST_LOW;

  /** Begins the sequence of a seed, of which 32 bits count. */
  seed(seed: number): void {
    const state = (seed >>> 0) * 2 ** 16 + 0x330E;
    this.#high = Math.floor(state / HALF);
    this.#low = state % HALF;
  }

  /** The next number, 0 to 2^31 - 1. */
  next(): number {
    // 0x5DEECE66D is 0x5DE in the upper half and 0xECE66D in the lower.
    const low = 0xECE66D * this.#low + 11;
    const carry = Math.floor(low / HALF);
    const high = 0xECE66D * this.#high + 0x5DE * this.#low + carry;
    this.#low = low - carry * HALF;
    this.#high = high - Math.floor(high / HALF) * HALF;
    return this.#high * 2 ** 7 + (this.#low >>> 17);
  }
}
