/**
 * Changes of scores that are about to be made to one large sorted set, and the walks that load what
 * they will look at.
 *
 * A change finds its member, takes the element out of the tree (a walk up from
 * it) and puts it in elsewhere (a walk down from the root). In a set of a million, the lower half
 * of either walk waits for memory at every level. The walks of different changes do not need each
 * other's results, nor do the two of one change, so all are made ahead, a level of each at a time:
 *
 * ```
 *            root ────────── in the caches ──────────┐
 *   change 1  │down                change 2  │down   │ the upper levels first,
 *             ▼                              ▼       │ for they need no waiting
 *             │down  ▲up                     │down  ▲up     then level by level:
 *             ▼      │up                     ▼      │up     four waits become one
 *           place  member                  place  member
 * ```
 *
 * Two short walks go from the member to its neighbours below it, one of which will take its place.
 *
 * Nothing is changed and nothing hangs on the outcome: where an earlier change of the batch moves
 * an element, the path that was loaded is nearly the right one.
 */

import { NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";
import { LEFT, PARENT, RIGHT } from "./sorted_set_element.ts";

/** Changes that are noted at most; any more are not loaded for. */
export const MAX_SCORE_CHANGES = 64;
/** Levels above the leaves that the caches do not keep: 2^11 elements are in each such subtree. */
const COLD_LEVELS = 11;
/** Levels that most leaves are below the height of a balanced tree at most. */
const DEEPER_LEVELS = 2;
/** Levels that the walks from a member to its neighbours go down: most of them are no longer. */
const NEIGHBOUR_LEVELS = 2;

/** See the top of the file. */
export class ScoreChanges {
  /** How many are noted; 0 forgets them. */
  count = 0;
  /** The hashes of their members. */
  readonly hashes: Int32Array = new Int32Array(MAX_SCORE_CHANGES);
  /** Where each walk up is: at first, the member, or whichever element a lookup comes to first. */
  readonly climbs: Int32Array = new Int32Array(MAX_SCORE_CHANGES);
  readonly #segments: readonly Int32Array[];
  /** Where each walk down is. */
  readonly #descents = new Int32Array(MAX_SCORE_CHANGES);
  /** Where each walk from the member to the next higher element is, below its right child. */
  readonly #nexts = new Int32Array(MAX_SCORE_CHANGES);
  /** Where each walk to the next lower element is, below its left child. */
  readonly #previouses = new Int32Array(MAX_SCORE_CHANGES);
  readonly #upperHalves = new Int32Array(MAX_SCORE_CHANGES);
  readonly #lowerHalves = new Int32Array(MAX_SCORE_CHANGES);
  readonly #score = new Float64Array(1);
  readonly #scoreWords = new Int32Array(this.#score.buffer);

  /** @param segments the arena's words */
  constructor(segments: readonly Int32Array[]) {
    this.#segments = segments;
  }

  /** Notes that the member of a hash is to get a score. O(1). */
  add(score: number, hash: number): void {
    const { count } = this;
    if (count === MAX_SCORE_CHANGES) return;
    this.#score[0] = score;
    const words = this.#scoreWords;
    this.#upperHalves[count] = upperHalf(words[1]);
    this.#lowerHalves[count] = lowerHalf(words[0], words[1]);
    this.hashes[count] = hash;
    this.count = count + 1;
  }

  /**
   * Makes all walks in the tree of that root and size; `climbs` must have been set. O(changes × log
   * n).
   */
  walk(root: Ref, size: number): void {
    this.#descents.fill(root, 0, this.count);
    const height = 32 - Math.clz32(size);
    for (let level = height + DEEPER_LEVELS; level > COLD_LEVELS; level--) this.#descend();
    this.#beginNeighbours();
    for (let level = 0; level < NEIGHBOUR_LEVELS; level++) {
      this.#climb();
      this.#descend();
      this.#followNeighbours();
    }
    // A tree is up to half as high again as it has to be, but few of its leaves are so deep.
    for (let level = NEIGHBOUR_LEVELS; level <= COLD_LEVELS; level++) {
      this.#climb();
      this.#descend();
    }
  }

  /** Begins the walks to the neighbours of each member: one of them takes its place. */
  #beginNeighbours(): void {
    const { count, climbs } = this;
    const segments = this.#segments;
    for (let i = 0; i < count; i++) {
      const element = climbs[i];
      const words = segments[element >>> SEGMENT_SHIFT];
      const at = (element & SEGMENT_MASK) << 1;
      this.#nexts[i] = element === NONE ? NONE : words[at + RIGHT];
      this.#previouses[i] = element === NONE ? NONE : words[at + LEFT];
    }
  }

  /** Takes every walk to a neighbour on, along the inner side of the member's subtrees. */
  #followNeighbours(): void {
    const { count } = this;
    const segments = this.#segments;
    const nexts = this.#nexts;
    const previouses = this.#previouses;
    for (let i = 0; i < count; i++) {
      const next = nexts[i];
      if (next !== NONE) {
        nexts[i] = segments[next >>> SEGMENT_SHIFT][((next & SEGMENT_MASK) << 1) + LEFT];
      }
      const previous = previouses[i];
      if (previous !== NONE) {
        const words = segments[previous >>> SEGMENT_SHIFT];
        previouses[i] = words[((previous & SEGMENT_MASK) << 1) + RIGHT];
      }
    }
  }

  /** Takes every walk up to the parent. */
  #climb(): void {
    const { count, climbs } = this;
    const segments = this.#segments;
    for (let i = 0; i < count; i++) {
      const element = climbs[i];
      if (element === NONE) continue;
      climbs[i] = segments[element >>> SEGMENT_SHIFT][((element & SEGMENT_MASK) << 1) + PARENT];
    }
  }

  /**
   * Takes every walk down to the child on the score's side. Scores are compared as the two words
   * that they are made of, less the last bits: the words are at hand, a double is one more array.
   */
  #descend(): void {
    const { count } = this;
    const segments = this.#segments;
    const descents = this.#descents;
    const upperHalves = this.#upperHalves;
    const lowerHalves = this.#lowerHalves;
    for (let i = 0; i < count; i++) {
      const element = descents[i];
      if (element === NONE) continue;
      const words = segments[element >>> SEGMENT_SHIFT];
      const at = (element & SEGMENT_MASK) << 1;
      let difference = upperHalf(words[at + 1]) - upperHalves[i];
      if (difference === 0) difference = lowerHalf(words[at], words[at + 1]) - lowerHalves[i];
      descents[i] = words[at + LEFT + (difference >>> 31)];
    }
  }
}

/**
 * The upper word of a double as an integer in the order of doubles, of which those below 0 have all
 * bits reversed; less its last bit, so that the difference of two fits 32 bits.
 */
function upperHalf(upper: number): number {
  return (upper ^ ((upper >> 31) >>> 1)) >> 1;
}

/** The lower word likewise, which orders doubles of equal upper words. */
function lowerHalf(lower: number, upper: number): number {
  return (lower ^ (upper >> 31)) >>> 1;
}
