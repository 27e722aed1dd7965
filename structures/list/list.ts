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

import { assert } from "../assert.ts";
import { type Arena, ArenaFullError } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as listpackEntry from "../listpack/listpack_entry.ts";
import { isTimeToShrink } from "./list_block.ts";
import * as listBlock from "./list_block.ts";
import { ListCursor, ListEncoding } from "./list_cursor.ts";
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

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;
const { LIST_BLOCK_HEADER_BYTES, LISTPACK_FRAME_BYTES, MAX_SHARED_BYTES } = listBlock;
const { MAX_ENTRY_TEXT } = listpackEntry;

export type { ListLimits } from "./list_limits.ts";

export { ListEncoding } from "./list_cursor.ts";
const { Listpack: LISTPACK, Quicklist: QUICKLIST } = ListEncoding;

// What a short list that grows has to spare: this part of it (a power of two), and at least so much,
// or as much again as there was, so that a list of one element has nothing.
const SPARE_SHIFT = 3;
const SMALL_SPARE_BYTES = 16;
/** Those of a list that is made as a whole. */
const WHOLE_LIMITS: ListLimits = { maxListpackSize: -2 };
/** A short list was found to be within its limits by `prepare`. */
const UNLIMITED = 2 ** 30;

/** A view of one list at a time, with a cursor; see the top of the file. */
export class List extends ListCursor {
  readonly #arena: Arena;
  readonly #limits: ListLimits;
  readonly #quicklist: Quicklist;
  readonly #whole: Quicklist;

  /** @param limits kept, not copied */
  constructor(arena: Arena, limits: ListLimits) {
    super(arena);
    this.#arena = arena;
    this.#limits = limits;
    this.#quicklist = new Quicklist(this.chain, limits);
    this.#whole = new Quicklist(this.chain, WHOLE_LIMITS);
  }

  /** Makes a new empty list and points the view at it. O(1). @throws {ArenaFullError} */
  create(): void {
    this.open(LISTPACK, this.blocks.create(LIST_BLOCK_HEADER_BYTES, false));
  }

