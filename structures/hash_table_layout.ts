/**
 * The words of a hash table in the arena, shared by all code that reads one.
 *
 * ```
 * table, 32 bytes   ┌───────────┬──────┬───────────┬──────┬──────────┬───────┬────────┬───────────┐
 *                   │ directory │ mask │ old       │ old  │ position │ count │ pauses │ overflows │
 *                   │           │      │ directory │ mask │          │       │        │           │
 *                   └─────┬─────┴──────┴─────┬─────┴──────┴──────────┴───────┴────────┴───────────┘
 *                         ▼                  ▼   both as drawn in bucket_array.ts
 *                      buckets of references, as drawn in bucket_line.ts ──▶ nodes
 * ```
 *
 * `position` is the next old bucket that a resize will move, and it alone tells where a node is: in
 * its old bucket where that is at or past the position, else in its new bucket. While there is no
 * resize the old mask is 0 and the position 1, by which the rule answers "new" for every hash.
 */

import { type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";
import { lineOf } from "./bucket_array.ts";

/** Directory or only chunk of the bucket array; its mask is the word behind it. */
export const DIRECTORY = 0;
/** Buckets of the array, less 1. */
export const MASK = 1;
/** Directory or only chunk of the array that a resize empties; its mask is the word behind it. */
export const OLD_DIRECTORY = 2;
/** Buckets of the old array, less 1; 0 while no resize is under way. */
export const OLD_MASK = 3;
/** Next bucket of the old array to be moved; 1 while no resize is under way. */
export const POSITION = 4;
/** Nodes in the table, as an unsigned number. */
export const COUNT = 5;
/** Walks under way, during which no bucket may move. */
export const PAUSES = 6;
/** Overflow buckets of both arrays. */
export const OVERFLOWS = 7;
/** Bytes of a table's block. */
export const TABLE_BYTES = 32;

/** The word at which the array of a hash begins: DIRECTORY or OLD_DIRECTORY. O(1). */
export function arrayOf(segments: readonly Int32Array[], table: Ref, hash: number): number {
  const words = segments[table >>> SEGMENT_SHIFT];
  const at = (table & SEGMENT_MASK) << 1;
  return (hash & words[at + OLD_MASK]) >= words[at + POSITION] ? OLD_DIRECTORY : DIRECTORY;
}

/** The bucket in which the nodes of a hash are, NONE while it has no chunk. O(1). */
export function bucketOf(segments: readonly Int32Array[], table: Ref, hash: number): Ref {
  const words = segments[table >>> SEGMENT_SHIFT];
  const at = ((table & SEGMENT_MASK) << 1) + arrayOf(segments, table, hash);
  const mask = words[at + 1];
  return lineOf(segments, words[at], mask, hash & mask);
}
