/**
 * The hash table: buckets of one cache line each, resized a bucket at a time.
 *
 * A node is any block; the table keeps nothing in it. A bucket holds references to twelve nodes with
 * 8 bits of each one's hash, so that a lookup waits for two cache lines mostly: the bucket's and the
 * right node's. Whose key a node with the right tag is, the caller finds out; and a node's hash, when
 * the table needs it again, it asks for.
 *
 * ```
 * table ──▶ bucket array ──▶ bucket │ 12 tags │ 12 references │ ──▶ node     bucket_line.ts
 *                 │                    └─▶ overflow bucket, where more than 12 meet
 *                 └─(resize)─▶ old bucket array, emptied from its bucket 0 on
 * ```
 *
 * A resize makes a new array beside the old one, and each insertion and removal then moves a bucket.
 * The position that a resize has reached tells where any node is, new ones included, so a lookup
 * looks into one bucket even during a resize.
 *
 * Bounds: the table grows past {@linkcode GROW_ABOVE} nodes a bucket and shrinks below an eighth of
 * that; either ends before the next is due. An operation makes at most one chunk and frees at most
 * one. Growth stops at 2^26 buckets, from where chains get longer. A bucket moves as a whole, with
 * its overflow buckets, so the work on one chain is bounded by the hash function's quality only.
 */

import { type Arena, ArenaFullError, type Ref } from "../arena/arena.ts";
import {
  addChunk,
  arrayOf,
  bucketOf,
  chunkOf,
  createDirectory,
  dropChunk,
  forEachBlock,
  lineIn,
  lineOf,
} from "./bucket_array.ts";
import { dropNewest, lineWith, putNode, takeNode } from "./bucket_chain.ts";
import {
  clearLine,
  firstSlot,
  isEmptyLine,
  loadNodes,
  slotOf,
  slotsWith,
  tagsOf,
} from "./bucket_line.ts";
import { verifyTable } from "./hash_table_verify.ts";
import { randomNode } from "./hash_table_sample.ts";
import { forEachNode, scanBucket } from "./hash_table_walk.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  CHUNK_MASK,
  CHUNK_SHIFT,
  COUNT,
  DIRECTORY,
  LINE_BYTES,
  LINE_SLOTS,
  MASK,
  MAX_BUCKET_MASK,
  OLD_DIRECTORY,
  OLD_MASK,
  OVERFLOW,
  OVERFLOWS,
  PAUSES,
  POSITION,
  REFS,
  TABLE_BYTES,
  TAGS,
} = tableLayout;

const MIN_MASK = 1;
/** A table with more nodes a bucket than this grows; every seventh bucket overflows by then. */
export const GROW_ABOVE = 0.77 * LINE_SLOTS;
/** A table with fewer nodes a bucket than this shrinks. */
export const SHRINK_BELOW = GROW_ABOVE / 8;
/** One resize changes the number of buckets by this factor at most, which bounds a scan's step. */
const MAX_FACTOR = 16;
/** Buckets that an insertion or a removal looks at during a resize, to move the first with nodes. */
export const VISITS_PER_STEP = 16;

// What a step may find where a bucket's nodes are to go.
const READY = 0;
const CHUNK_ADDED = 1;
const ARENA_FULL = 2;

/** Mask of the smallest array that holds so many nodes without growing. */
function maskFor(nodes: number): number {
  let mask = MIN_MASK;
  while ((mask + 1) * GROW_ABOVE < nodes && mask < MAX_BUCKET_MASK) mask = mask * 2 + 1;
  return mask;
}

/**
 * Operations on the hash tables of one arena whose nodes are hashed in one way.
 *
 * It holds no state of any table: a table is a {@linkcode Ref}, and another thread with the same
 * segments may use it (one at a time).
 */
export class HashTable {
  readonly #arena: Arena;
  readonly #segments: readonly Int32Array[];
  readonly #hashOf: (node: Ref) => number;
  /** Nodes of the bucket that is being moved. */
  readonly #moving = new Int32Array(LINE_SLOTS);
  /** Sum of words that were read ahead; read by nobody, kept lest the loads be optimized away. */
  #touched = 0;

