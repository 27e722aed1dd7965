/**
 * Bucket arrays: the heads of a hash table's chains, in pieces.
 *
 * An array of a million buckets in one block would have to be allocated, zeroed and later freed at
 * once, and the operation that happens to do it would stall all others. So an array is cut into
 * chunks, each made when a bucket in it is first written, and freed when a rehash has passed it.
 *
 * ```
 * owner's words   ┌───────────┬──────┐
 *                 │ directory │ mask │     mask = buckets - 1, buckets a power of two
 *                 └─────┬─────┴──────┘
 *    up to 16,384       └──▶ ┌─ chunk ──────────────────────┐
 *    buckets                 │ head │ head │ … mask + 1      │   one chunk, no directory
 *                            └──────────────────────────────┘
 *    more               └──▶ ┌─ directory ─┬────────┬───────┐
 *                            │ chunk 0     │ NONE   │ …     │   NONE: 16,384 empty buckets
 *                            └──┬──────────┴────────┴───────┘
 *                               └──▶ ┌─ chunk, 64 KiB ─────────┐
 *                                    │ head │ head │ … 16,384   │
 *                                    └─────────────────────────┘
 * ```
 *
 * The largest array has 2^28 buckets, hence a directory of 16,384 chunks: 64 KiB, no more than a
 * chunk.
 */

import { type Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";

/** `bucket >>> CHUNK_SHIFT` is the number of a bucket's chunk. */
export const CHUNK_SHIFT = 14;
/** `bucket & CHUNK_MASK` is a bucket's word in its chunk. */
export const CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
/** Mask of the largest array. */
export const MAX_BUCKET_MASK = 2 ** 28 - 1;

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

/** The first node of a bucket's chain, or NONE. O(1). */
export function headOf(
  segments: readonly Int32Array[],
  directory: Ref,
  mask: number,
  bucket: number,
): Ref {
  const chunk = chunkOf(segments, directory, mask, bucket);
  if (chunk === NONE) return NONE;
  return segments[chunk >>> SEGMENT_SHIFT][((chunk & SEGMENT_MASK) << 1) + (bucket & CHUNK_MASK)];
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
  const chunk = arena.allocateZeroed((Math.min(mask, CHUNK_MASK) + 1) << 2);
  if (mask <= CHUNK_MASK) arena.setWord(owner, field, chunk);
  else arena.setWord(arena.word(owner, field), bucket >>> CHUNK_SHIFT, chunk);
  return chunk;
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
 * Visits every block of an array, the directory last, so that the visitor may free each.
 * O(chunks).
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
