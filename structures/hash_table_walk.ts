/**
 * Walks over a hash table: whole walks, scans with a cursor, fair random choice, and the check of
 * its invariants.
 *
 * A scan must find every node that stays in the table, though the table may be resized between two
 * calls. The cursor therefore counts with its bits reversed, the highest bit of the mask first:
 *
 * ```
 * 4 buckets    0        2        1        3            cursor order
 * 8 buckets    0   4    2   6    1   5    3   7        the same order, each bucket now two
 * ```
 *
 * In that order the buckets which a larger array makes of one bucket stand where that one stood, so
 * what lies before the cursor has been visited in an array of any size. (The idea is P. Noordhuis's
 * and the one behind Redis's SCAN.) During a resize, one call visits a bucket of the smaller array
 * and all that belong to it in the larger: 16 at most, as that bounds the factor of a resize.
 *
 * Buckets do not move while a walk calls its visitor, so the visitor may remove the visited node,
 * and add nodes. A walk from node to node has no visitor, and so ends with the first change.
 */

import { assert } from "@std/assert/assert";
import { type Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";
import { CHUNK_MASK, chunkOf, headOf } from "./bucket_array.ts";
import {
  COUNT,
  DIRECTORY,
  MASK,
  OLD_DIRECTORY,
  OLD_MASK,
  PAUSES,
  POSITION,
} from "./hash_table_layout.ts";

/** Chains up to this length are chosen from without any bias. */
const FAIR_CHAIN = 8;
const RANDOM_TRIES = 512;

type Visit = (node: Ref) => void;

function pause(arena: Arena, table: Ref, by: 1 | -1): void {
  arena.setWord(table, PAUSES, arena.word(table, PAUSES) + by);
}

/** Visits the chain from `node` on, each node's successor read before the visit. */
function walkChain(arena: Arena, node: Ref, nextWord: number, visit: Visit): void {
  while (node !== NONE) {
    const following = arena.word(node, nextWord);
    visit(node);
    node = following;
  }
}

/** Visits all nodes of the array at `field`, from bucket `first` on. O(nodes + buckets). */
function walkArray(
  arena: Arena,
  table: Ref,
  field: number,
  first: number,
  nextWord: number,
  visit: Visit,
): void {
  const mask = arena.word(table, field + 1);
  for (let bucket = first; bucket <= mask; bucket++) {
    // Read anew for each bucket: the visitor may have added nodes, and with them chunks.
    const chunk = chunkOf(arena.words, arena.word(table, field), mask, bucket);
    if (chunk === NONE) bucket |= CHUNK_MASK;
    else walkChain(arena, arena.word(chunk, bucket & CHUNK_MASK), nextWord, visit);
  }
}

/** Visits every node once. O(nodes + buckets). */
export function forEachNode(arena: Arena, table: Ref, nextWord: number, visit: Visit): void {
  pause(arena, table, 1);
  try {
    if (arena.word(table, OLD_MASK) !== 0) {
      walkArray(arena, table, OLD_DIRECTORY, arena.word(table, POSITION), nextWord, visit);
    }
    walkArray(arena, table, DIRECTORY, 0, nextWord, visit);
  } finally {
    pause(arena, table, -1);
  }
}

/** The first node of the array at `field`, from bucket `first` on. O(buckets passed over). */
function firstInArray(arena: Arena, table: Ref, field: number, first: number): Ref {
  const directory = arena.word(table, field);
  const mask = arena.word(table, field + 1);
  for (let bucket = first; bucket <= mask; bucket++) {
    const chunk = chunkOf(arena.words, directory, mask, bucket);
    if (chunk !== NONE) {
      const words = arena.words[chunk >>> SEGMENT_SHIFT];
      const at = (chunk & SEGMENT_MASK) << 1;
      const last = Math.min(mask, bucket | CHUNK_MASK);
      for (; bucket <= last; bucket++) {
        const node = words[at + (bucket & CHUNK_MASK)];
        if (node !== NONE) return node;
      }
      bucket = last;
    } else bucket |= CHUNK_MASK;
  }
  return NONE;
}

/** The node that a walk from node to node begins with, NONE in an empty table. */
export function firstNode(arena: Arena, table: Ref): Ref {
  if (arena.word(table, OLD_MASK) !== 0) {
    const node = firstInArray(arena, table, OLD_DIRECTORY, arena.word(table, POSITION));
    if (node !== NONE) return node;
  }
  return firstInArray(arena, table, DIRECTORY, 0);
}

/**
 * The node behind `node` in the walk that {@linkcode firstNode} begins, NONE behind the last. Every
 * node comes once, as long as nothing is added, removed or resized. O(1) on average.
 */
export function nodeAfter(arena: Arena, table: Ref, nextWord: number, node: Ref): Ref {
  const following = arena.word(node, nextWord);
  if (following !== NONE) return following;
  const hash = arena.word(node, nextWord + 1);
  const oldBucket = hash & arena.word(table, OLD_MASK);
  if (oldBucket < arena.word(table, POSITION)) {
    return firstInArray(arena, table, DIRECTORY, (hash & arena.word(table, MASK)) + 1);
  }
  const found = firstInArray(arena, table, OLD_DIRECTORY, oldBucket + 1);
  return found !== NONE ? found : firstInArray(arena, table, DIRECTORY, 0);
}

/** The bucket after `bucket` in the order of cursors; 0 after the last. Amortized O(1). */
function following(bucket: number, mask: number): number {
  let bit = (mask + 1) >>> 1;
  while ((bucket & bit) !== 0) {
    bucket ^= bit;
    bit >>>= 1;
  }
  return bucket | bit;
}

/** Visits the nodes of the buckets that `cursor` stands for and returns the next cursor. */
export function scanBucket(
  arena: Arena,
  table: Ref,
  nextWord: number,
  cursor: number,
  visit: Visit,
): number {
  const mask = arena.word(table, MASK);
  const oldMask = arena.word(table, OLD_MASK);
  const newIsLarge = mask >= oldMask;
  const large = newIsLarge ? DIRECTORY : OLD_DIRECTORY;
  const small = newIsLarge ? OLD_DIRECTORY : DIRECTORY;
  const largeMask = newIsLarge ? mask : oldMask;
  const smallMask = newIsLarge ? oldMask : mask;
  let bucket = cursor & largeMask;
  pause(arena, table, 1);
  try {
    if (oldMask === 0) {
      walkChain(arena, headAt(arena, table, DIRECTORY, bucket), nextWord, visit);
      return following(bucket, mask);
    }
    walkChain(arena, headAt(arena, table, small, bucket & smallMask), nextWord, visit);
    do {
      walkChain(arena, headAt(arena, table, large, bucket), nextWord, visit);
      bucket = following(bucket, largeMask);
    } while ((bucket & ~smallMask) !== 0);
    return bucket;
  } finally {
    pause(arena, table, -1);
  }
}

function headAt(arena: Arena, table: Ref, field: number, bucket: number): Ref {
  return headOf(arena.words, arena.word(table, field), arena.word(table, field + 1), bucket);
}

/**
 * A node chosen at random, or NONE from an empty table.
 *
 * Rejection sampling: a bucket and a place in its chain are drawn, and drawn again where no node is
 * there, so each node is as likely as any other. In a chain longer than 8, which one in a million
 * is, nodes are slightly less likely: never impossible. A table less than an eighth full (right
 * after mass deletion) may exhaust the tries; then the node that follows a random bucket is taken.
 */
export function randomNode(
  arena: Arena,
  table: Ref,
  nextWord: number,
  randomInt: (bound: number) => number,
): Ref {
  if (arena.word(table, COUNT) === 0) return NONE;
  const oldMask = arena.word(table, OLD_MASK);
  const position = oldMask === 0 ? 1 : arena.word(table, POSITION);
  const oldBuckets = oldMask + 1 - position; // buckets not yet moved; 0 without a resize
  const buckets = oldBuckets + arena.word(table, MASK) + 1;
  for (let i = 0; i < RANDOM_TRIES; i++) {
    const bucket = randomInt(buckets);
    const head = bucket < oldBuckets
      ? headAt(arena, table, OLD_DIRECTORY, position + bucket)
      : headAt(arena, table, DIRECTORY, bucket - oldBuckets);
    if (head === NONE) continue;
    const node = chooseFromChain(arena, head, nextWord, randomInt);
    if (node !== NONE) return node;
  }
  const start = randomInt(buckets);
  for (let i = 0; i < buckets; i++) {
    const bucket = (start + i) % buckets;
    const head = bucket < oldBuckets
      ? headAt(arena, table, OLD_DIRECTORY, position + bucket)
      : headAt(arena, table, DIRECTORY, bucket - oldBuckets);
    if (head !== NONE) return head;
  }
  return NONE;
}

/** Each node of the chain with a chance of 1 in 8, else NONE; of a longer chain surely one. */
function chooseFromChain(
  arena: Arena,
  head: Ref,
  nextWord: number,
  randomInt: (bound: number) => number,
): Ref {
  const place = randomInt(FAIR_CHAIN);
  let node = head;
  let length = 1;
  let chosen = place === 0 ? head : NONE;
  while ((node = arena.word(node, nextWord)) !== NONE) {
    if (length === place) chosen = node;
    length++;
  }
  if (length <= FAIR_CHAIN) return chosen;
  node = head;
  for (let i = randomInt(length); i > 0; i--) node = arena.word(node, nextWord);
  return node;
}

/**
 * Checks the invariants of a table: every node in the bucket that its hash calls for, the count,
 * no block kept for buckets that have moved. O(nodes + buckets).
 *
 * @param hashOf what a node's hash must be
 * @throws {AssertionError} at the first that does not hold
 */
export function verifyTable(
  arena: Arena,
  table: Ref,
  nextWord: number,
  hashOf: ((node: Ref) => number) | undefined,
): void {
  const count = arena.word(table, COUNT) >>> 0;
  const mask = arena.word(table, MASK);
  const oldMask = arena.word(table, OLD_MASK);
  const position = arena.word(table, POSITION);
  assert(((mask + 1) & mask) === 0 && ((oldMask + 1) & oldMask) === 0, "a mask with holes");
  assert(arena.word(table, PAUSES) === 0, "a walk that has not ended");
  if (oldMask === 0) {
    assert(position === 1, "a position without a resize");
    assert(arena.word(table, OLD_DIRECTORY) === NONE, "an old array without a resize");
  } else {
    assert(position >= 0 && position <= oldMask, "a resize past its end");
  }
  let seen = 0;
  for (const field of [DIRECTORY, OLD_DIRECTORY]) {
    const arrayMask = arena.word(table, field + 1);
    const isOld = field === OLD_DIRECTORY;
    if (isOld && oldMask === 0) continue;
    for (let bucket = 0; bucket <= arrayMask; bucket++) {
      const chunk = chunkOf(arena.words, arena.word(table, field), arrayMask, bucket);
      if (chunk === NONE) {
        bucket |= CHUNK_MASK;
        continue;
      }
      assert(!isOld || (bucket | CHUNK_MASK) >= position, "a chunk kept behind a resize");
      let node = arena.word(chunk, bucket & CHUNK_MASK);
      for (; node !== NONE; node = arena.word(node, nextWord)) {
        const hash = arena.word(node, nextWord + 1);
        assert((hash & arrayMask) === bucket, "a node in a foreign bucket");
        assert(((hash & oldMask) >= position) === isOld, "a node in the wrong array");
        assert(hashOf === undefined || hashOf(node) === hash, "a node with a wrong hash");
        assert(++seen <= count, "more nodes than counted, or a chain in a circle");
      }
    }
  }
  assert(seen === count, `${seen} nodes are in the table, ${count} counted`);
}
