/**
 * The time of a server under test.
 *
 * ```
 * what the server sees  =  base  +  all that advance() was given
 *                           └─ Date.now() of the moment, a function of the test, or a number
 * ```
 */

export class TestClock {
  readonly #base: () => number;
  #aheadMs = 0;

  /** @param base a time that stands still, or what tells the time; the system's if left out */
  constructor(base: number | (() => number) | undefined) {
    // Looked up at every call: a test may put another Date in its place at any time.
    this.#base = base === undefined
      ? () => Date.now()
      : typeof base === "number"
      ? () => base
      : base;
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => this.#base() + this.#aheadMs;

  /** Moves the time on. @throws {RangeError} for what is no time, or would go back */
  advance(ms: number): void {
    if (!(ms >= 0) || ms === Infinity) {
      throw new RangeError(`advance(${ms}): milliseconds are a finite number, 0 or more`);
    }
    this.#aheadMs += ms;
  }
}
