/**
 * Changes of scores that are about to be made to one large sorted set, and the walks that load what
 * they will look at.
 *
 * A change finds its member (bucket, element), takes it out of its block in the tree, walks down for
 * the new score, and puts it into another block. In a set of a million nearly all of that waits for
 * memory. The waits of different changes do not need each other's results, so all changes take each
 * step together, and many waits become one:
 *
 * ```
 *   bucket ──▶ element ──▶ its block ──▶ node ──▶ parent ──▶ …     counts change up to the root
 *                                        root ──▶ child  ──▶ … ──▶ node ──▶ the score's block
 * ```
 *
 * Nothing is changed and nothing hangs on the outcome: where an earlier change of the batch moves
 * an element, what was loaded is nearly the right thing.
 */

import type { Ref } from "../arena/arena.ts";
import { loadBlock } from "./avl_block.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { BLOCK, FIRST_SCORE, IN_BLOCK, LEFT, NODE, PARENT } = setLayout;

/** Changes that are noted at most; any more are not loaded for. */
export const MAX_SCORE_CHANGES = 64;

/** See the top of the file. */
export class ScoreChanges {
  /** How many are noted; 0 forgets them. */
  count = 0;
  /** The hashes of their members. */
  readonly hashes: Int32Array = new Int32Array(MAX_SCORE_CHANGES);
  /** The member's element, or whichever a lookup comes to first. */
  readonly elements: Int32Array = new Int32Array(MAX_SCORE_CHANGES);
  readonly #segments: readonly Int32Array[];
  readonly #doubles: readonly Float64Array[];
  readonly #scores = new Float64Array(MAX_SCORE_CHANGES);
  /** The blocks to load next. */
  readonly #blocks = new Int32Array(MAX_SCORE_CHANGES);
  /** Where each walk up is. */
  readonly #climbs = new Int32Array(MAX_SCORE_CHANGES);
  /** Where each walk down is. */
  readonly #descents = new Int32Array(MAX_SCORE_CHANGES);
  /** The last node at which each walk down turned right. */
  readonly #targets = new Int32Array(MAX_SCORE_CHANGES);
  /** What the loads of blocks came to: kept, so that they are not optimized away. */
  loaded = 0;

  /**
   * @param segments the arena's words
   * @param doubles the arena's doubles
   */
  constructor(segments: readonly Int32Array[], doubles: readonly Float64Array[]) {
    this.#segments = segments;
    this.#doubles = doubles;
  }

  /** Whether no more are noted: ask before a hash is made for nothing. */
  get isFull(): boolean {
    return this.count === MAX_SCORE_CHANGES;
  }

  /** Notes that the member of a hash is to get a score. O(1). */
  add(score: number, hash: number): void {
    const { count } = this;
    if (count === MAX_SCORE_CHANGES) return;
    this.#scores[count] = score;
    this.hashes[count] = hash;
    this.count = count + 1;
  }

  /** Makes all walks in the tree of that root; `elements` must have been set. O(changes × log n). */
  walk(root: Ref): void {
    this.#follow(this.elements, IN_BLOCK, this.#blocks);
    this.#loadBlocks();
    this.#follow(this.#blocks, NODE, this.#climbs);
    this.#descents.fill(root, 0, this.count);
    this.#targets.fill(root, 0, this.count);
    while (this.#descend()) this.#follow(this.#climbs, PARENT, this.#climbs);
    this.#follow(this.#targets, BLOCK, this.#blocks);
    this.#loadBlocks();
  }

  /** Sets each reference of `to` to what word `field` of that of `from` refers to. */
  #follow(from: Int32Array, field: number, to: Int32Array): void {
    const { count } = this;
    const segments = this.#segments;
    for (let i = 0; i < count; i++) {
      const ref = from[i];
      to[i] = ref === NONE
        ? NONE
        : segments[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + field];
    }
  }

  /** Loads every line of the blocks. */
  #loadBlocks(): void {
    const { count } = this;
    const segments = this.#segments;
    const blocks = this.#blocks;
    let loaded = 0;
    for (let i = 0; i < count; i++) {
      if (blocks[i] !== NONE) loaded ^= loadBlock(segments, blocks[i]);
    }
    this.loaded = loaded;
  }

  /** Takes every walk down by a level, and answers whether any has not reached its end. */
  #descend(): boolean {
    const { count } = this;
    const segments = this.#segments;
    const doubles = this.#doubles;
    const scores = this.#scores;
    const descents = this.#descents;
    const targets = this.#targets;
    let left = 0;
    for (let i = 0; i < count; i++) {
      const node = descents[i];
      if (node === NONE) continue;
      const segment = node >>> SEGMENT_SHIFT;
      const granule = node & SEGMENT_MASK;
      // Chosen by arithmetic: a branch would be guessed wrong half of the time.
      const isBelow = Number(doubles[segment][granule + FIRST_SCORE] < scores[i]);
      targets[i] = (node & -isBelow) | (targets[i] & (isBelow - 1));
      const child = segments[segment][(granule << 1) + LEFT + isBelow];
      descents[i] = child;
      left |= child;
    }
    return left !== 0;
  }
}
