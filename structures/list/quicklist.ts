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
 * begun. An insertion into the middle of a full node splits it, and merges neighbours that are small
 * enough for one block; nothing else does. That is Redis's rule, and clients can see that it is: a
 * list becomes a listpack again when one node is left.
 *
 * An element larger than the limit is the only entry of its node, unless it has replaced another.
 */

import { ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import {
  isTimeToShrink,
  LIST_BLOCK_HEADER_BYTES as HEADER_BYTES,
  type ListBlock,
} from "./list_block.ts";
import * as listBlock from "./list_block.ts";
import {
  ENTRY_ESTIMATE_BYTES,
  type ListLimits,
  maxNodeBytes,
  maxNodeEntries,
  takesOneMore,
} from "./list_limits.ts";
import type { QuicklistChain } from "./quicklist_chain.ts";
import { QuicklistPacking } from "./quicklist_packing.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;
const { LISTPACK_FRAME_BYTES, MAX_SHARED_BYTES } = listBlock;

/**
 * Most elements, about: their number is a signed word, and is looked at when a node is begun, whose
 * entries, and those of the node at the other end, may bring it to 65,534 more.
 */
export const MAX_ELEMENTS = 2 ** 31 - 2 ** 16;
const TOO_MANY_ELEMENTS = new ArenaFullError(`a list of more than ${MAX_ELEMENTS} elements`);

/** By how much {@linkcode takesOneMore} is stricter than a bound on the bytes of a block. */
const ESTIMATE_EXCESS_BYTES = LISTPACK_FRAME_BYTES + ENTRY_ESTIMATE_BYTES - HEADER_BYTES;
const MOST_BLOCK_BYTES = HEADER_BYTES + MAX_SHARED_BYTES;

/** A node that is begun at an end has a block of so many bytes, or for one element if larger. */
const NEW_NODE_BYTES = 512;

/** Changes to quicklists; see the top of the file. What only reads is in quicklist_chain.ts. */
export class Quicklist {
  readonly #chain: QuicklistChain;
  readonly #blocks: ListBlock;
  readonly #limits: ListLimits;
  readonly packing: QuicklistPacking;

  /** @param limits kept, not copied */
  constructor(chain: QuicklistChain, limits: ListLimits) {
    this.#chain = chain;
    this.packing = new QuicklistPacking(chain, limits);
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
    let node: Ref;
    try {
      node = this.#chain.link(root, previous, block, entries);
    } catch (error) {
      this.#chain.arena.free(block);
      throw error;
    }
    this.packing.note(node);
    return node;
  }

  /** Adds an element before the first. O(1), amortized. @throws {ArenaFullError} */
  pushFirst(root: Ref, bytes: Uint8Array, start: number, length: number): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const mostEntries = maxNodeEntries(this.#limits);
    const need = blocks.draft(bytes, start, length);
    const mostBytes = this.#mostBytes(need, length);
    const node = chain.first(root);
    if (
      node !== NONE && (blocks.prepend(chain.blockOf(node), mostBytes, mostEntries) ||
        this.#widen(node, true, need, length) &&
          blocks.prepend(chain.blockOf(node), mostBytes, mostEntries))
    ) chain.addEntries(root, node, 1);
    else {
      this.packing.begin();
      this.#addNode(root, NONE, need);
      this.packing.settle(root);
    }
  }

  /** Adds an element behind the last. O(1), amortized. @throws {ArenaFullError} */
  pushLast(root: Ref, bytes: Uint8Array, start: number, length: number): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const mostEntries = maxNodeEntries(this.#limits);
    const need = blocks.draft(bytes, start, length);
    const mostBytes = this.#mostBytes(need, length);
    const node = chain.last(root);
    if (
      node !== NONE && (blocks.append(chain.blockOf(node), mostBytes, mostEntries) ||
        this.#widen(node, false, need, length) &&
          blocks.append(chain.blockOf(node), mostBytes, mostEntries))
    ) chain.addEntries(root, node, 1);
    else {
      this.packing.begin();
      this.#addNode(root, node, need);
      this.packing.settle(root);
    }
  }

  /** {@linkcode takesOneMore} as a bound on the bytes of a block to which `need` bytes are added. */
  #mostBytes(need: number, length: number): number {
    const most = maxNodeBytes(this.#limits) + (need - length - ESTIMATE_EXCESS_BYTES);
    return most > MOST_BLOCK_BYTES ? MOST_BLOCK_BYTES : most;
  }

  /** Whether a node takes another element of this length, whose entry takes `need` bytes. */
  #takes(node: Ref, need: number, length: number): boolean {
    const chain = this.#chain;
    const present = chain.byteLength(node);
    return present + need <= MAX_SHARED_BYTES &&
      takesOneMore(this.#limits, LISTPACK_FRAME_BYTES + present, chain.entries(node), length);
  }

  /**
   * Makes room for an entry at one end of a node that takes it: in its block where much of that is
   * free or it has its full size, else in a larger one. @returns whether there is the room now
   */
  #widen(node: Ref, atFront: boolean, need: number, length: number): boolean {
    if (!this.#takes(node, need, length)) return false;
    const chain = this.#chain;
    const block = this.packing.plainEnd(node);
    const capacity = chain.arena.capacity(block);
    const most = maxNodeBytes(this.#limits);
    const isSparse = chain.byteLength(node) * 4 <= capacity * 3;
    const wanted = isSparse ? capacity : Math.min(capacity * 2, most);
    chain.setBlock(node, this.#blocks.makeRoom(block, atFront, need, wanted));
    return true;
  }

  /** Adds a node of the drafted entry behind `previous`, before the first for NONE. */
  #addNode(root: Ref, previous: Ref, need: number): void {
    const chain = this.#chain;
    if (chain.count(root) >= MAX_ELEMENTS) throw TOO_MANY_ELEMENTS;
    const blocks = this.#blocks;
    const isEnd = previous === NONE || chain.next(previous) === NONE;
    const room = Math.min(NEW_NODE_BYTES, HEADER_BYTES + need * maxNodeEntries(this.#limits));
    const byteLength = Math.max(isEnd ? room : 0, HEADER_BYTES + need);
    const atFront = previous === NONE && byteLength <= maxNodeBytes(this.#limits);
    const block = blocks.create(byteLength, atFront);
    if (atFront) blocks.prepend(block, byteLength, 1);
    else blocks.append(block, byteLength, 1);
    const node = this.#link(root, previous, block, 1);
    if (previous !== NONE) this.#fit(previous);
    const next = chain.next(node);
    if (next !== NONE) this.#fit(next);
  }

  /** Gives back what a node's block has to spare. */
  #fit(node: Ref): void {
    const chain = this.#chain;
    const block = chain.blockOf(node);
    if (!chain.packed.isPacked(block)) chain.setBlock(node, this.#blocks.fit(block));
  }

  /** Takes a node out, with its block. */
  #drop(root: Ref, node: Ref): void {
    this.packing.forget(node);
    this.#chain.drop(root, node);
  }

  /** Takes the first or last node out. */
  #dropEnd(root: Ref, node: Ref): void {
    this.packing.begin();
    this.#chain.drop(root, node);
    this.packing.settle(root);
  }

  /** Removes the first element. O(1), amortized. */
  removeFirst(root: Ref): void {
    const chain = this.#chain;
    const node = chain.first(root);
    const left = chain.entries(node) - 1;
    if (left === 0) return this.#dropEnd(root, node);
    this.#blocks.cutFirst(this.packing.plainEnd(node));
    chain.addEntries(root, node, -1);
    if (isTimeToShrink(left)) this.#shrink(node);
  }

  /** Removes the last element. O(1), amortized. */
  removeLast(root: Ref): void {
    const chain = this.#chain;
    const node = chain.last(root);
    const left = chain.entries(node) - 1;
    if (left === 0) return this.#dropEnd(root, node);
    this.#blocks.cutLast(this.packing.plainEnd(node));
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
    if (entries >= present && at === chain.firstAt(node)) {
      this.#drop(root, node);
      return present;
    }
    const removed = this.#blocks.cut(this.packing.plain(root, node), at, entries);
    chain.addEntries(root, node, -removed);
    this.#shrink(node);
    return removed;
  }

  /**
   * Removes one element. Where the node has others, {@linkcode ListBlock.at} says what follows. Some
   * such removals stand between {@linkcode begin} and {@linkcode settle}. O(1).
   */
  removeAt(root: Ref, node: Ref, at: number): void {
    this.#cut(root, node, at, 1);
  }

  /** Begins removals; see {@linkcode removeAt}. */
  begin(): void {
    this.packing.begin();
  }

  /** Ends removals; see {@linkcode removeAt}. */
  settle(root: Ref): void {
    this.packing.settle(root);
  }

  /** Removes elements from the one at (node, at) on, as many as there are. O(nodes). */
  removeRun(root: Ref, node: Ref, at: number, count: number): void {
    const chain = this.#chain;
    this.packing.begin();
    let left = count;
    for (let current = node; left > 0 && current !== NONE;) {
      const next = chain.next(current);
      const from = current === node ? at : chain.firstAt(current);
      left -= this.#cut(root, current, from, left);
      current = next;
    }
    this.packing.settle(root);
  }

  /**
   * Adds an element before or behind the entry at (node, at). O(1).
   *
   * @throws {ArenaFullError} the elements are as before then
   */
  insert(
    root: Ref,
    node: Ref,
    at: number,
    behind: boolean,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    this.packing.begin();
    this.#insert(root, node, at, behind, this.#blocks.draft(bytes, start, length), length);
    this.packing.settle(root);
  }

  /** As {@linkcode insert}, of the drafted entry. */
  #insert(
    root: Ref,
    node: Ref,
    at: number,
    behind: boolean,
    need: number,
    length: number,
  ): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const block = this.packing.plain(root, node);
    const place = behind ? blocks.behind(block, at) : at;
    if (this.#takes(node, need, length)) return this.#insertInto(root, node, place);
    if (place === blocks.first(block)) {
      return this.#placeAtEdge(root, chain.previous(node), need, length, chain.previous(node));
    }
    if (place === blocks.end(block)) {
      return this.#placeAtEdge(root, chain.next(node), need, length, node);
    }
    this.#insertBySplit(root, node, place, behind, need);
  }

  /** Writes the drafted entry into `neighbour`, or where that is full or NONE behind `previous`. */
  #placeAtEdge(root: Ref, neighbour: Ref, need: number, length: number, previous: Ref): void {
    const blocks = this.#blocks;
    if (neighbour === NONE || !this.#takes(neighbour, need, length)) {
      return this.#addNode(root, previous, need);
    }
    const block = this.packing.plain(root, neighbour);
    const isFirst = neighbour !== previous;
    this.#insertInto(root, neighbour, isFirst ? blocks.first(block) : blocks.end(block));
  }

  /**
   * Splits a full node for the drafted entry, which joins the half on the other side of the element
   * that it was to be beside; then neighbours join that have become small enough.
   */
  #insertBySplit(root: Ref, node: Ref, at: number, behind: boolean, need: number): void {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const second = this.#split(root, node, at);
    const half = behind ? second : node;
    const block = this.packing.plain(root, half);
    try {
      if (chain.byteLength(half) + need > MAX_SHARED_BYTES) this.#addNode(root, node, need);
      else this.#insertInto(root, half, behind ? blocks.first(block) : blocks.end(block));
    } catch (error) {
      this.#join(root, node, second);
      throw error;
    }
    this.#mergeAround(root, behind ? node : second);
  }

  #insertInto(root: Ref, node: Ref, at: number): void {
    const chain = this.#chain;
    if (chain.count(root) >= MAX_ELEMENTS) throw TOO_MANY_ELEMENTS;
    chain.setBlock(node, this.#blocks.insert(this.packing.plain(root, node), at, 0));
    chain.addEntries(root, node, 1);
  }

  /** Moves the entries from position `at` on to a new node behind. @returns that node */
  #split(root: Ref, node: Ref, at: number): Ref {
    const chain = this.#chain;
    const blocks = this.#blocks;
    const source = this.packing.plain(root, node);
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
    const from = this.packing.plain(root, source);
    const into = this.packing.plain(root, target);
    chain.setBlock(target, this.#blocks.transfer(from, at, to, entries, into, atFront));
    chain.addEntries(root, source, -entries);
    chain.addEntries(root, target, entries);
  }

  /**
   * Puts another element in the place of the one at (node, at), in the same node whatever its limit.
   * O(1).
   *
   * @throws {ArenaFullError} the elements are as before then
   */
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
    this.packing.begin();
    const need = blocks.draft(bytes, start, length);
    const block = this.packing.plain(root, node);
    const rest = chain.byteLength(node) - (blocks.behind(block, at) - at);
    if (rest + need <= MAX_SHARED_BYTES || chain.entries(node) === 1) {
      chain.setBlock(node, blocks.shrink(blocks.replace(block, at, 0)));
    } else this.#replaceAlone(root, node, at, need);
    this.packing.settle(root);
  }

  /** As {@linkcode replace}, by a drafted entry that no block can share: it gets a node of its own. */
  #replaceAlone(root: Ref, node: Ref, at: number, need: number): void {
    const chain = this.#chain;
    if (at === chain.firstAt(node)) {
      this.#addNode(root, chain.previous(node), need);
      this.#cut(root, node, chain.firstAt(node), 1);
      return;
    }
    const second = this.#split(root, node, at);
    try {
      this.#addNode(root, node, need);
    } catch (error) {
      this.#join(root, node, second);
      throw error;
    }
    this.#cut(root, second, chain.firstAt(second), 1);
  }

  /**
   * Merges the nodes around one that was split: the two before it, the two behind it, it with the one
   * before, and what it is part of then with the one behind.
   */
  #mergeAround(root: Ref, node: Ref): void {
    const chain = this.#chain;
    const previous = chain.previous(node);
    if (previous !== NONE && chain.previous(previous) !== NONE) {
      this.#merge(root, chain.previous(previous), previous);
    }
    const next = chain.next(node);
    if (next !== NONE && chain.next(next) !== NONE) this.#merge(root, next, chain.next(next));
    const before = chain.previous(node);
    const center = before === NONE ? node : this.#merge(root, before, node);
    const behind = chain.next(center);
    if (behind !== NONE) this.#merge(root, center, behind);
  }

  /** Merges two neighbours if they fit. @returns the node of the second one's entries */
  #merge(root: Ref, first: Ref, second: Ref): Ref {
    const chain = this.#chain;
    const bytes = chain.byteLength(first) + chain.byteLength(second);
    const entries = chain.entries(first) + chain.entries(second);
    const fits = bytes <= MAX_SHARED_BYTES && entries <= maxNodeEntries(this.#limits) &&
      LISTPACK_FRAME_BYTES + bytes <= maxNodeBytes(this.#limits);
    return fits ? this.#join(root, first, second) : second;
  }

  /** As #merge, whatever the size. A full arena leaves both as they are. */
  #join(root: Ref, first: Ref, second: Ref): Ref {
    const chain = this.#chain;
    const intoFirst = chain.byteLength(first) >= chain.byteLength(second);
    const [source, target] = intoFirst ? [second, first] : [first, second];
    try {
      const block = this.packing.plain(root, source);
      const at = this.#blocks.first(block);
      const end = this.#blocks.end(block);
      this.#move(root, source, at, end, chain.entries(source), target, !intoFirst);
    } catch (error) {
      if (error instanceof ArenaFullError) return second;
      throw error;
    }
    this.#drop(root, source);
    return target;
  }

  /**
   * Turns a chain of one node into that node's block. O(n).
   *
   * @returns the block  @throws {ArenaFullError} the chain is as before then
   */
  toSingle(root: Ref): Ref {
    const chain = this.#chain;
    this.packing.plainEnd(chain.first(root));
    const block = chain.unlink(root, chain.first(root));
    chain.arena.free(root);
    return this.#blocks.fit(block);
  }
}
