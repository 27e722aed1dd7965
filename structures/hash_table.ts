/**
 * The hash table: chains of intrusive nodes, resized a few buckets at a time.
 *
 * A node is any block that keeps two words for the table, so an entry and its place in the table
 * are one block and one cache miss. The table compares 32-bit hashes; whose key it is, the caller
 * finds out.
 *
 * ```
 * table ──▶ bucket array ──▶ node ──▶ node ──▶ NONE        layout: hash_table_layout.ts
 *                 │
 *                 └─(resize)─▶ old bucket array, emptied from its bucket 0 on
 * ```
 *
 * A resize makes a new array beside the old one, and each insertion and removal then moves a few
 * buckets. The position that a resize has reached tells where any node is, new ones included, so a
 * lookup probes one bucket even during a resize.
 *
 * Bounds: the table grows past one node a bucket and shrinks below one node in 8 buckets; either
 * ends before the next is due, as a step moves {@linkcode STEP_BUCKETS} buckets. An operation makes
 * at most one chunk and frees at most one. Growth stops at 2^28 buckets, from where chains get
 * longer. A bucket moves as a whole, so the work on one chain is bounded by the hash function's
 * quality only.
 */

import { assert } from "@std/assert/assert";
import {
  type Arena,
  ArenaFullError,
  NONE,
  type Ref,
  SEGMENT_MASK,
  SEGMENT_SHIFT,
} from "./arena.ts";
import {
  addChunk,
  CHUNK_MASK,
  CHUNK_SHIFT,
  chunkOf,
  createDirectory,
  dropChunk,
  forEachBlock,
  headOf,
  MAX_BUCKET_MASK,
} from "./bucket_array.ts";
import {
  COUNT,
  DIRECTORY,
  MASK,
  OLD_DIRECTORY,
  OLD_MASK,
  PAUSES,
  POSITION,
  TABLE_BYTES,
} from "./hash_table_layout.ts";
import { forEachNode, randomNode, scanBucket, verifyTable } from "./hash_table_walk.ts";

const MIN_MASK = 3;
/** A table with fewer than one node in this many buckets shrinks. */
const SHRINK_BELOW = 8;
/** One resize changes the number of buckets by this factor at most, which bounds a scan's step. */
const MAX_FACTOR = 16;
/** Buckets with nodes that an insertion or a removal moves during a resize. */
export const STEP_BUCKETS = 2;
/** Buckets that a step looks at, for each that it may move. */
export const VISITS_PER_BUCKET = 16;

// What a step may find where a chain is to go.
const READY = 0;
const CHUNK_ADDED = 1;
const ARENA_FULL = 2;

/**
 * Operations on the hash tables of one arena whose nodes keep their two words at one place.
 *
 * It holds no state of any table: a table is a {@linkcode Ref}, and another thread with the same
 * segments may use it (one at a time).
 */
export class HashTable {
  readonly #arena: Arena;
  readonly #segments: readonly Int32Array[];
  readonly #next: number;
  readonly #hash: number;

  /** @param nextWord the first of the two words, in each node, that belong to the table */
  constructor(arena: Arena, nextWord: number) {
    this.#arena = arena;
    this.#segments = arena.words;
    this.#next = nextWord;
    this.#hash = nextWord + 1;
  }

  /** A new empty table, of 32 bytes until the first insertion. @throws {ArenaFullError} */
  create(): Ref {
    const table = this.#arena.allocateZeroed(TABLE_BYTES);
    this.#arena.setWord(table, MASK, MIN_MASK);
    this.#arena.setWord(table, POSITION, 1);
    return table;
  }

