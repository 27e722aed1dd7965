/**
 * Draws some of a collection's members, none of them twice, every choice being as likely as
 * any other.
 *
 * ```
 *   many of them, or no table │ so many of the numbers 0 … n - 1 are marked, then one walk stops at
 *                             │ the members that have those numbers                     O(n)
 *   few of a table            │ draws, and a list of what was drawn already         O(count)
 * ```
 *
 * Should draws of the second kind fail too often, a walk completes the sample, so it ends in any case.
 * (Numbers are marked as R. W. Floyd does it, CACM 30.9, 1987: one draw for each.)
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
/** Words of marks that are kept from one sample to the next. */
const KEPT_WORDS = 1024;

/** One sample at a time; begin another at any time. */
export class DistinctSample {
  #source!: MemberWalk;
  #randomInt!: RandomInt;
  #wanted = 0;
  #drawsLeft = 0;
  readonly #drawn = new Set<number>();
  /** A bit for each member in the order of the walk: whether it belongs to the sample. */
  #marks = new Int32Array(KEPT_WORDS);
  /** The number of the member that the walk is at, -1 before it has begun. */
  #at = -1;

  /** Begins a sample of `count` members, or of all where there are fewer. */
  begin(source: MemberWalk, count: number, randomInt: RandomInt): void {
    const size = source.liveCount;
    this.#source = source;
    this.#randomInt = randomInt;
    this.#wanted = Math.min(count, size);
    this.#at = -1;
    this.#drawn.clear();
    if (source.isTable && count * WALK_FACTOR <= size) {
      this.#drawsLeft = MIN_DRAWS + count * MAX_DRAWS_PER_MEMBER;
    } else {
      this.#drawsLeft = 0;
      this.#mark(size);
    }
  }

  /** Puts the source's cursor on the next member of the sample. The source must not change. */
  next(): boolean {
    if (this.#wanted === 0) {
      this.#forget();
      return false;
    }
    if (!this.#draw()) this.#walk();
    this.#wanted--;
    return true;
  }

  #forget(): void {
    this.#drawn.clear();
    if (this.#marks.length > KEPT_WORDS) this.#marks = new Int32Array(KEPT_WORDS);
  }

  #draw(): boolean {
    if (this.#drawsLeft === 0) return false;
    const source = this.#source;
    do {
      this.#drawsLeft--;
      source.seekRandom(this.#randomInt);
      if (!this.#drawn.has(source.position)) {
        this.#drawn.add(source.position);
        return true;
      }
    } while (this.#drawsLeft > 0);
    this.#mark(source.liveCount - this.#drawn.size);
    return false;
  }

  /** Marks as many of the numbers below `size` as are wanted. O(size / 32 + wanted). */
  #mark(size: number): void {
    const words = (size >>> 5) + 1;
    if (words > this.#marks.length) this.#marks = new Int32Array(words);
    else this.#marks.fill(0, 0, words);
    const marks = this.#marks;
    for (let last = size - this.#wanted; last < size; last++) {
      const drawn = this.#randomInt(last + 1);
      const number = (marks[drawn >>> 5] >>> drawn & 1) === 0 ? drawn : last;
      marks[number >>> 5] |= 1 << number;
    }
  }

  /** Goes on to the next member that is marked. */
  #walk(): void {
    const marks = this.#marks;
    const from = this.#at;
    let number = from + 1;
    let rest = marks[number >>> 5] >>> number;
    while (rest === 0) {
      number = (number | 31) + 1;
      rest = marks[number >>> 5];
    }
    number += 31 - Math.clz32(rest & -rest);
    this.#at = number;
    if (from === -1) this.#source.seekFirst();
    this.#advance(from === -1 ? number : number - from);
  }

  /** Moves the cursor on over members that have not been drawn, and by so many of them. */
  #advance(members: number): void {
    const source = this.#source;
    const drawn = this.#drawn;
    if (drawn.size === 0) {
      if (members > 0) source.skip(members);
      return;
    }
    while (drawn.has(source.position)) source.next();
    for (let left = members; left > 0; left--) {
      do source.next(); while (drawn.has(source.position));
    }
  }
}
