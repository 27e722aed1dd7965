/**
 * Walks over a hash table: whole walks, scans with a cursor, and fair random choice.
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
 * and add nodes. A removal takes a node of a chain's newest bucket to where the removed one was, so
 * the newest is visited first, the primary last, and nodes that move then have been visited. The
 * nodes of a bucket are copied before, as the bucket may go with its last node.
 *
 * A walk from node to node ({@linkcode NodeWalk}) has no visitor, and so ends with the first change.
 */

import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import { arrayOf, bucketOf, lineOf } from "./bucket_array.ts";
import { lineWith } from "./bucket_chain.ts";
import { countSlots, firstSlot, loadNodes, occupiedSlots, tagsOf } from "./bucket_line.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  CHUNK_MASK,
  COUNT,
  DIRECTORY,
  LINE_SLOTS,
  MASK,
  OLD_DIRECTORY,
  OLD_MASK,
  OVERFLOW,
  PAUSES,
  POSITION,
  REFS,
} = tableLayout;

/** Nodes of chains up to so many are drawn without any bias. */
const FAIR_NODES = 2 * LINE_SLOTS;
const RANDOM_TRIES = 512;

type Visit = (node: Ref) => void;

function pause(arena: Arena, table: Ref, by: 1 | -1): void {
  arena.setWord(table, PAUSES, arena.word(table, PAUSES) + by);
}

/** Visits the nodes of a bucket and its overflow buckets. */
function walkChain(arena: Arena, primary: Ref, nodes: Int32Array, visit: Visit): void {
  for (let line = arena.word(primary, OVERFLOW); line !== NONE;) {
    const following = arena.word(line, OVERFLOW);
    walkLine(arena, line, nodes, visit);
    line = following;
  }
  walkLine(arena, primary, nodes, visit);
}

function walkLine(arena: Arena, line: Ref, nodes: Int32Array, visit: Visit): void {
  const count = loadNodes(arena.words, line, nodes);
  for (let i = 0; i < count; i++) visit(nodes[i]);
}

/** Visits all nodes of the array at `field`, from bucket `first` on. O(nodes + buckets). */
function walkArray(arena: Arena, table: Ref, field: number, first: number, visit: Visit): void {
  const mask = arena.word(table, field + 1);
  const nodes = new Int32Array(LINE_SLOTS);
  for (let bucket = first; bucket <= mask; bucket++) {
    // Read anew for each bucket: the visitor may have added nodes, and with them chunks.
    const line = lineOf(arena.words, arena.word(table, field), mask, bucket);
    if (line === NONE) bucket |= CHUNK_MASK;
    else walkChain(arena, line, nodes, visit);
  }
}

/** Visits every node once. O(nodes + buckets). */
export function forEachNode(arena: Arena, table: Ref, visit: Visit): void {
  pause(arena, table, 1);
  try {
    if (arena.word(table, OLD_MASK) !== 0) {
      walkArray(arena, table, OLD_DIRECTORY, arena.word(table, POSITION), visit);
    }
    walkArray(arena, table, DIRECTORY, 0, visit);
  } finally {
    pause(arena, table, -1);
  }
}

/**
 * A walk from node to node. Every node comes once, as long as nothing is added, removed or replaced;
 * whoever changes a table calls {@linkcode NodeWalk.stop}. Where another has changed the number of
 * nodes meanwhile, the step to the next bucket says so instead of going astray.
 *
 * It keeps the nodes of one bucket, loaded together. One object serves all tables of an arena: asked
 * to go on from a node that it is not at, it finds the place by the node's hash.
 */
export class NodeWalk {
  readonly #arena: Arena;
  readonly #hashOf: (node: Ref) => number;
  #table: Ref = NONE;
  /** The array, as a word of the table; the number of the bucket in it; the bucket in its chain. */
  #array = DIRECTORY;
  #bucket = 0;
  #line: Ref = NONE;
  /** The nodes of that line, how many there are, and the index of the one that the walk is at. */
  readonly #nodes = new Int32Array(LINE_SLOTS);
  #count = 0;
  #index = 0;
  /** Nodes of the table when the walk came to it. */
  #size = 0;
  /** The node behind those that {@linkcode NodeWalk.take} has copied, NONE behind the last. */
  following: Ref = NONE;

  constructor(arena: Arena, hashOf: (node: Ref) => number) {
    this.#arena = arena;
    this.#hashOf = hashOf;
  }