  /** Frees the list, all of it, and leaves the view on none. O(n). */
  destroy(): void {
    if (this.encoding === LISTPACK) this.#arena.free(this.ref);
    else this.chain.destroy(this.ref);
    this.open(LISTPACK, NONE);
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
    const present = this.blocks.byteLength(this.ref);
    if (
      present + LISTPACK_FRAME_BYTES + bytes <= maxNodeBytes(this.#limits) &&
      this.blocks.count(this.ref) + elements <= maxNodeEntries(this.#limits) &&
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
    this.#endChain(fitsSingleAgain);
  }

  /**
   * Makes a list without elements a chain, for one that is made as a whole: by
   * {@linkcode pushWhole}, and {@linkcode endWhole} at the end. As in Redis its nodes are of 8 KiB,
   * whatever the limit. O(1). @throws {ArenaFullError}
   */
  beginWhole(): void {
    if (this.encoding === LISTPACK) this.open(QUICKLIST, this.#quicklist.createFrom(this.ref));
  }

  /** Adds an element behind the last; see {@linkcode beginWhole}. O(1). @throws {ArenaFullError} */
  pushWhole(bytes: Uint8Array, start: number, length: number): void {
    this.#whole.pushLast(this.ref, bytes, start, length);
  }

  /** Makes a chain a listpack that is one node within the limit. It cannot fail. O(1). */
  endWhole(): void {
    this.#endChain(fitsSingle);
  }

  /** Makes a chain of one node a listpack where it `fits`, and memory for that can be had. */
  #endChain(fits: typeof fitsSingle): void {
    const { chain } = this;
    if (this.encoding === LISTPACK || chain.nodeCount(this.ref) !== 1) return;
    const bytes = LISTPACK_FRAME_BYTES + chain.byteLength(chain.first(this.ref));
    if (!fits(this.#limits, bytes, chain.count(this.ref))) return;
    try {
      this.open(LISTPACK, this.#quicklist.toSingle(this.ref));
    } catch (error) {
      if (!(error instanceof ArenaFullError)) throw error;
    }
  }

  /** Adds an element before the first; see {@linkcode prepare}. O(1). @throws {ArenaFullError} */
  pushFirst(bytes: Uint8Array, start: number, length: number): void {
    this.at = 0;
    if (this.encoding === QUICKLIST) {
      return this.#quicklist.pushFirst(this.ref, bytes, start, length);
    }
    const { blocks } = this;
    const need = blocks.draft(bytes, start, length);
    if (blocks.prepend(this.ref, UNLIMITED, UNLIMITED)) return;
    this.ref = blocks.makeRoom(this.ref, true, need, this.#spaciousBytes(need));
    blocks.prepend(this.ref, UNLIMITED, UNLIMITED);
  }

  /** Adds an element behind the last; see {@linkcode prepare}. O(1). @throws {ArenaFullError} */
  pushLast(bytes: Uint8Array, start: number, length: number): void {
    this.at = 0;
    if (this.encoding === QUICKLIST) {
      return this.#quicklist.pushLast(this.ref, bytes, start, length);
    }
    const { blocks } = this;
    const need = blocks.draft(bytes, start, length);
    if (blocks.append(this.ref, UNLIMITED, UNLIMITED)) return;
    this.ref = blocks.makeRoom(this.ref, false, need, this.#spaciousBytes(need));
    blocks.append(this.ref, UNLIMITED, UNLIMITED);
  }

  /** Bytes of a short list's block with room for an entry and some to spare. */
  #spaciousBytes(need: number): number {
    const present = this.blocks.byteLength(this.ref);
    const needed = LIST_BLOCK_HEADER_BYTES + present + need;
    return needed + Math.max(needed >> SPARE_SHIFT, Math.min(present, SMALL_SPARE_BYTES));
  }

  /** Removes the first element. O(1), amortized. */
  removeFirst(): void {
    this.at = 0;
    if (this.encoding === QUICKLIST) return this.#quicklist.removeFirst(this.ref);
    this.blocks.cutFirst(this.ref);
    if (isTimeToShrink(this.count)) this.ref = this.blocks.shrink(this.ref);
  }

  /** Removes the last element. O(1), amortized. */
  removeLast(): void {
    this.at = 0;
    if (this.encoding === QUICKLIST) return this.#quicklist.removeLast(this.ref);
    this.blocks.cutLast(this.ref);
    if (isTimeToShrink(this.count)) this.ref = this.blocks.shrink(this.ref);
  }

  /** Removes `count` elements from an index on, which must be there. O(n). */
  removeRange(index: number, count: number): void {
    if (count <= 0) return;
    assert(this.seek(index), "a range outside of the list");
    const at = this.at;
    this.at = 0;
    if (this.encoding === QUICKLIST) {
      this.#quicklist.removeRun(this.ref, this.node, at, count);
    } else {
      this.blocks.cut(this.ref, at, count);
      this.ref = this.blocks.fit(this.ref);
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
    this.setSought(bytes, start, length);
    this.#quicklist.begin();
    let removed = 0;
    let more = backwards ? this.seekLast() : this.seekFirst();
    while (more && removed < limit && this.seekEqual(backwards, Infinity) >= 0) {
      more = this.#removeAndMove(backwards);
      removed++;
    }
    this.at = 0;
    if (removed === 0) return 0;
    if (this.encoding === LISTPACK) this.ref = this.blocks.fit(this.ref);
    else this.#quicklist.settle(this.ref);
    return removed;
  }

  /** Removes the element under the cursor and moves that to the next one, or the one before. */
  #removeAndMove(backwards: boolean): boolean {
    const node = this.node;
    const at = this.at;
    const { chain } = this;
    const { blocks } = this;
    const isLast = backwards ? at === this.blockFirst : this.entryEnd === this.blockEnd;
    if (this.encoding === LISTPACK) {
      blocks.cut(this.ref, at, 1);
      if (isLast) return this.moveOff();
      const { at: behind } = blocks;
      return this.moveTo(NONE, this.ref, backwards ? blocks.before(this.ref, behind) : behind);
    }
    const neighbour = backwards ? chain.previous(node) : chain.next(node);
    this.#quicklist.removeAt(this.ref, node, at);
    if (!isLast) {
      const block = chain.blockOf(node);
      return this.moveTo(node, block, backwards ? blocks.before(block, blocks.at) : blocks.at);
    }
    return this.enter(neighbour, backwards);
  }

  /** Adds an element before or behind the one under the cursor; see {@linkcode prepare}. O(1). */
  insertAtCursor(behind: boolean, bytes: Uint8Array, start: number, length: number): void {
    assert(this.at !== 0, "no element is under the cursor");
    const at = this.at;
    const place = behind ? this.entryEnd : at;
    this.at = 0;
    if (this.encoding === QUICKLIST) {
      this.#quicklist.insert(this.ref, this.node, at, behind, bytes, start, length);
    } else {
      this.blocks.draft(bytes, start, length);
      this.ref = this.blocks.insert(this.ref, place, 0);
    }
  }

  /** Puts another element in the place of the one under the cursor; see {@linkcode prepare}. O(1). */
  replaceAtCursor(bytes: Uint8Array, start: number, length: number): void {
    assert(this.at !== 0, "no element is under the cursor");
    const at = this.at;
    this.at = 0;
    if (this.encoding === QUICKLIST) {
      this.#quicklist.replace(this.ref, this.node, at, bytes, start, length);
    } else {
      this.blocks.draft(bytes, start, length);
      this.ref = this.blocks.shrink(this.blocks.replace(this.ref, at, 0));
    }
  }
}
