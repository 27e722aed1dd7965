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
/**
 * Nodes in the table. A node takes 16 bytes and its reference a twelfth of a bucket's 64, so that an
 * arena of 32 GiB holds 1.6 billion: the number does not wrap.
 */
export const COUNT = 5;
/** Walks under way, during which no bucket may move. */
export const PAUSES = 6;
/** Overflow buckets of both arrays. */
export const OVERFLOWS = 7;
/** Bytes of a table's block. */
export const TABLE_BYTES = 32;

// Bucket arrays; see bucket_array.ts.

/** `bucket >>> CHUNK_SHIFT` is the number of a bucket's chunk. */
export const CHUNK_SHIFT = 10;
/** `bucket & CHUNK_MASK` is a bucket's number in its chunk. */
export const CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
/** Mask of the largest array. */
export const MAX_BUCKET_MASK = 2 ** 26 - 1;

// Buckets; see bucket_line.ts.

/** Bytes of a bucket. */
export const LINE_BYTES = 64;
/** A bucket's number, shifted by this, is its distance from the first in granules. */
export const LINE_SHIFT = 3;
/** References in a bucket. */
export const LINE_SLOTS = 12;
/** Word of the bucket behind this one in its chain. */
export const OVERFLOW = 0;
/** Word of the first four tags. */
export const TAGS = 1;
/** Word of the reference in slot 0. */
export const REFS = 4;
/** The set of all slots. */
export const ALL_SLOTS = 0x07070707;
/** Tags of an empty slot, for {@linkcode slotsWith} and {@linkcode setSlot}. */
export const NO_TAGS = 0;