  /** @param hashOf the hash under which a node was inserted, found out from the node */
  constructor(arena: Arena, hashOf: (node: Ref) => number) {
    this.#arena = arena;
    this.#segments = arena.words;
    this.#hashOf = hashOf;
  }

  /**
   * A new empty table, of 32 bytes and a directory until the first insertion.
   *
   * @param expected how many nodes it is going to have, so that it need not grow
   * @throws {ArenaFullError}
   */
  create(expected: number = 0): Ref {
    const table = this.#arena.allocateZeroed(TABLE_BYTES);
    const mask = maskFor(expected);
    try {
      this.#arena.setWord(table, DIRECTORY, createDirectory(this.#arena, mask));
    } catch (error) {
      this.#arena.free(table);
      throw error;
    }
    this.#arena.setWord(table, MASK, mask);
    this.#arena.setWord(table, POSITION, 1);
    return table;
  }

  /** Frees the table, but none of its nodes. O(buckets / 1,024), or O(buckets) with overflows. */
  destroy(table: Ref): void {
    const arena = this.#arena;
    const free = (block: Ref) => arena.free(block);
    for (const field of [OLD_DIRECTORY, DIRECTORY]) {
      const directory = arena.word(table, field);
      const mask = arena.word(table, field + 1);
      for (let bucket = 0; bucket <= mask && arena.word(table, OVERFLOWS) !== 0; bucket++) {
        const line = lineOf(this.#segments, directory, mask, bucket);
        if (line === NONE) bucket |= CHUNK_MASK;
        else while (arena.word(line, OVERFLOW) !== NONE) dropNewest(arena, table, line);
      }
      forEachBlock(this.#segments, directory, mask, free);
    }
    free(table);
  }

  /** Bytes of the table's blocks, without the nodes. O(buckets / 1,024). */
  memoryBytes(table: Ref): number {
    const arena = this.#arena;
    let bytes = arena.capacity(table) + arena.word(table, OVERFLOWS) * LINE_BYTES;
    const add = (block: Ref) => {
      bytes += arena.capacity(block);
    };
    for (const field of [OLD_DIRECTORY, DIRECTORY]) {
      forEachBlock(this.#segments, arena.word(table, field), arena.word(table, field + 1), add);
    }
    return bytes;
  }

  /** Number of nodes. O(1). */
  size(table: Ref): number {
    return this.#arena.word(table, COUNT) >>> 0;
  }

  /** Whether a resize is under way. O(1). */
  isRehashing(table: Ref): boolean {
    return this.#arena.word(table, OLD_MASK) !== 0;
  }

  /**
   * A node for each of `count` hashes: the first with the hash's tag in its bucket, or NONE; nearly
   * always the one that a lookup is going to find. Two loops of independent loads, so that the waits
   * for buckets overlap: for touching memory early. O(count).
   */
  candidates(table: Ref, hashes: Int32Array, nodes: Int32Array, count: number): void {
    const segments = this.#segments;
    const descriptor = segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const mask = descriptor[at + MASK];
    const directory = descriptor[at + DIRECTORY];
    if (descriptor[at + OLD_MASK] !== 0 || mask <= CHUNK_MASK) {
      for (let i = 0; i < count; i++) nodes[i] = bucketOf(segments, table, hashes[i]);
    } else {
      // The same without what is alike for all: the less there is between loads, the more are made at a time.
      const chunks = segments[directory >>> SEGMENT_SHIFT];
      const firstChunk = (directory & SEGMENT_MASK) << 1;
      let mix = 0;
      for (let i = 0; i < count; i++) {
        const bucket = hashes[i] & mask;
        const chunk = chunks[firstChunk + (bucket >>> CHUNK_SHIFT)];
        const line = chunk === NONE ? NONE : lineIn(chunk, bucket);
        nodes[i] = line;
        mix ^= segments[line >>> SEGMENT_SHIFT][((line & SEGMENT_MASK) << 1) + TAGS];
      }
      this.#touched ^= mix;
    }
    for (let i = 0; i < count; i++) {
      const line = nodes[i];
      if (line === NONE) continue;
      const words = segments[line >>> SEGMENT_SHIFT];
      const at = (line & SEGMENT_MASK) << 1;
      // Without a branch on the tags: it would be guessed wrong, and wait for them, too often.
      const slots = slotsWith(words, at, tagsOf(hashes[i]));
      nodes[i] = words[at + REFS + firstSlot(slots)] & ((slots | (0 - slots)) >> 31);
    }
  }

  /**
   * The first node that may have this hash, or NONE. Nodes of other hashes may come, few; each node
   * of this hash comes once in a walk by {@linkcode HashTable.next}. Expected O(1).
   */
  first(table: Ref, hash: number): Ref {
    const segments = this.#segments;
    const tags = tagsOf(hash);
    let line = bucketOf(segments, table, hash);
    while (line !== NONE) {
      const words = segments[line >>> SEGMENT_SHIFT];
      const at = (line & SEGMENT_MASK) << 1;
      const slots = slotsWith(words, at, tags);
      if (slots !== 0) return words[at + REFS + firstSlot(slots)];
      line = words[at + OVERFLOW];
    }
    return NONE;
  }

  /** The node behind `node` that may have this hash, or NONE. Expected O(1). */
  next(table: Ref, node: Ref, hash: number): Ref {
    const segments = this.#segments;
    const tags = tagsOf(hash);
    let line = bucketOf(segments, table, hash);
    let isBehind = false;
    while (line !== NONE) {
      const words = segments[line >>> SEGMENT_SHIFT];
      const at = (line & SEGMENT_MASK) << 1;
      for (let slots = slotsWith(words, at, tags); slots !== 0; slots &= slots - 1) {
        const candidate = words[at + REFS + firstSlot(slots)];
        if (isBehind) return candidate;
        isBehind = candidate === node;
      }
      line = words[at + OVERFLOW];
    }
    return NONE;
  }

  /**
   * Adds a node. O(1): whatever the table's size, it moves a bounded number of buckets.
   *
   * @throws {ArenaFullError} when there is no room for a bucket; the table is as before
   */
  insert(table: Ref, node: Ref, hash: number): void {
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    let line = bucketOf(this.#segments, table, hash);
    const isChunkMissing = line === NONE;
    if (isChunkMissing) {
      const field = arrayOf(this.#segments, table, hash);
      const bucket = hash & words[at + field + 1];
      line = lineIn(addChunk(this.#arena, table, field, bucket), bucket);
    }
    putNode(this.#arena, table, line, node, tagsOf(hash));
    const count = words[at + COUNT] + 1;
    words[at + COUNT] = count;
    if (isChunkMissing) return; // work enough for one operation
    if (words[at + OLD_MASK] !== 0) this.#step(table);
    else if (count > (words[at + MASK] + 1) * GROW_ABOVE) this.resizeIfNeeded(table);
  }

  /**
   * Takes a node, which must be in the table, out of it; its block stays. Expected O(1), with the
   * same bound on moved buckets as {@linkcode HashTable.insert}. @param hash the node's, where known
   */
  remove(table: Ref, node: Ref, hash: number = this.#hashOf(node)): void {
    takeNode(this.#arena, table, bucketOf(this.#segments, table, hash), node, tagsOf(hash));
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const count = words[at + COUNT] - 1;
    words[at + COUNT] = count;
    if (words[at + OLD_MASK] !== 0) this.#step(table);
    else if (count < (words[at + MASK] + 1) * SHRINK_BELOW) this.resizeIfNeeded(table);
  }

  /**
   * Puts `newNode`, which has the same hash, in the place of `oldNode`, whose block may be free
   * already (as after {@linkcode Arena.resize}). Expected O(1).
   */
  replace(table: Ref, oldNode: Ref, newNode: Ref): void {
    const hash = this.#hashOf(newNode);
    const tags = tagsOf(hash);
    const line = lineWith(this.#segments, bucketOf(this.#segments, table, hash), oldNode, tags);
    const words = this.#segments[line >>> SEGMENT_SHIFT];
    const at = (line & SEGMENT_MASK) << 1;
    words[at + REFS + slotOf(words, at, oldNode, tags)] = newNode;
  }

  /**
   * Starts a resize where the number of nodes calls for one and none is under way. Insertions and
   * removals do so by themselves; this is for a periodic tick. O(buckets / 1,024), by the zeroing of
   * a directory of 256 KiB at most. A full arena only puts the resize off.
   */
  resizeIfNeeded(table: Ref): void {
    const count = this.size(table);
    const buckets = this.#arena.word(table, MASK) + 1;
    if (count > buckets * GROW_ABOVE) this.#resize(table, count);
    else if (count < buckets * SHRINK_BELOW) this.#resize(table, count * 2);
  }

  /**
   * Prepares for `size` nodes, so that a bulk load does not resize often: by up to 16 times the
   * present buckets, as one resize.
   */
  expand(table: Ref, size: number): void {
    if (size > (this.#arena.word(table, MASK) + 1) * GROW_ABOVE) this.#resize(table, size);
  }

  #resize(table: Ref, size: number): void {
    const arena = this.#arena;
    const oldMask = arena.word(table, MASK);
    let mask = maskFor(size);
    while ((mask + 1) > (oldMask + 1) * MAX_FACTOR) mask >>>= 1;
    while ((mask + 1) * MAX_FACTOR < oldMask + 1) mask = mask * 2 + 1;
    if (mask === oldMask || this.isRehashing(table) || arena.word(table, PAUSES) !== 0) return;
    let directory: Ref;
    try {
      directory = createDirectory(arena, mask);
    } catch (error) {
      if (error instanceof ArenaFullError) return;
      throw error;
    }
    arena.setWord(table, OLD_DIRECTORY, arena.word(table, DIRECTORY));
    arena.setWord(table, OLD_MASK, oldMask);
    arena.setWord(table, POSITION, 0);
    arena.setWord(table, DIRECTORY, directory);
    arena.setWord(table, MASK, mask);
  }

  /**
   * Moves up to `buckets` buckets that hold nodes, and looks at no more than
   * {@linkcode VISITS_PER_STEP} times as many.
   *
   * @returns whether a resize is still under way
   */
  rehashStep(table: Ref, buckets: number): boolean {
    for (let done = 0; done < buckets && this.isRehashing(table); done++) {
      if (!this.#step(table)) break;
    }
    return this.isRehashing(table);
  }

  /** Makes the bounded step of a resize. Answers false when a pause or a full arena forbids it. */
  #step(table: Ref): boolean {
    const segments = this.#segments;
    const words = segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    if (words[at + PAUSES] !== 0) return false;
    const oldMask = words[at + OLD_MASK];
    let position = words[at + POSITION];
    for (let visits = VISITS_PER_STEP; position <= oldMask && visits > 0; visits--) {
      const line = lineOf(segments, words[at + OLD_DIRECTORY], oldMask, position);
      if (line === NONE) {
        position = (position | CHUNK_MASK) + 1;
        continue;
      }
      if (!isEmptyLine(segments[line >>> SEGMENT_SHIFT], (line & SEGMENT_MASK) << 1)) {
        const ready = this.#prepareMove(table, position);
        if (ready !== READY) {
          words[at + POSITION] = position;
          return ready === CHUNK_ADDED;
        }
        this.#moveBucket(table, line);
        visits = 0;
      }
      position++;
      if ((position & CHUNK_MASK) === 0) {
        dropChunk(this.#arena, table, OLD_DIRECTORY, position - 1);
        break;
      }
    }
    words[at + POSITION] = position;
    if (position > oldMask) this.#finishResize(table);
    return true;
  }

  /**
   * Sees to it that an old bucket can be moved: whether all chunks exist that its nodes may go to,
   * of which it makes one if not, and whether there is room for one more overflow bucket.
   */
  #prepareMove(table: Ref, oldBucket: number): number {
    const arena = this.#arena;
    const directory = arena.word(table, DIRECTORY);
    const mask = arena.word(table, MASK);
    const step = arena.word(table, OLD_MASK) + 1;
    try {
      for (let bucket = oldBucket & mask; bucket <= mask; bucket += step) {
        if (chunkOf(this.#segments, directory, mask, bucket) !== NONE) continue;
        addChunk(arena, table, DIRECTORY, bucket);
        if (mask > CHUNK_MASK) return CHUNK_ADDED;
        break; // it was the only one
      }
      if (step > mask) arena.free(arena.allocate(LINE_BYTES));
    } catch (error) {
      if (error instanceof ArenaFullError) return ARENA_FULL;
      throw error;
    }
    return READY;
  }

  /**
   * Moves all nodes of an old bucket, those of its overflow buckets first, each of which is freed
   * when it is empty. No more overflow buckets are made than that, or one more where the table
   * shrinks, so that the arena has room for each when it is made:
   *
   * Of a chain with r nodes in the newest overflow bucket, k buckets are free when at most r + 12 k
   * nodes have gone on. Growing, they go to buckets that were empty. m nodes, r <= m <= r + 12 k, in
   * some of those take floor((m - 1) / 12) overflow buckets, if they are all in one, and else fewer:
   * no more than k. Shrinking, they join a chain which they make longer by ceil(m / 12) at most: by
   * no more than k + 1.
   */
  #moveBucket(table: Ref, primary: Ref): void {
    const arena = this.#arena;
    for (;;) {
      const newest = arena.word(primary, OVERFLOW);
      if (newest === NONE) break;
      this.#moveNodes(table, newest);
      dropNewest(arena, table, primary);
    }
    this.#moveNodes(table, primary);
    clearLine(this.#segments[primary >>> SEGMENT_SHIFT], (primary & SEGMENT_MASK) << 1, NONE);
  }

  #moveNodes(table: Ref, line: Ref): void {
    const directory = this.#arena.word(table, DIRECTORY);
    const mask = this.#arena.word(table, MASK);
    const nodes = this.#moving;
    const count = loadNodes(this.#segments, line, nodes);
    for (let i = 0; i < count; i++) {
      const hash = this.#hashOf(nodes[i]);
      putNode(
        this.#arena,
        table,
        lineOf(this.#segments, directory, mask, hash & mask),
        nodes[i],
        tagsOf(hash),
      );
    }
  }

  #finishResize(table: Ref): void {
    const arena = this.#arena;
    // The old array's chunks are gone, except the only one of an array without a directory.
    const block = arena.word(table, OLD_DIRECTORY);
    if (block !== NONE) arena.free(block);
    arena.setWord(table, OLD_DIRECTORY, NONE);
    arena.setWord(table, OLD_MASK, 0);
    arena.setWord(table, POSITION, 1);
  }

  /**
   * Visits every node once; the visitor may remove the visited node, and add nodes. O(nodes +
   * buckets).
   */
  forEach(table: Ref, visit: (node: Ref) => void): void {
    forEachNode(this.#arena, table, visit);
  }

  /**
   * Visits the nodes that `cursor` stands for: begin with 0, go on with the result until it is 0
   * again. Every node that is in the table all the while is visited, at least once, whatever is
   * added, removed or resized between the calls. The visitor may remove the visited node. Cursors
   * are below 2^26. O(1): one bucket, or up to 17 during a resize.
   *
   * @returns the next cursor
   */
  scan(table: Ref, cursor: number, visit: (node: Ref) => void): number {
    return scanBucket(this.#arena, table, cursor, visit);
  }

  /**
   * A node chosen uniformly, or NONE from an empty table. Expected O(1) unless it is about to shrink.
   *
   * @param randomInt answers a uniform integer in 0 to bound - 1; bounds go up to 2^32
   */
  random(table: Ref, randomInt: (bound: number) => number): Ref {
    return randomNode(this.#arena, table, randomInt);
  }

  /** Checks the table's invariants, for tests. O(nodes + buckets). @throws {AssertionError} */
  verify(table: Ref): void {
    verifyTable(this.#arena, table, this.#hashOf);
  }
}
