/** Uniform integers from a fixed seed, so that a failing run of random operations can be repeated. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed | 0) || 1;
  }

  /** 32 random bits as an int32 (Marsaglia's xorshift, its output scrambled by a multiplication). */
  bits(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return Math.imul(this.#state, 0x9e3779b1);
  }

  /** A uniform integer from 0 to bound - 1. */
  below(bound: number): number {
    return Math.floor((this.bits() >>> 0) / 2 ** 32 * bound);
  }

  /** One of the elements. */
  pick<T>(elements: readonly T[]): T {
    return elements[this.below(elements.length)];
  }
}
