/**
 * Draws some of a collection's members, none of them twice, every choice being as likely as
 * any other.
 *
 * ```
 *   many of them, or no table │ one walk; of u members left to see, w of them still wanted, each
 *                             │ is taken with the chance w / u                          O(n)
 *   few of a table            │ draws, and a list of what was drawn already         O(count)
 * ```
 *
 * Should draws of the second kind fail too often, a walk over what is left completes the sample, so
 * it ends in any case. (The walk's rule is selection sampling, D. E. Knuth, TAOCP 3.4.2, S.)
 */

import type { RandomInt } from "./member_operations.ts";
import type { MemberWalk } from "./member_walk.ts";

/**
 * A walk takes less time than draws where this times the sample is more than there are members: a
 * draw tries several buckets, each of them a cache miss. Measured with a million members.
 */
const WALK_FACTOR = 16;
/** Draws for each member wanted; hardly more than one is expected. */
const MAX_DRAWS_PER_MEMBER = 8;
const MIN_DRAWS = 64;

/** One sample at a time; begin another at any time. */
export class DistinctSample {
  #source!: MemberWalk;
  #randomInt!: RandomInt;
  #wanted = 0;
  #unseen = 0;
  #drawsLeft = 0;
  #walkBegun = false;
  readonly #drawn = new Set<number>();

  /** Begins a sample of `count` members, or of all where there are fewer. */
  begin(source: MemberWalk, count: number, randomInt: RandomInt): void {
    const size = source.liveCount;
    this.#source = source;
    this.#randomInt = randomInt;
    this.#wanted = Math.min(count, size);
    this.#unseen = size;
    this.#walkBegun = false;
    this.#drawn.clear();
    this.#drawsLeft = source.isTable && count * WALK_FACTOR <= size
      ? MIN_DRAWS + count * MAX_DRAWS_PER_MEMBER
      : 0;
  }

  /** Puts the source's cursor on the next member of the sample. The source must not change. */
  next(): boolean {
    if (this.#wanted === 0) {
      this.#drawn.clear();
      return false;
    }
    if (!this.#draw()) this.#walk();
    this.#wanted--;
    return true;
  }

  #draw(): boolean {
    const source = this.#source;
    while (this.#drawsLeft > 0) {
      this.#drawsLeft--;
      source.seekRandom(this.#randomInt);
      if (this.#drawn.has(source.position)) continue;
      this.#drawn.add(source.position);
      this.#unseen--;
      return true;
    }
    return false;
  }

  #walk(): void {
    do this.#advance(); while (this.#randomInt(this.#unseen--) >= this.#wanted);
  }

  #advance(): void {
    const source = this.#source;
    do {
      if (this.#walkBegun) source.next();
      else source.seekFirst();
      this.#walkBegun = true;
    } while (this.#drawn.has(source.position));
  }
}
