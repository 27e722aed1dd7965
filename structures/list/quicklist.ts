/**
 * The quicklist: a long list as a chain of blocks (quicklist_chain.ts), each within a limit, so that
 * a change in the middle moves the bytes of one block and not of the list.
 *
 * ```
 *             first node               inner nodes: as small as     last node
 *             grows to the left        what they hold               grows to the right
 *  push ──▶ ┌────────────────┐      ┌────────────────┐      ┌────────────────┐ ◀── push
 *           │ room  ▓▓▓▓▓▓▓▓ │ ◀──▶ │ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓ │ ◀──▶ │ ▓▓▓▓▓▓▓▓  room │
 *   pop ◀── └────────────────┘      └────────────────┘      └────────────────┘ ──▶ pop
 * ```
 *
 * Neither pushes nor pops move what is there (list_block.ts): a block without room at the end that
 * is pushed at is exchanged for one twice as large, up to the limit, and then the next node is
 * begun. Neighbours that have become small enough for one block are merged after removals and
 * insertions in the middle.
 *
 * An element larger than the limit is the only entry of its node.
 */

import { ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import {
  isTimeToShrink,
  LIST_BLOCK_HEADER_BYTES as HEADER_BYTES,
  type ListBlock,
} from "./list_block.ts";
import * as listBlock from "./list_block.ts";
import { type ListLimits, maxNodeBytes, maxNodeEntries } from "./list_limits.ts";
import type { QuicklistChain } from "./quicklist_chain.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;
const { LISTPACK_FRAME_BYTES } = listBlock;

/** A node that is begun at an end has a block of so many bytes, or for one element if larger. */
const NEW_NODE_BYTES = 512;

/** Changes to quicklists; see the top of the file. What only reads is in quicklist_chain.ts. */
export class Quicklist {
  readonly #chain: QuicklistChain;
  readonly #blocks: ListBlock;
  readonly #limits: ListLimits;

  /** @param limits kept, not copied */
  constructor(chain: QuicklistChain, limits: ListLimits) {
    this.#chain = chain;
    this.#blocks = chain.blocks;
    this.#limits = limits;
  }

  /** A chain of a block's entries, which it then owns. O(1). @throws {ArenaFullError} */
  createFrom(block: Ref): Ref {
    const chain = this.#chain;
    const root = chain.create();
    const entries = this.#blocks.count(block);
    try {
      if (entries > 0) chain.link(root, NONE, block, entries);
      else chain.arena.free(block);
    } catch (error) {
      chain.arena.free(root);
      throw error;
    }
    return root;
  }

  /** Links a node for a new block, which on an error is freed. */
  #link(root: Ref, previous: Ref, block: Ref, entries: number): Ref {
    try {
      return this.#chain.link(root, previous, block, entries);
    } catch (error) {
      this.#chain.arena.free(block);
      throw error;
    }
  }

  /** Adds an element before the first. O(1), amortized. @throws {ArenaFullError} */
  pushFirst(root: Ref, bytes: Uint8Array, start: number, length: number): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const mostBytes = maxNodeBytes(this.#limits);
    const mostEntries = maxNodeEntries(this.#limits);
    const need = blocks.draft(bytes, start, length);
    const node = chain.first(root);
    if (
      node !== NONE && (blocks.prepend(chain.blockOf(node), mostBytes, mostEntries) ||
        this.#widen(node, true, need) &&
          blocks.prepend(chain.blockOf(node), mostBytes, mostEntries))
    ) chain.addEntries(root, node, 1);
    else this.#addNode(root, NONE, need);
  }

  /** Adds an element behind the last. O(1), amortized. @throws {ArenaFullError} */
  pushLast(root: Ref, bytes: Uint8Array, start: number, length: number): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const mostBytes = maxNodeBytes(this.#limits);
    const mostEntries = maxNodeEntries(this.#limits);
    const need = blocks.draft(bytes, start, length);
    const node = chain.last(root);
    if (
      node !== NONE && (blocks.append(chain.blockOf(node), mostBytes, mostEntries) ||
        this.#widen(node, false, need) &&
          blocks.append(chain.blockOf(node), mostBytes, mostEntries))
    ) chain.addEntries(root, node, 1);
    else this.#addNode(root, node, need);
  }

  /** Whether a node can take another entry of this size. */
  #fits(node: Ref, need: number): boolean {
    const chain = this.#chain;
    return HEADER_BYTES + chain.byteLength(node) + need <= maxNodeBytes(this.#limits) &&
      chain.entries(node) < maxNodeEntries(this.#limits);
  }

  /**
   * Makes room for an entry at one end of a node that may take it, but in a block of full size only
   * if much of that is free. @returns whether there is the room now
   */
  #widen(node: Ref, atFront: boolean, need: number): boolean {
    if (!this.#fits(node, need)) return false;
    const chain = this.#chain;
    const block = chain.blockOf(node);
    const capacity = chain.arena.capacity(block);
    const most = maxNodeBytes(this.#limits);
    const isSparse = chain.byteLength(node) * 4 <= capacity * 3;
    if (capacity >= most && !isSparse) return false;
    const wanted = isSparse ? capacity : Math.min(capacity * 2, most);
    chain.setBlock(node, this.#blocks.makeRoom(block, atFront, need, wanted));
    return true;
  }

  /** Adds a node of the drafted entry behind `previous`, before the first for NONE. */
  #addNode(root: Ref, previous: Ref, need: number): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const isEnd = previous === NONE || chain.next(previous) === NONE;
    const room = Math.min(NEW_NODE_BYTES, HEADER_BYTES + need * maxNodeEntries(this.#limits));
    const byteLength = Math.max(isEnd ? room : 0, HEADER_BYTES + need);
    const atFront = previous === NONE && byteLength <= maxNodeBytes(this.#limits);
    const block = blocks.create(byteLength, atFront);
    if (atFront) blocks.prepend(block, byteLength, 1);
    else blocks.append(block, byteLength, 1);
    const node = this.#link(root, previous, block, 1);
    if (previous !== NONE) chain.setBlock(previous, blocks.fit(chain.blockOf(previous)));
    const next = chain.next(node);
    if (next !== NONE) chain.setBlock(next, blocks.fit(chain.blockOf(next)));
  }

  /** Removes the first element. O(1), amortized. */
  removeFirst(root: Ref): void {
    const chain = this.#chain;
    const node = chain.first(root);
    const left = chain.entries(node) - 1;
    if (left === 0) return chain.drop(root, node);
    this.#blocks.cutFirst(chain.blockOf(node));
    chain.addEntries(root, node, -1);
    if (isTimeToShrink(left)) this.#shrink(node);
  }

  /** Removes the last element. O(1), amortized. */
  removeLast(root: Ref): void {
    const chain = this.#chain;
    const node = chain.last(root);
    const left = chain.entries(node) - 1;
    if (left === 0) return chain.drop(root, node);
    this.#blocks.cutLast(chain.blockOf(node));
    chain.addEntries(root, node, -1);
    if (isTimeToShrink(left)) this.#shrink(node);
  }

  #shrink(node: Ref): void {
    const chain = this.#chain;
    chain.setBlock(node, this.#blocks.shrink(chain.blockOf(node)));
  }

  /** Removes entries of one node, and the node with the last of them. @returns how many there were */
  #cut(root: Ref, node: Ref, at: number, entries: number): number {
    const chain = this.#chain;
    const present = chain.entries(node);
    const block = chain.blockOf(node);
    if (entries >= present && at === this.#blocks.first(block)) {
      chain.drop(root, node);
      return present;
    }
    const removed = this.#blocks.cut(block, at, entries);
    chain.addEntries(root, node, -removed);
    this.#shrink(node);
    return removed;
  }

  /**
   * Removes one element and leaves neighbours as they are; see {@linkcode mergeAll}. Where the node
   * has others, {@linkcode ListBlock.at} says what follows. O(1).
   */
  removeAt(root: Ref, node: Ref, at: number): void {
    this.#cut(root, node, at, 1);
  }

  /** Removes elements from the one at (node, at) on, as many as there are. O(nodes). */
  removeRun(root: Ref, node: Ref, at: number, count: number): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const before = at === blocks.first(chain.blockOf(node)) ? chain.previous(node) : node;
    let left = count;
    for (let current = node; left > 0 && current !== NONE;) {
      const next = chain.next(current);
      const from = current === node ? at : blocks.first(chain.blockOf(current));
      left -= this.#cut(root, current, from, left);
      current = next;
    }
    if (before === NONE) return;
    const behind = chain.next(before);
    if (behind !== NONE) this.#merge(root, before, behind);
  }

  /** Adds an element before the entry at (node, at), or behind the node's last at its end. O(1). */
  insert(
    root: Ref,
    node: Ref,
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const displaced = this.#place(root, node, at, this.#blocks.draft(bytes, start, length));
    if (displaced === node) return;
    const previous = this.#chain.previous(node);
    if (previous !== NONE) this.#merge(root, previous, node);
    const next = this.#chain.next(displaced);
    if (next !== NONE) this.#merge(root, displaced, next);
  }

  /** Writes the drafted entry, without merging. @returns the node of the entry that was at `at` */
  #place(root: Ref, node: Ref, at: number, need: number): Ref {
    const chain = this.#chain;
    const block = chain.blockOf(node);
    if (this.#fits(node, need)) {
      this.#insertInto(root, node, at);
      return node;
    }
    if (at === this.#blocks.first(block)) {
      this.#placeBehind(root, chain.previous(node), need);
      return node;
    }
    if (at === this.#blocks.end(block)) {
      const next = chain.next(node);
      if (next !== NONE && this.#fits(next, need)) {
        this.#insertInto(root, next, this.#blocks.first(chain.blockOf(next)));
      } else {
        this.#addNode(root, node, need);
      }
      return node;
    }
    const second = this.#split(root, node, at);
    this.#placeBehind(root, node, need);
    return second;
  }

  /** Writes the drafted entry behind a node's last, or where it is full or NONE in a new node. */
  #placeBehind(root: Ref, node: Ref, need: number): void {
    if (node !== NONE && this.#fits(node, need)) {
      this.#insertInto(root, node, this.#blocks.end(this.#chain.blockOf(node)));
    } else {
      this.#addNode(root, node, need);
    }
  }

  #insertInto(root: Ref, node: Ref, at: number): void {
    const chain = this.#chain;
    chain.setBlock(node, this.#blocks.insert(chain.blockOf(node), at, 0));
    chain.addEntries(root, node, 1);
  }

  /** Moves the entries from position `at` on to a new node behind. @returns that node */
  #split(root: Ref, node: Ref, at: number): Ref {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const source = chain.blockOf(node);
    const end = blocks.end(source);
    let entries = 0;
    for (let entry = at; entry < end; entry = blocks.behind(source, entry)) entries++;
    const second = this.#link(root, node, blocks.create(HEADER_BYTES + end - at, false), 0);
    this.#move(root, node, at, end, entries, second, false);
    chain.setBlock(node, blocks.fit(source));
    return second;
  }

  /** Moves a node's first or last entries to one end of another; the one they leave may be empty. */
  #move(
    root: Ref,
    source: Ref,
    at: number,
    to: number,
    entries: number,
    target: Ref,
    atFront: boolean,
  ): void {
    const chain = this.#chain;
    const from = chain.blockOf(source);
    const into = chain.blockOf(target);
    chain.setBlock(target, this.#blocks.transfer(from, at, to, entries, into, atFront));
    chain.addEntries(root, source, -entries);
    chain.addEntries(root, target, entries);
  }

  /** Puts another element in the place of the one at (node, at). O(1). @throws {ArenaFullError} */
  replace(
    root: Ref,
    node: Ref,
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const need = blocks.draft(bytes, start, length);
    const block = chain.blockOf(node);
    const rest = chain.byteLength(node) - (blocks.behind(block, at) - at);
    const fits = HEADER_BYTES + rest + need <= maxNodeBytes(this.#limits);
    if (fits || chain.entries(node) === 1) {
      chain.setBlock(node, blocks.shrink(blocks.replace(block, at, 0)));
      return;
    }
    // The node has no room for another entry, so the one at `at` is the first of `holder` then.
    const holder = this.#place(root, node, at, need);
    const before = chain.previous(holder);
    this.#cut(root, holder, blocks.first(chain.blockOf(holder)), 1);
    this.#mergeAround(root, before);
  }

  #mergeAround(root: Ref, node: Ref): void {
    const chain = this.#chain;
    const previous = chain.previous(node);
    const merged = previous === NONE ? node : this.#merge(root, previous, node);
    const next = chain.next(merged);
    if (next !== NONE) this.#merge(root, merged, next);
  }

  /** Merges all neighbours that fit into one block. O(nodes). */
  mergeAll(root: Ref): void {
    const chain = this.#chain;
    let node = chain.first(root);
    while (node !== NONE) {
      const next = chain.next(node);
      if (next === NONE) return;
      node = this.#merge(root, node, next);
    }
  }

  /** Merges two neighbours if they fit. @returns the node of the second one's entries */
  #merge(root: Ref, first: Ref, second: Ref): Ref {
    const chain = this.#chain;
    const bytes = HEADER_BYTES + chain.byteLength(first) + chain.byteLength(second);
    const entries = chain.entries(first) + chain.entries(second);
    if (bytes > maxNodeBytes(this.#limits) || entries > maxNodeEntries(this.#limits)) return second;
    return this.#join(root, first, second);
  }

  /** As #merge, whatever the size. A full arena leaves both as they are. */
  #join(root: Ref, first: Ref, second: Ref): Ref {
    const chain = this.#chain;
    const intoFirst = chain.byteLength(first) >= chain.byteLength(second);
    const [source, target] = intoFirst ? [second, first] : [first, second];
    const block = chain.blockOf(source);
    const at = this.#blocks.first(block);
    const end = this.#blocks.end(block);
    try {
      this.#move(root, source, at, end, chain.entries(source), target, !intoFirst);
    } catch (error) {
      if (error instanceof ArenaFullError) return second;
      throw error;
    }
    chain.drop(root, source);
    return target;
  }

  /** Bytes that all elements would take in one listpack. O(nodes). */
  singleBytes(root: Ref): number {
    const chain = this.#chain;
    let bytes = LISTPACK_FRAME_BYTES;
    for (let node = chain.first(root); node !== NONE; node = chain.next(node)) {
      bytes += chain.byteLength(node);
    }
    return bytes;
  }

  /**
   * Turns a chain with at least one element into one block. O(n).
   *
   * @returns the block, or NONE where memory is full and the chain is kept
   */
  toSingle(root: Ref): Ref {
    const chain = this.#chain;
    while (chain.nodeCount(root) > 1) {
      const first = chain.first(root);
      if (this.#join(root, first, chain.next(first)) !== chain.first(root)) return NONE;
    }
    const block = chain.unlink(root, chain.first(root));
    chain.arena.free(root);
    return this.#blocks.fit(block);
  }
}
