/** How much memory a hash table takes while it grows: what is to be reserved before many insertions. */

import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { GROW_ABOVE } from "./hash_table.ts";
import * as tableLayout from "./hash_table_layout.ts";

const { NONE } = arenaLayout;
const { CHUNK_MASK, CHUNK_SHIFT, COUNT, LINE_BYTES, MASK, TABLE_BYTES } = tableLayout;

/** Overflow buckets that an insertion makes in the mean, with those of the bucket that it moves. */
const STEP_LINES = 4;

/**
 * Most bytes that `inserts` insertions allocate, without the nodes: for {@linkcode Arena.reserve}. A
 * chunk each at most, as long as there are any to be made, the overflow buckets of a bucket that is
 * moved, and directories. O(1).
 *
 * @param table NONE for one that is yet to be made
 */
export function growthBytes(arena: Arena, table: Ref, inserts: number): number {
  const isNew = table === NONE;
  const present = isNew ? 2 : arena.word(table, MASK) + 1;
  const nodes = inserts + (isNew ? 0 : arena.word(table, COUNT));
  // A resize ends at less than twice the buckets that are needed, and those before it had fewer.
  const buckets = present + 4 * Math.ceil(nodes / GROW_ABOVE);
  const chunkBytes = Math.min(inserts * (CHUNK_MASK + 1), buckets) * LINE_BYTES;
  const directoryBytes = 4 * (buckets >> CHUNK_SHIFT);
  return TABLE_BYTES + chunkBytes + directoryBytes + inserts * STEP_LINES * LINE_BYTES;
}
