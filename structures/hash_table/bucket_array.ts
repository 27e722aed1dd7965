/**
 * Bucket arrays: the buckets of a hash table, in pieces.
 *
 * An array for a million nodes in one block would have to be allocated, zeroed and later freed at
 * once, and the operation that happens to do it would stall all others. So an array is cut into
 * chunks, each made when a bucket in it is first written, and freed when a rehash has passed it.
 *
 * ```
 * owner's words   ┌───────────┬──────┐
 *                 │ directory │ mask │     mask = buckets - 1, buckets a power of two
 *                 └─────┬─────┴──────┘
 *    up to 1,024        └──▶ ┌─ chunk ──────────────────────────┐
 *    buckets                 │ bucket │ bucket │ … mask + 1      │   one chunk, no directory
 *                            └──────────────────────────────────┘
 *    more               └──▶ ┌─ directory ─┬────────┬───────┐
 *                            │ chunk 0     │ NONE   │ …     │   NONE: 1,024 empty buckets
 *                            └──┬──────────┴────────┴───────┘
 *                               └──▶ ┌─ chunk, 64 KiB ─────────────┐
 *                                    │ bucket │ bucket │ … 1,024    │   bucket_line.ts
 *                                    └─────────────────────────────┘
 * ```
 *
 * The largest array has 2^26 buckets, hence a directory of 65,536 chunks. Its 256 KiB are the most
 * that is ever zeroed at once, and its 600 million nodes are more than an arena's 32 GiB can hold
 * with keys of any length.
 */

import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  CHUNK_MASK,
  CHUNK_SHIFT,
  DIRECTORY,
  LINE_BYTES,
  LINE_SHIFT,
  OLD_DIRECTORY,
  OLD_MASK,
  POSITION,
} = tableLayout;

/** The chunk of a bucket, or NONE while all of the chunk's buckets are empty. O(1). */
export function chunkOf(
  segments: readonly Int32Array[],
  directory: Ref,
  mask: number,
  bucket: number,
): Ref {
  if (mask <= CHUNK_MASK) return directory;
  const words = segments[directory >>> SEGMENT_SHIFT];
  return words[((directory & SEGMENT_MASK) << 1) + (bucket >>> CHUNK_SHIFT)];
}

/** A bucket as a block of its own, or NONE while it has no chunk. O(1). */
export function lineOf(
  segments: readonly Int32Array[],
  directory: Ref,
  mask: number,
  bucket: number,
): Ref {
  const chunk = chunkOf(segments, directory, mask, bucket);
  return chunk === NONE ? NONE : lineIn(chunk, bucket);
}

/** A bucket as a block of its own, given its chunk. */
export function lineIn(chunk: Ref, bucket: number): Ref {
  return (chunk + ((bucket & CHUNK_MASK) << LINE_SHIFT)) | 0;
}

/**
 * What the owner's directory word starts with in an array of `mask + 1` empty buckets.
 *
 * @throws {ArenaFullError} when there is no room for the directory
 */
export function createDirectory(arena: Arena, mask: number): Ref {
  return mask <= CHUNK_MASK ? NONE : arena.allocateZeroed(((mask >>> CHUNK_SHIFT) + 1) << 2);
}

/**
 * Makes the chunk of a bucket, which must not have one. `owner` and `field` say where the array's
 * two words are.
 *
 * @throws {ArenaFullError} when there is no room for the chunk; nothing has changed then
 */
export function addChunk(arena: Arena, owner: Ref, field: number, bucket: number): Ref {
  const mask = arena.word(owner, field + 1);
  const chunk = arena.allocateZeroed((Math.min(mask, CHUNK_MASK) + 1) * LINE_BYTES);
  assertAligned(chunk);
  if (mask <= CHUNK_MASK) arena.setWord(owner, field, chunk);
  else arena.setWord(arena.word(owner, field), bucket >>> CHUNK_SHIFT, chunk);
  return chunk;
}

/** Blocks of 64, 128, 256 … bytes begin at multiples of their length, as slabs begin at pages. */
export function assertAligned(line: Ref): void {
  assert((line & ((1 << LINE_SHIFT) - 1)) === 0, "a bucket across two cache lines");
}

/** Frees the chunk of a bucket, which must have one, with all its buckets. O(1). */
export function dropChunk(arena: Arena, owner: Ref, field: number, bucket: number): void {
  const mask = arena.word(owner, field + 1);
  const directory = arena.word(owner, field);
  arena.free(chunkOf(arena.words, directory, mask, bucket));
  if (mask <= CHUNK_MASK) arena.setWord(owner, field, NONE);
  else arena.setWord(directory, bucket >>> CHUNK_SHIFT, NONE);
}

/**
 * Visits every block of an array, the directory last, so that the visitor may free each. Overflow
 * buckets are not the array's. O(chunks).
 */
export function forEachBlock(
  segments: readonly Int32Array[],
  directory: Ref,
  mask: number,
  visit: (block: Ref) => void,
): void {
  if (directory === NONE) return;
  if (mask > CHUNK_MASK) {
    const words = segments[directory >>> SEGMENT_SHIFT];
    const at = (directory & SEGMENT_MASK) << 1;
    for (let i = 0; i <= mask >>> CHUNK_SHIFT; i++) {
      if (words[at + i] !== NONE) visit(words[at + i]);
    }
  }
  visit(directory);
}

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
