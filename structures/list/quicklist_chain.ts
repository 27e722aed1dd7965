/**
 * The chain under a quicklist: nodes that are linked in both directions and own a block of entries each.
 *
 * ```
 * root block   ┌──────┬──────┬──────────┬───────┐
 *              │ head │ tail │ elements │ nodes │
 *              └──┬───┴──┬───┴──────────┴───────┘
 *        ┌────────┘      └─────────────────────────────┐
 *        ▼                                             ▼
 * node ┌──────────┬──────┬──────────┬─────────┐      ┌──────────┬──────┬ … ┐
 *      │ previous │ next │ block    │ entries │ ◀──▶ │ previous │ next │   │
 *      └──────────┴──────┴────┬─────┴─────────┘      └──────────┴──────┴ … ┘
 * word 0          1      2    │     3
 *                             ▼
 *                          entries, see list_block.ts
 * ```
 *
 * Both kinds of block take 16 bytes. No node is without an entry.
 */

import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { ListBlock } from "./list_block.ts";
import type { Shape } from "../lazy_free/reclaimer.js";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

const HEAD = 0;
const TAIL = 1;
const COUNT = 2;
const NODES = 3;
const ROOT_BYTES = 16;

const PREVIOUS = 0;
const NEXT = 1;
const BLOCK = 2;
const ENTRIES = 3;
const NODE_BYTES = 16;

/** Where the links of a quicklist are, for those who free it from afar. */
export const QUICKLIST_SHAPE: Shape = { headWord: HEAD, nextWord: NEXT, blockWord: BLOCK };

/** Nodes of the quicklists of an arena. Every method is O(1) unless it says otherwise. */
export class QuicklistChain {
  readonly blocks: ListBlock;

  constructor(readonly arena: Arena) {
    this.blocks = new ListBlock(arena);
  }

  /** A new chain without nodes. @throws {ArenaFullError} */
  create(): Ref {
    return this.arena.allocateZeroed(ROOT_BYTES);
  }

  /** Frees the chain, its nodes and their blocks. O(nodes). */
  destroy(root: Ref): void {
    while (this.first(root) !== NONE) this.drop(root, this.first(root));
    this.arena.free(root);
  }

  /** A chain of the same elements, in blocks of its own. O(nodes). @throws {ArenaFullError} */
  copy(root: Ref): Ref {
    const { arena } = this;
    const copy = this.create();
    try {
      for (let node = this.first(root); node !== NONE; node = this.next(node)) {
        const block = arena.duplicate(this.blockOf(node));
        try {
          this.link(copy, this.last(copy), block, this.entries(node));
        } catch (error) {
          arena.free(block);
          throw error;
        }
      }
    } catch (error) {
      this.destroy(copy);
      throw error;
    }
    return copy;
  }

  #word(ref: Ref, index: number): number {
    return this.arena.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index];
  }

  #setWord(ref: Ref, index: number, value: number): void {
    this.arena.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index] = value;
  }

  /** Elements of all nodes. */
  count(root: Ref): number {
    return this.#word(root, COUNT);
  }

  nodeCount(root: Ref): number {
    return this.#word(root, NODES);
  }

  first(root: Ref): Ref {
    return this.#word(root, HEAD);
  }

  last(root: Ref): Ref {
    return this.#word(root, TAIL);
  }

  next(node: Ref): Ref {
    return this.#word(node, NEXT);
  }

  previous(node: Ref): Ref {
    return this.#word(node, PREVIOUS);
  }

  /** The node's block. */
  blockOf(node: Ref): Ref {
    return this.#word(node, BLOCK);
  }

  /** Notes that the node's entries are in another block. */
  setBlock(node: Ref, block: Ref): void {
    this.#setWord(node, BLOCK, block);
  }

  /** Entries of the node's block. */
  entries(node: Ref): number {
    return this.#word(node, ENTRIES);
  }

  /** Bytes of the node's entries. */
  byteLength(node: Ref): number {
    return this.blocks.byteLength(this.#word(node, BLOCK));
  }

  /** Notes that the node's block has got more entries, or fewer. */
  addEntries(root: Ref, node: Ref, change: number): void {
    const segments = this.arena.words;
    segments[node >>> SEGMENT_SHIFT][((node & SEGMENT_MASK) << 1) + ENTRIES] += change;
    segments[root >>> SEGMENT_SHIFT][((root & SEGMENT_MASK) << 1) + COUNT] += change;
  }

  /**
   * Links a node for a block of `entries` entries behind `previous`, or as the first for NONE.
   *
   * @throws {ArenaFullError}
   */
  link(root: Ref, previous: Ref, block: Ref, entries: number): Ref {
    const node = this.arena.allocate(NODE_BYTES);
    const next = previous === NONE ? this.first(root) : this.next(previous);
    this.#setWord(node, PREVIOUS, previous);
    this.#setWord(node, NEXT, next);
    this.#setWord(node, BLOCK, block);
    this.#setWord(node, ENTRIES, 0);
    this.#join(root, previous, node);
    this.#join(root, node, next);
    this.#setWord(root, NODES, this.nodeCount(root) + 1);
    this.addEntries(root, node, entries);
    return node;
  }

  /** Takes a node out of the chain and frees it. @returns its block, which is the caller's now */
  unlink(root: Ref, node: Ref): Ref {
    const block = this.blockOf(node);
    this.addEntries(root, node, -this.entries(node));
    this.#join(root, this.previous(node), this.next(node));
    this.#setWord(root, NODES, this.nodeCount(root) - 1);
    this.arena.free(node);
    return block;
  }

  /** Takes a node out of the chain and frees it with its block. */
  drop(root: Ref, node: Ref): void {
    this.arena.free(this.unlink(root, node));
  }

  #join(root: Ref, previous: Ref, next: Ref): void {
    if (previous === NONE) this.#setWord(root, HEAD, next);
    else this.#setWord(previous, NEXT, next);
    if (next === NONE) this.#setWord(root, TAIL, previous);
    else this.#setWord(next, PREVIOUS, previous);
  }

  /** Bytes that the chain takes in the arena. O(nodes). */
  memoryBytes(root: Ref): number {
    let bytes = this.arena.capacity(root);
    for (let node = this.first(root); node !== NONE; node = this.next(node)) {
      bytes += this.arena.capacity(node) + this.arena.capacity(this.blockOf(node));
    }
    return bytes;
  }

  /** Checks every invariant. For tests. O(n). @throws {AssertionError} */
  verify(root: Ref): void {
    let count = 0;
    let nodes = 0;
    let previous: Ref = NONE;
    for (let node = this.first(root); node !== NONE; node = this.next(node)) {
      const entries = this.entries(node);
      this.blocks.verify(this.blockOf(node));
      assert(entries > 0, "a node without entries");
      assert(this.blocks.count(this.blockOf(node)) === entries, "a node with a wrong count");
      assert(this.previous(node) === previous, "a node with a wrong link back");
      previous = node;
      count += entries;
      nodes++;
    }
    assert(this.last(root) === previous, "a chain with a wrong tail");
    assert(this.count(root) === count, "a chain with a wrong count of elements");
    assert(this.nodeCount(root) === nodes, "a chain with a wrong count of nodes");
  }
}