  /** The node that a walk begins with, NONE in an empty table. O(empty buckets). */
  first(table: Ref): Ref {
    const isResizing = this.#arena.word(table, OLD_MASK) !== 0;
    this.#table = table;
    this.#array = isResizing ? OLD_DIRECTORY : DIRECTORY;
    this.#bucket = (isResizing ? this.#arena.word(table, POSITION) : 0) - 1;
    this.#line = NONE;
    this.#count = 0;
    this.#size = this.#arena.word(table, COUNT);
    return this.#nextLine();
  }

  /** The node behind `node`, NONE behind the last. O(1) on average. */
  next(table: Ref, node: Ref): Ref {
    if (this.#table !== table || this.#nodes[this.#index] !== node) this.#seek(table, node);
    return ++this.#index < this.#count ? this.#nodes[this.#index] : this.#nextLine();
  }

  /**
   * Copies nodes from `node` on, where the walk is to be at that, as far as there is room, a bucket at a
   * time: for those who go over many, as the loads of several buckets then overlap.
   *
   * @param nodes room for at least {@linkcode LINE_SLOTS}
   * @returns how many; the node behind them is {@linkcode NodeWalk.following}
   */
  take(table: Ref, node: Ref, nodes: Int32Array): number {
    if (this.#table !== table || this.#nodes[this.#index] !== node) this.#seek(table, node);
    let taken = 0;
    let next = node;
    while (next !== NONE && taken + this.#count - this.#index <= nodes.length) {
      for (let i = this.#index; i < this.#count; i++) nodes[taken++] = this.#nodes[i];
      next = this.#nextLine();
    }
    this.following = next;
    return taken;
  }

  /** Forgets the place, as the table of a walk has changed. O(1). */
  stop(): void {
    this.#table = NONE;
  }

  #nextLine(): Ref {
    const arena = this.#arena;
    assert(arena.word(this.#table, COUNT) === this.#size, "a walk over what has changed");
    this.#index = 0;
    do {
      this.#line = this.#line === NONE ? NONE : arena.word(this.#line, OVERFLOW);
      while (this.#line === NONE) {
        const mask = arena.word(this.#table, this.#array + 1);
        if (++this.#bucket <= mask) {
          const directory = arena.word(this.#table, this.#array);
          this.#line = lineOf(arena.words, directory, mask, this.#bucket);
          if (this.#line === NONE) this.#bucket |= CHUNK_MASK;
        } else if (this.#array === OLD_DIRECTORY) {
          this.#array = DIRECTORY;
          this.#bucket = -1;
        } else {
          this.stop();
          return NONE;
        }
      }
      this.#count = loadNodes(arena.words, this.#line, this.#nodes);
    } while (this.#count === 0);
    return this.#nodes[0];
  }

  #seek(table: Ref, node: Ref): void {
    const segments = this.#arena.words;
    const hash = this.#hashOf(node);
    this.#table = table;
    this.#size = this.#arena.word(table, COUNT);
    this.#array = arrayOf(segments, table, hash);
    this.#bucket = hash & this.#arena.word(table, this.#array + 1);
    this.#line = lineWith(segments, bucketOf(segments, table, hash), node, tagsOf(hash));
    this.#count = loadNodes(segments, this.#line, this.#nodes);
    this.#index = this.#nodes.indexOf(node);
  }
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
export function scanBucket(arena: Arena, table: Ref, cursor: number, visit: Visit): number {
  const mask = arena.word(table, MASK);
  const oldMask = arena.word(table, OLD_MASK);
  const newIsLarge = mask >= oldMask;
  const large = newIsLarge ? DIRECTORY : OLD_DIRECTORY;
  const small = newIsLarge ? OLD_DIRECTORY : DIRECTORY;
  const largeMask = newIsLarge ? mask : oldMask;
  const smallMask = newIsLarge ? oldMask : mask;
  const nodes = new Int32Array(LINE_SLOTS);
  let bucket = cursor & largeMask;
  pause(arena, table, 1);
  try {
    if (oldMask === 0) {
      walkBucket(arena, table, DIRECTORY, bucket, nodes, visit);
      return following(bucket, mask);
    }
    walkBucket(arena, table, small, bucket & smallMask, nodes, visit);
    do {
      walkBucket(arena, table, large, bucket, nodes, visit);
      bucket = following(bucket, largeMask);
    } while ((bucket & ~smallMask) !== 0);
    return bucket;
  } finally {
    pause(arena, table, -1);
  }
}

function walkBucket(
  arena: Arena,
  table: Ref,
  field: number,
  bucket: number,
  nodes: Int32Array,
  visit: Visit,
): void {
  const line = lineAt(arena, table, field, bucket);
  if (line !== NONE) walkChain(arena, line, nodes, visit);
}

function lineAt(arena: Arena, table: Ref, field: number, bucket: number): Ref {
  return lineOf(arena.words, arena.word(table, field), arena.word(table, field + 1), bucket);
}

/**
 * A node chosen at random, or NONE from an empty table.
 *
 * Rejection sampling: a bucket and a number below 24 are drawn, as one number, and drawn again where
 * the bucket has not so many nodes, so all nodes are equally likely. In a bucket of more, which one in
 * 70,000 is at most, nodes are slightly less likely: never impossible. A table with far fewer nodes
 * than buckets (right after mass deletion) may exhaust the tries; then a node of the first bucket
 * behind a random place is taken.
 */
export function randomNode(
  arena: Arena,
  table: Ref,
  randomInt: (bound: number) => number,
): Ref {
  if (arena.word(table, COUNT) === 0) return NONE;
  const oldMask = arena.word(table, OLD_MASK);
  const position = oldMask === 0 ? 1 : arena.word(table, POSITION);
  const oldBuckets = oldMask + 1 - position; // buckets not yet moved; 0 without a resize
  const buckets = oldBuckets + arena.word(table, MASK) + 1;
  for (let i = 0; i < RANDOM_TRIES; i++) {
    const drawn = randomInt(buckets * FAIR_NODES);
    const number = Math.floor(drawn / FAIR_NODES);
    const line = numberedLine(arena, table, position, oldBuckets, number);
    if (line === NONE) continue;
    const node = drawnFromChain(arena, line, drawn - number * FAIR_NODES, randomInt);
    if (node !== NONE) return node;
  }
  const start = randomInt(buckets);
  for (let i = 0; i < buckets; i++) {
    const line = numberedLine(arena, table, position, oldBuckets, (start + i) % buckets);
    if (line === NONE) continue;
    const count = countNodes(arena, line);
    if (count !== 0) return nodeAt(arena, line, randomInt(count));
  }
  return NONE;
}

/** The bucket of a number, where those that are not yet moved, from `position` on, come first. */
function numberedLine(
  arena: Arena,
  table: Ref,
  position: number,
  oldBuckets: number,
  number: number,
): Ref {
  return number < oldBuckets
    ? lineAt(arena, table, OLD_DIRECTORY, position + number)
    : lineAt(arena, table, DIRECTORY, number - oldBuckets);
}

/**
 * The node of a chain with a number that was drawn from those below 24, or NONE; of a longer chain
 * surely one, for which another number is drawn.
 */
function drawnFromChain(
  arena: Arena,
  primary: Ref,
  index: number,
  randomInt: (bound: number) => number,
): Ref {
  if (index >= LINE_SLOTS && arena.word(primary, OVERFLOW) === NONE) return NONE;
  const count = countNodes(arena, primary);
  if (count > FAIR_NODES) return nodeAt(arena, primary, randomInt(count));
  return index < count ? nodeAt(arena, primary, index) : NONE;
}

/** Nodes of a bucket and its overflow buckets. O(chain). */
function countNodes(arena: Arena, primary: Ref): number {
  let count = 0;
  for (let line = primary; line !== NONE; line = arena.word(line, OVERFLOW)) {
    const words = arena.words[line >>> SEGMENT_SHIFT];
    count += countSlots(occupiedSlots(words, (line & SEGMENT_MASK) << 1));
  }
  return count;
}

/** A node of a chain by its number there, which is below {@linkcode countNodes}. O(chain). */
function nodeAt(arena: Arena, primary: Ref, index: number): Ref {
  for (let line = primary;; line = arena.word(line, OVERFLOW)) {
    const words = arena.words[line >>> SEGMENT_SHIFT];
    const at = (line & SEGMENT_MASK) << 1;
    for (let slots = occupiedSlots(words, at); slots !== 0; slots &= slots - 1) {
      if (index-- === 0) return words[at + REFS + firstSlot(slots)];
    }
  }
}
