/**
 * The list: elements in the order of their places, worked on at both ends.
 *
 * A value is an encoding and a reference, which whoever owns the value keeps. {@linkcode List} is a
 * view that is pointed at one value after another, so a command allocates nothing for it, neither to
 * open a list nor for each element that it visits:
 *
 * ```
 *   entry (encoding, ref) ──open()──▶ List ──┬─▶ LISTPACK   list_block.ts, all elements in one block
 *          ▲                          │      └─▶ QUICKLIST  quicklist.ts, a chain of such blocks
 *          └── store after a change ──┘
 *                                     cursor: node, block, position ─▶ element.bytes/start/length
 * ```
 *
 * A list begins as a listpack. `prepare`, before elements are added, makes it a chain where it would
 * pass its limit; `compact`, after elements were removed or replaced, makes it a listpack again when
 * one node of half the limit is left. After every change the owner stores `encoding` and `ref`.
 *
 * Whatever finds an element puts the cursor on it and answers whether there is one. A change takes
 * the cursor off; so does `open`. The element's bytes are where they are stored (the text of
 * integers in a small buffer), valid until the cursor moves or the list changes.
 *
 * Freeing from another thread: a short list is one block without links; a chain is what
 * {@linkcode QUICKLIST_SHAPE} says.
 */

