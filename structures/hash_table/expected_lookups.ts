/**
 * Lookups that are about to be made in one table, which load ahead what each will wait for.
 *
 * A lookup in a large table waits for its bucket and then for the right node. The waits of different
 * lookups do not need each other's results, so all lookups take each step together:
 *
 * ```
 *   hash   hash   hash   …      noted one by one
 *   bucket bucket bucket …      hash_table.ts, candidates: waits overlap
 *   node   node   node   …      here: waits overlap
 * ```
 *
 * Nothing is changed and nothing hangs on the outcome.
 */

import type { Ref } from "../arena/arena.ts";
import type { HashTable } from "./hash_table.ts";
import * as arenaLayout from "../arena/arena_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

/** Lookups that are noted at most; any more are not loaded for. */
export const MAX_EXPECTED_LOOKUPS = 64;
/** The last word of a segment has all bits set in its index. */
const WORD_MASK = (SEGMENT_MASK << 1) | 1;

/** See the top of the file. */
export class ExpectedLookups {
  readonly #segments: readonly Int32Array[];
  readonly #tables: HashTable;
  readonly #farWord: number;
  readonly #hashes = new Int32Array(MAX_EXPECTED_LOOKUPS);
  readonly #nodes = new Int32Array(MAX_EXPECTED_LOOKUPS);
  #count = 0;
  /** What the loads came to: kept, so that they are not optimized away. */
  #loaded = 0;

  /**
   * @param segments the arena's words
   * @param farWord a word of a usual node that may be in its second cache line
   */
  constructor(segments: readonly Int32Array[], tables: HashTable, farWord: number) {
    this.#segments = segments;
    this.#tables = tables;
    this.#farWord = farWord;
  }

  /** Whether no more are noted: ask before a hash is made for nothing. */
  get isFull(): boolean {
    return this.#count === MAX_EXPECTED_LOOKUPS;
  }

  /** Notes that a hash will be looked up. O(1). */
  add(hash: number): void {
    if (!this.isFull) this.#hashes[this.#count++] = hash;
  }

  /** Loads for the lookups noted, which are in that table, and forgets them. O(lookups). */
  load(table: Ref): void {
    const count = this.#count;
    this.#count = 0;
    this.#tables.candidates(table, this.#hashes, this.#nodes, count);
    this.#loaded ^= touchNodes(this.#segments, this.#nodes, count, this.#farWord);
  }
}

/**
 * Reads the first word and another one of each node, NONE included: independent loads, whose waits
 * overlap. O(count).
 *
 * @returns a mix of the words read, for the caller to keep, lest the loads be optimized away
 */
export function touchNodes(
  segments: readonly Int32Array[],
  nodes: Int32Array,
  count: number,
  farWord: number,
): number {
  let mix = 0;
  for (let i = 0; i < count; i++) {
    const node = nodes[i];
    const words = segments[node >>> SEGMENT_SHIFT];
    const at = (node & SEGMENT_MASK) << 1;
    // A short node may end where its segment does.
    mix ^= words[at] ^ words[(at + farWord) & WORD_MASK];
  }
  return mix;
}