  /** Frees the table, but none of its nodes. O(buckets / 16,384). */
  destroy(table: Ref): void {
    this.forEachBlock(table, (block) => this.#arena.free(block));
  }

  /** Visits every block of the table itself; the visitor may free each. O(buckets / 16,384). */
  forEachBlock(table: Ref, visit: (block: Ref) => void): void {
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    forEachBlock(this.#segments, words[at + OLD_DIRECTORY], words[at + OLD_MASK], visit);
    forEachBlock(this.#segments, words[at + DIRECTORY], words[at + MASK], visit);
    visit(table);
  }

  /** Number of nodes. O(1). */
  size(table: Ref): number {
    return this.#arena.word(table, COUNT) >>> 0;
  }

  /** Number of buckets, those of both arrays during a resize. O(1). */
  bucketCount(table: Ref): number {
    const oldMask = this.#arena.word(table, OLD_MASK);
    return this.#arena.word(table, MASK) + 1 + (oldMask === 0 ? 0 : oldMask + 1);
  }

  /** Whether a resize is under way. O(1). */
  isRehashing(table: Ref): boolean {
    return this.#arena.word(table, OLD_MASK) !== 0;
  }

  /** The next bucket of the old array that a resize will move, or -1 when there is none. O(1). */
  rehashPosition(table: Ref): number {
    return this.isRehashing(table) ? this.#arena.word(table, POSITION) : -1;
  }

  /** The first node of the bucket, whatever its hash, or NONE: for touching memory early. O(1). */
  bucketHead(table: Ref, hash: number): Ref {
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const old = words[at + OLD_MASK];
    const array = (hash & old) >= words[at + POSITION] ? at + OLD_DIRECTORY : at + DIRECTORY;
    const mask = words[array + 1];
    return headOf(this.#segments, words[array], mask, hash & mask);
  }

  /**
   * The first nodes of the buckets of `count` hashes: {@linkcode HashTable.bucketHead} for each, as
   * one loop of independent loads, so that their cache misses overlap. O(count).
   */
  bucketHeads(table: Ref, hashes: Int32Array, heads: Int32Array, count: number): void {
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const mask = words[at + MASK];
    const directory = words[at + DIRECTORY];
    if (words[at + OLD_MASK] !== 0 || mask <= CHUNK_MASK) {
      for (let i = 0; i < count; i++) heads[i] = this.bucketHead(table, hashes[i]);
      return;
    }
    const segments = this.#segments;
    const chunks = segments[directory >>> SEGMENT_SHIFT];
    const first = (directory & SEGMENT_MASK) << 1;
    for (let i = 0; i < count; i++) {
      const bucket = hashes[i] & mask;
      const chunk = chunks[first + (bucket >>> CHUNK_SHIFT)];
      heads[i] = chunk === NONE ? NONE : segments[chunk >>> SEGMENT_SHIFT][
        ((chunk & SEGMENT_MASK) << 1) + (bucket & CHUNK_MASK)
      ];
    }
  }

  /** The first node with this hash, or NONE. Expected O(1). */
  first(table: Ref, hash: number): Ref {
    return this.#match(this.bucketHead(table, hash), hash);
  }

  /** The node with this hash that follows `node`, or NONE. Expected O(1). */
  next(_table: Ref, node: Ref, hash: number): Ref {
    const words = this.#segments[node >>> SEGMENT_SHIFT];
    return this.#match(words[((node & SEGMENT_MASK) << 1) + this.#next], hash);
  }

  #match(node: Ref, hash: number): Ref {
    const segments = this.#segments;
    while (node !== NONE) {
      const words = segments[node >>> SEGMENT_SHIFT];
      const at = (node & SEGMENT_MASK) << 1;
      if (words[at + this.#hash] === hash) return node;
      node = words[at + this.#next];
    }
    return NONE;
  }

  /**
   * Adds a node, whose two words it writes. O(1): whatever the table's size, it moves a bounded
   * number of buckets.
   *
   * @throws {ArenaFullError} when there is no room for a chunk of buckets; the table is as before
   */
  insert(table: Ref, node: Ref, hash: number): void {
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const chunkAdded = this.#link(table, node, hash);
    const count = words[at + COUNT] + 1;
    words[at + COUNT] = count;
    if (chunkAdded) return; // work enough for one operation
    if (words[at + OLD_MASK] !== 0) this.#step(table, STEP_BUCKETS);
    else if (count > words[at + MASK] + 1) this.resizeIfNeeded(table);
  }

  /** Puts a node where its hash says, and answers whether that took a new chunk. */
  #link(table: Ref, node: Ref, hash: number): boolean {
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const old = words[at + OLD_MASK];
    const field = (hash & old) >= words[at + POSITION] ? OLD_DIRECTORY : DIRECTORY;
    const mask = words[at + field + 1];
    const bucket = hash & mask;
    const chunk = chunkOf(this.#segments, words[at + field], mask, bucket);
    if (chunk === NONE) {
      this.#push(addChunk(this.#arena, table, field, bucket), bucket, node, hash);
      return true;
    }
    this.#push(chunk, bucket, node, hash);
    return false;
  }

  #push(chunk: Ref, bucket: number, node: Ref, hash: number): void {
    const chunkWords = this.#segments[chunk >>> SEGMENT_SHIFT];
    const slot = ((chunk & SEGMENT_MASK) << 1) + (bucket & CHUNK_MASK);
    const nodeWords = this.#segments[node >>> SEGMENT_SHIFT];
    const nodeAt = (node & SEGMENT_MASK) << 1;
    nodeWords[nodeAt + this.#next] = chunkWords[slot];
    nodeWords[nodeAt + this.#hash] = hash;
    chunkWords[slot] = node;
  }

  /**
   * Takes a node, which must be in the table, out of it; its block stays. Expected O(1), with the
   * same bound on moved buckets as {@linkcode HashTable.insert}.
   */
  remove(table: Ref, node: Ref): void {
    const nodeWords = this.#segments[node >>> SEGMENT_SHIFT];
    const nodeAt = (node & SEGMENT_MASK) << 1;
    this.#relink(table, node, nodeWords[nodeAt + this.#hash], nodeWords[nodeAt + this.#next]);
    const words = this.#segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const count = words[at + COUNT] - 1;
    words[at + COUNT] = count;
    if (words[at + OLD_MASK] !== 0) this.#step(table, STEP_BUCKETS);
    else if (count * SHRINK_BELOW <= words[at + MASK]) this.resizeIfNeeded(table);
  }

  /** Puts `newNode`, whose two words it writes, in the place of `oldNode`. Expected O(1). */
  replace(table: Ref, oldNode: Ref, newNode: Ref): void {
    const from = this.#segments[oldNode >>> SEGMENT_SHIFT];
    const fromAt = (oldNode & SEGMENT_MASK) << 1;
    const to = this.#segments[newNode >>> SEGMENT_SHIFT];
    const toAt = (newNode & SEGMENT_MASK) << 1;
    to[toAt + this.#next] = from[fromAt + this.#next];
    to[toAt + this.#hash] = from[fromAt + this.#hash];
    this.#relink(table, oldNode, from[fromAt + this.#hash], newNode);
  }

  /**
   * Tells the table that a node's block has moved: `newNode` is a copy of `oldNode`, which may be
   * free already (as after {@linkcode Arena.resize}). Expected O(1).
   */
  relocate(table: Ref, oldNode: Ref, newNode: Ref): void {
    this.#relink(table, oldNode, this.#arena.word(newNode, this.#hash), newNode);
  }

  /** Lets whatever refers to `node` refer to `replacement`. Reads no word of `node`. */
  #relink(table: Ref, node: Ref, hash: number, replacement: Ref): void {
    const segments = this.#segments;
    const descriptor = segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    const old = descriptor[at + OLD_MASK];
    const array = (hash & old) >= descriptor[at + POSITION] ? at + OLD_DIRECTORY : at + DIRECTORY;
    const mask = descriptor[array + 1];
    const chunk = chunkOf(segments, descriptor[array], mask, hash & mask);
    assert(chunk !== NONE, "a node that is not in its table");
    let words = segments[chunk >>> SEGMENT_SHIFT];
    let link = ((chunk & SEGMENT_MASK) << 1) + (hash & mask & CHUNK_MASK);
    for (let here = words[link]; here !== node; here = words[link]) {
      assert(here !== NONE, "a node that is not in its table");
      words = segments[here >>> SEGMENT_SHIFT];
      link = ((here & SEGMENT_MASK) << 1) + this.#next;
    }
    words[link] = replacement;
  }

  /**
   * Starts a resize where the number of nodes calls for one and none is under way. Insertions and
   * removals do so by themselves; this is for a periodic tick. O(buckets / 16,384), by the zeroing
   * of a directory of 64 KiB at most. A full arena only puts the resize off.
   */
  resizeIfNeeded(table: Ref): void {
    const count = this.size(table);
    const buckets = this.#arena.word(table, MASK) + 1;
    if (count > buckets) this.#resize(table, count);
    else if (count * SHRINK_BELOW < buckets) this.#resize(table, count * 2);
  }

  /**
   * Prepares for `size` nodes, so that a bulk load does not resize often: by up to 16 times the
   * present buckets, as one resize.
   */
  expand(table: Ref, size: number): void {
    if (size > this.#arena.word(table, MASK) + 1) this.#resize(table, size);
  }

  #resize(table: Ref, size: number): void {
    const arena = this.#arena;
    const oldMask = arena.word(table, MASK);
    let mask = MIN_MASK;
    while (mask + 1 < size && mask < MAX_BUCKET_MASK) mask = mask * 2 + 1;
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
   * {@linkcode VISITS_PER_BUCKET} times as many.
   *
   * @returns whether a resize is still under way
   */
  rehashStep(table: Ref, buckets: number): boolean {
    for (let done = 0; done < buckets && this.isRehashing(table); done += STEP_BUCKETS) {
      if (!this.#step(table, STEP_BUCKETS)) break;
    }
    return this.isRehashing(table);
  }

  /** Makes the bounded step of a resize. Answers false when a pause or a full arena forbids it. */
  #step(table: Ref, buckets: number): boolean {
    const segments = this.#segments;
    const words = segments[table >>> SEGMENT_SHIFT];
    const at = (table & SEGMENT_MASK) << 1;
    if (words[at + PAUSES] !== 0) return false;
    const oldMask = words[at + OLD_MASK];
    let position = words[at + POSITION];
    let visits = buckets * VISITS_PER_BUCKET;
    let moves = buckets;
    while (position <= oldMask && moves > 0 && visits-- > 0) {
      const chunk = chunkOf(segments, words[at + OLD_DIRECTORY], oldMask, position);
      if (chunk === NONE) {
        position = (position | CHUNK_MASK) + 1;
        continue;
      }
      const chunkWords = segments[chunk >>> SEGMENT_SHIFT];
      const slot = ((chunk & SEGMENT_MASK) << 1) + (position & CHUNK_MASK);
      const head = chunkWords[slot];
      if (head !== NONE) {
        const ready = this.#readyToMove(table, head);
        if (ready !== READY) {
          words[at + POSITION] = position;
          return ready === CHUNK_ADDED;
        }
        this.#moveChain(words[at + DIRECTORY], words[at + MASK], head);
        chunkWords[slot] = NONE;
        moves--;
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

  /** Whether all chunks that a chain's nodes move to exist; if not, makes one of them. */
  #readyToMove(table: Ref, node: Ref): number {
    const segments = this.#segments;
    const directory = this.#arena.word(table, DIRECTORY);
    const mask = this.#arena.word(table, MASK);
    while (node !== NONE) {
      const words = segments[node >>> SEGMENT_SHIFT];
      const at = (node & SEGMENT_MASK) << 1;
      const bucket = words[at + this.#hash] & mask;
      if (chunkOf(segments, directory, mask, bucket) === NONE) {
        try {
          addChunk(this.#arena, table, DIRECTORY, bucket);
        } catch (error) {
          if (error instanceof ArenaFullError) return ARENA_FULL;
          throw error;
        }
        return mask <= CHUNK_MASK ? READY : CHUNK_ADDED;
      }
      node = words[at + this.#next];
    }
    return READY;
  }

  #moveChain(directory: Ref, mask: number, node: Ref): void {
    const segments = this.#segments;
    while (node !== NONE) {
      const words = segments[node >>> SEGMENT_SHIFT];
      const at = (node & SEGMENT_MASK) << 1;
      const following = words[at + this.#next];
      const hash = words[at + this.#hash];
      this.#push(chunkOf(segments, directory, mask, hash & mask), hash & mask, node, hash);
      node = following;
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

  /** Visits every node once; the visitor may remove the visited node. O(nodes + buckets). */
  forEach(table: Ref, visit: (node: Ref) => void): void {
    forEachNode(this.#arena, table, this.#next, visit);
  }

  /**
   * Visits the nodes that `cursor` stands for: begin with 0, go on with the result until it is 0
   * again. Every node that is in the table all the while is visited, at least once, whatever is
   * added, removed or resized between the calls. The visitor may remove the visited node. Cursors
   * are below 2^28. O(1): one bucket, or up to 17 during a resize.
   *
   * @returns the next cursor
   */
  scan(table: Ref, cursor: number, visit: (node: Ref) => void): number {
    return scanBucket(this.#arena, table, this.#next, cursor, visit);
  }

  /**
   * A node chosen uniformly, or NONE from an empty table. Expected O(1) in a table at least an
   * eighth full.
   *
   * @param randomInt answers a uniform integer in 0 to bound - 1; bounds go up to 2^29
   */
  random(table: Ref, randomInt: (bound: number) => number): Ref {
    return randomNode(this.#arena, table, this.#next, randomInt);
  }

  /** Checks the table's invariants, for tests. O(nodes + buckets). @throws {AssertionError} */
  verify(table: Ref, hashOf?: (node: Ref) => number): void {
    verifyTable(this.#arena, table, this.#next, hashOf);
  }
}