import { MAX_INT64_TEXT } from "../numbers/int64.ts";
import { assert } from "../assert.ts";
import { type Arena, ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import { writeBigInteger, writeInteger } from "../numbers/decimal.ts";
import { isTimeToShrink, type ListBlock } from "./list_block.ts";
import * as listBlock from "./list_block.ts";
import {
  backlenBytes,
  bodyBytes,
  integerOfEntry,
  isIntegerEntry,
  stringHeaderBytes,
} from "../listpack/listpack_entry.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import * as listpackEntry from "../listpack/listpack_entry.ts";
import {
  fitsSingle,
  fitsSingleAgain,
  growthBytes,
  type ListLimits,
  maxNodeBytes,
  maxNodeEntries,
  mostEntryBytes,
} from "./list_limits.ts";
import { MAX_ELEMENTS, Quicklist } from "./quicklist.ts";
import { QuicklistChain } from "./quicklist_chain.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { LIST_BLOCK_HEADER_BYTES, LISTPACK_FRAME_BYTES, MAX_SHARED_BYTES } = listBlock;
const { MAX_ENTRY_TEXT } = listpackEntry;

export type { ListLimits } from "./list_limits.ts";

/** How a list is held: short as one listpack, else as a chain of them. */
export const ListEncoding = { Listpack: 0, Quicklist: 1 } as const;
const { Listpack: LISTPACK, Quicklist: QUICKLIST } = ListEncoding;

// What a short list that grows has to spare: this part of it (a power of two), and at least so much,
// or as much again as there was, so that a list of one element has nothing.
const SPARE_SHIFT = 3;
const SMALL_SPARE_BYTES = 16;
/** A short list was found to be within its limits by `prepare`. */
const UNLIMITED = 2 ** 30;

/** A view of one list at a time, with a cursor; see the top of the file. */
export class List {
  /** One of {@linkcode ListEncoding}. */
  encoding: number = LISTPACK;
  /** The list's block, NONE before the first `open` or `create`. */
  ref: Ref = NONE;
  /** The element under the cursor. */
  readonly element: ByteView = emptyView();

  readonly #arena: Arena;
  readonly #limits: ListLimits;
  readonly #blocks: ListBlock;
  readonly #chain: QuicklistChain;
  readonly #quicklist: Quicklist;
  readonly #text = new Uint8Array(MAX_INT64_TEXT);
  // The cursor: its node (NONE in a short list), that node's block and where its entries begin and
  // end, the element's position there (0: on none) and where its entry ends.
  #node: Ref = NONE;
  #block: Ref = NONE;
  #blockFirst = 0;
  #blockEnd = 0;
  #at = 0;
  #entryEnd = 0;

  /** @param limits kept, not copied */
  constructor(arena: Arena, limits: ListLimits) {
    this.#arena = arena;
    this.#limits = limits;
    this.#chain = new QuicklistChain(arena);
    this.#blocks = this.#chain.blocks;
    this.#quicklist = new Quicklist(this.#chain, limits);
  }

  /** Points the view at a value. O(1). */
  open(encoding: number, ref: Ref): void {
    this.encoding = encoding;
    this.ref = ref;
    this.#at = 0;
  }

  /** Makes a new empty list and points the view at it. O(1). @throws {ArenaFullError} */
  create(): void {
    this.open(LISTPACK, this.#blocks.create(LIST_BLOCK_HEADER_BYTES, false));
  }

  /** Frees the list, all of it, and leaves the view on none. O(n). */
  destroy(): void {
    if (this.encoding === LISTPACK) this.#arena.free(this.ref);
    else this.#chain.destroy(this.ref);
    this.open(LISTPACK, NONE);
  }

  /** Number of elements. O(1). */
  get count(): number {
    return this.encoding === LISTPACK ? this.#blocks.count(this.ref) : this.#chain.count(this.ref);
  }

  /** Whether the cursor is on an element. */
  get onElement(): boolean {
    return this.#at !== 0;
  }

  /** Puts the cursor on the element of an index: from 0, or from -1 downwards at the end. O(n). */
  seek(index: number): boolean {
    const { count } = this;
    const target = index < 0 ? count + index : index;
    if (!(target >= 0 && target < count)) return this.#moveOff();
    if (this.encoding === LISTPACK) {
      return this.#moveTo(NONE, this.ref, this.#blocks.seek(this.ref, target));
    }
    return this.#seekNode(target, count);
  }

  /** Passes whole nodes, from the nearer end. */
  #seekNode(target: number, count: number): boolean {
    const chain = this.#chain;
    let node: Ref;
    let left = target;
    if (target < count / 2) {
      node = chain.first(this.ref);
      for (let own = chain.entries(node); left >= own; own = chain.entries(node)) {
        left -= own;
        node = chain.next(node);
      }
    } else {
      node = chain.last(this.ref);
      left = target - count + chain.entries(node);
      while (left < 0) {
        node = chain.previous(node);
        left += chain.entries(node);
      }
    }
    const block = chain.blockOf(node);
    return this.#moveTo(node, block, this.#blocks.seek(block, left));
  }

  /** Puts the cursor on the first element. O(1). */
  seekFirst(): boolean {
    if (this.encoding === QUICKLIST) return this.#enter(this.#chain.first(this.ref), false);
    if (this.count === 0) return this.#moveOff();
    return this.#moveTo(NONE, this.ref, this.#blocks.first(this.ref));
  }

  /** Puts the cursor on the last element. O(1). */
  seekLast(): boolean {
    if (this.encoding === QUICKLIST) return this.#enter(this.#chain.last(this.ref), true);
    if (this.count === 0) return this.#moveOff();
    return this.#moveTo(NONE, this.ref, this.#blocks.last(this.ref));
  }

  /** Puts the cursor on the first or the last element of a node, off where there is none. */
  #enter(node: Ref, atLast: boolean): boolean {
    if (node === NONE) return this.#moveOff();
    const block = this.#chain.blockOf(node);
    return this.#moveTo(node, block, atLast ? this.#blocks.last(block) : this.#blocks.first(block));
  }

  /** Puts the cursor on the first element of these bytes. O(n). */
  find(bytes: Uint8Array, start: number, length: number): boolean {
    for (let more = this.seekFirst(); more; more = this.next()) {
      if (this.#isElement(bytes, start, length)) return true;
    }
    return false;
  }

  /** Moves the cursor to the next element. O(1). */
  next(): boolean {
    assert(this.#at !== 0, "no element is under the cursor");
    const at = this.#entryEnd;
    if (at < this.#blockEnd) {
      this.#at = at;
      this.#readElement();
      return true;
    }
    return this.#enter(this.#node === NONE ? NONE : this.#chain.next(this.#node), false);
  }

  /**
   * Shows `run` the strings from the element under the cursor on, at most `most` of them and those of
   * one block, and moves the cursor behind them. None where the element is an integer. O(those).
   */
  nextRun(run: EntryRun, most: number): void {
    assert(this.#at !== 0, "no element is under the cursor");
    const block = this.#block;
    const base = (block & SEGMENT_MASK) << 3;
    const bytes = this.#arena.bytes[block >>> SEGMENT_SHIFT];
    run.scan(bytes, base + this.#at, base + this.#blockEnd, most);
    if (run.count === 0) return;
    this.#entryEnd = run.end - base;
    this.next();
  }

  /** Moves the cursor to the element before. O(1). */
  previous(): boolean {
    assert(this.#at !== 0, "no element is under the cursor");
    if (this.#at > this.#blockFirst) {
      this.#at = this.#blocks.before(this.#block, this.#at);
      this.#readElement();
      return true;
    }
    return this.#enter(this.#node === NONE ? NONE : this.#chain.previous(this.#node), true);
  }

  #moveTo(node: Ref, block: Ref, at: number): true {
    this.#node = node;
    this.#block = block;
    this.#blockFirst = this.#blocks.first(block);
    this.#blockEnd = this.#blocks.end(block);
    this.#at = at;
    this.#readElement();
    return true;
  }

  #moveOff(): false {
    this.#at = 0;
    return false;
  }

  #readElement(): void {
    const { element } = this;
    const block = this.#block;
    const bytes = this.#arena.bytes[block >>> SEGMENT_SHIFT];
    const index = ((block & SEGMENT_MASK) << 3) + this.#at;
    const body = bodyBytes(bytes, index);
    this.#entryEnd = this.#at + body + backlenBytes(body);
    if (isIntegerEntry(bytes, index)) {
      const value = integerOfEntry(bytes, index);
      element.bytes = this.#text;
      element.start = 0;
      element.length = typeof value === "number"
        ? writeInteger(this.#text, 0, value)
        : writeBigInteger(this.#text, 0, value);
    } else {
      const header = stringHeaderBytes(bytes, index);
      element.bytes = bytes;
      element.start = index + header;
      element.length = body - header;
    }
  }

  #isElement(bytes: Uint8Array, start: number, length: number): boolean {
    const { element } = this;
    if (element.length !== length) return false;
    const own = element.bytes;
    const ownStart = element.start;
    for (let i = length - 1; i >= 0; i--) if (own[ownStart + i] !== bytes[start + i]) return false;
    return true;
  }

  /**
   * Makes a short list a chain that might pass the limit of a listpack with `elements` further
   * elements of `bytes` bytes in all, and sees to it that all of them can be added. O(1).
   *
   * @throws {ArenaFullError} also where no block can hold so large an element, or no list so many
   */
  prepare(elements: number, bytes: number): void {
    if (elements > 1 || bytes > MAX_ENTRY_TEXT) this.#reserve(elements, bytes);
    if (this.encoding !== LISTPACK) return;
    const present = this.#blocks.byteLength(this.ref);
    if (
      present + LISTPACK_FRAME_BYTES + bytes <= maxNodeBytes(this.#limits) &&
      this.#blocks.count(this.ref) + elements <= maxNodeEntries(this.#limits) &&
      present + mostEntryBytes(elements, bytes) <= MAX_SHARED_BYTES
    ) return;
    this.open(QUICKLIST, this.#quicklist.createFrom(this.ref));
  }

  #reserve(elements: number, bytes: number): void {
    if (elements === 1) throw new ArenaFullError(`an element of ${bytes} bytes is too long`);
    if (this.count + elements > MAX_ELEMENTS) {
      throw new ArenaFullError(`a list of more than ${MAX_ELEMENTS} elements`);
    }
    this.#arena.reserveMore(growthBytes(this.#limits, elements, bytes));
  }

  /**
   * Makes a chain a listpack that is down to one node of at most half the limit; for the end of a
   * change that has removed or replaced elements. It cannot fail. O(1), or O(n) for at most that.
   */
  compact(): void {
    if (this.encoding === LISTPACK) return;
    const chain = this.#chain;
    if (chain.nodeCount(this.ref) !== 1) return;
    const bytes = LISTPACK_FRAME_BYTES + chain.byteLength(chain.first(this.ref));
    if (!fitsSingleAgain(this.#limits, bytes, chain.count(this.ref))) return;
    this.open(LISTPACK, this.#quicklist.toSingle(this.ref));
  }

  /**
   * Makes a list without elements a chain, for one that is made as a whole and ended by
   * {@linkcode endWhole}. O(1). @throws {ArenaFullError}
   */
  beginWhole(): void {
    if (this.encoding === LISTPACK) this.open(QUICKLIST, this.#quicklist.createFrom(this.ref));
  }

  /** Makes a chain a listpack that is one node within the limit. It cannot fail. O(1). */
  endWhole(): void {
    const chain = this.#chain;
    if (this.encoding === LISTPACK || chain.nodeCount(this.ref) !== 1) return;
    const bytes = LISTPACK_FRAME_BYTES + chain.byteLength(chain.first(this.ref));
    if (!fitsSingle(this.#limits, bytes, chain.count(this.ref))) return;
    this.open(LISTPACK, this.#quicklist.toSingle(this.ref));
  }

  /** Adds an element before the first; see {@linkcode prepare}. O(1). @throws {ArenaFullError} */
  pushFirst(bytes: Uint8Array, start: number, length: number): void {
    this.#at = 0;
    if (this.encoding === QUICKLIST) {
      return this.#quicklist.pushFirst(this.ref, bytes, start, length);
    }
    const blocks = this.#blocks;
    const need = blocks.draft(bytes, start, length);
    if (blocks.prepend(this.ref, UNLIMITED, UNLIMITED)) return;
    this.ref = blocks.makeRoom(this.ref, true, need, this.#spaciousBytes(need));
    blocks.prepend(this.ref, UNLIMITED, UNLIMITED);
  }

  /** Adds an element behind the last; see {@linkcode prepare}. O(1). @throws {ArenaFullError} */
  pushLast(bytes: Uint8Array, start: number, length: number): void {
    this.#at = 0;
    if (this.encoding === QUICKLIST) {
      return this.#quicklist.pushLast(this.ref, bytes, start, length);
    }
    const blocks = this.#blocks;
    const need = blocks.draft(bytes, start, length);
    if (blocks.append(this.ref, UNLIMITED, UNLIMITED)) return;
    this.ref = blocks.makeRoom(this.ref, false, need, this.#spaciousBytes(need));
    blocks.append(this.ref, UNLIMITED, UNLIMITED);
  }

  /** Bytes of a short list's block with room for an entry and some to spare. */
  #spaciousBytes(need: number): number {
    const present = this.#blocks.byteLength(this.ref);
    const needed = LIST_BLOCK_HEADER_BYTES + present + need;
    return needed + Math.max(needed >> SPARE_SHIFT, Math.min(present, SMALL_SPARE_BYTES));
  }

  /** Removes the first element. O(1), amortized. */
  removeFirst(): void {
    this.#at = 0;
    if (this.encoding === QUICKLIST) return this.#quicklist.removeFirst(this.ref);
    this.#blocks.cutFirst(this.ref);
    if (isTimeToShrink(this.count)) this.ref = this.#blocks.shrink(this.ref);
  }

  /** Removes the last element. O(1), amortized. */
  removeLast(): void {
    this.#at = 0;
    if (this.encoding === QUICKLIST) return this.#quicklist.removeLast(this.ref);
    this.#blocks.cutLast(this.ref);
    if (isTimeToShrink(this.count)) this.ref = this.#blocks.shrink(this.ref);
  }

  /** Removes `count` elements from an index on, which must be there. O(n). */
  removeRange(index: number, count: number): void {
    if (count <= 0) return;
    assert(this.seek(index), "a range outside of the list");
    const at = this.#at;
    this.#at = 0;
    if (this.encoding === QUICKLIST) {
      this.#quicklist.removeRun(this.ref, this.#node, at, count);
    } else {
      this.#blocks.cut(this.ref, at, count);
      this.ref = this.#blocks.fit(this.ref);
    }
  }

  /**
   * Removes up to `limit` elements of these bytes, from the last down where `backwards`. O(n).
   *
   * @returns how many were removed
   */
  removeEqual(
    bytes: Uint8Array,
    start: number,
    length: number,
    limit: number,
    backwards: boolean,
  ): number {
    let removed = 0;
    let more = backwards ? this.seekLast() : this.seekFirst();
    while (more && removed < limit) {
      if (!this.#isElement(bytes, start, length)) {
        more = backwards ? this.previous() : this.next();
        continue;
      }
      more = this.#removeAndMove(backwards);
      removed++;
    }
    this.#at = 0;
    if (removed === 0) return 0;
    if (this.encoding === LISTPACK) this.ref = this.#blocks.fit(this.ref);
    return removed;
  }

  /** Removes the element under the cursor and moves that to the next one, or the one before. */
  #removeAndMove(backwards: boolean): boolean {
    const node = this.#node;
    const at = this.#at;
    const chain = this.#chain;
    const blocks = this.#blocks;
    const isLast = backwards ? at === this.#blockFirst : this.#entryEnd === this.#blockEnd;
    if (this.encoding === LISTPACK) {
      blocks.cut(this.ref, at, 1);
      if (isLast) return this.#moveOff();
      const { at: behind } = blocks;
      return this.#moveTo(NONE, this.ref, backwards ? blocks.before(this.ref, behind) : behind);
    }
    const neighbour = backwards ? chain.previous(node) : chain.next(node);
    this.#quicklist.removeAt(this.ref, node, at);
    if (!isLast) {
      const block = chain.blockOf(node);
      return this.#moveTo(node, block, backwards ? blocks.before(block, blocks.at) : blocks.at);
    }
    return this.#enter(neighbour, backwards);
  }

  /** Adds an element before or behind the one under the cursor; see {@linkcode prepare}. O(1). */
  insertAtCursor(behind: boolean, bytes: Uint8Array, start: number, length: number): void {
    assert(this.#at !== 0, "no element is under the cursor");
    const at = this.#at;
    const place = behind ? this.#entryEnd : at;
    this.#at = 0;
    if (this.encoding === QUICKLIST) {
      this.#quicklist.insert(this.ref, this.#node, at, behind, bytes, start, length);
    } else {
      this.#blocks.draft(bytes, start, length);
      this.ref = this.#blocks.insert(this.ref, place, 0);
    }
  }

  /** Puts another element in the place of the one under the cursor; see {@linkcode prepare}. O(1). */
  replaceAtCursor(bytes: Uint8Array, start: number, length: number): void {
    assert(this.#at !== 0, "no element is under the cursor");
    const at = this.#at;
    this.#at = 0;
    if (this.encoding === QUICKLIST) {
      this.#quicklist.replace(this.ref, this.#node, at, bytes, start, length);
    } else {
      this.#blocks.draft(bytes, start, length);
      this.ref = this.#blocks.shrink(this.#blocks.replace(this.ref, at, 0));
    }
  }

  /** Number of listpacks that hold the elements. O(1). */
  get listpackCount(): number {
    return this.encoding === LISTPACK ? 1 : this.#chain.nodeCount(this.ref);
  }

  /**
   * Visits the listpacks in order, each by where its entries are: those of listpack_entry.ts, between
   * the header and the end of a listpack. The visitor changes nothing. O(listpacks).
   */
  forEachListpack(
    visit: (bytes: Uint8Array, start: number, length: number, entries: number) => void,
  ): void {
    const blocks = this.#blocks;
    const chain = this.#chain;
    const visitBlock = (block: Ref) =>
      visit(
        this.#arena.bytes[block >>> SEGMENT_SHIFT],
        ((block & SEGMENT_MASK) << 3) + blocks.first(block),
        blocks.byteLength(block),
        blocks.count(block),
      );
    if (this.encoding === LISTPACK) return visitBlock(this.ref);
    for (let node = chain.first(this.ref); node !== NONE; node = chain.next(node)) {
      visitBlock(chain.blockOf(node));
    }
  }

  /** Bytes that the list takes in the arena, slack included. O(1); O(nodes) for a chain. */
  memoryBytes(): number {
    return this.encoding === LISTPACK
      ? this.#arena.capacity(this.ref)
      : this.#chain.memoryBytes(this.ref);
  }

  /** Checks every invariant. For tests. O(n). @throws {AssertionError} */
  verify(): void {
    if (this.encoding === LISTPACK) return this.#blocks.verify(this.ref);
    this.#chain.verify(this.ref);
  }
}
