/**
 * The cursor of a list: what only reads. {@linkcode List} is this and what changes a list.
 *
 * ```
 *   encoding, ref ──▶ node ──▶ bytes     the block, where it stands in the arena; or the entries of a
 *                              │         packed one (packed_block.ts), unpacked into an array here
 *                              └ at ──▶ element.bytes/start/length
 * ```
 *
 * A packed block stays packed. The next one is unpacked into another array, so that what was seen in
 * one block is there still when the cursor has just left it.
 */

import { assert } from "../assert.ts";
import { type Arena, ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import { type Bytes, withView } from "../bytes/bytes.ts";
import { EACH, type EntryRun } from "../listpack/entry_run.ts";
import {
  backlenBytes,
  bodyBytes,
  EntryDraft,
  integerOfEntry,
  isIntegerEntry,
  readBacklen,
  stringHeaderBytes,
} from "../listpack/listpack_entry.ts";
import { writeBigInteger, writeInteger } from "../numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../numbers/int64.ts";
import type { ListBlock } from "./list_block.ts";
import * as listBlock from "./list_block.ts";
import type { PackedBlocks } from "./packed_block.ts";
import { QuicklistChain } from "./quicklist_chain.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { LIST_BLOCK_HEADER_BYTES, LISTPACK_FRAME_BYTES } = listBlock;

/** How a list is held: short as one listpack, else as a chain of them. */
export const ListEncoding = { Listpack: 0, Quicklist: 1 } as const;
const { Listpack: LISTPACK, Quicklist: QUICKLIST } = ListEncoding;

/** Arrays for unpacked entries are kept up to this size, which most nodes are within. */
const KEPT_BYTES = 64 * 1024;

const NO_BYTES: Bytes = new Uint8Array(0);

/** A view of one list at a time, with a cursor; see the top of the file and of list.ts. */
export abstract class ListCursor {
  /** One of {@linkcode ListEncoding}. */
  encoding: number = LISTPACK;
  /** The list's block, NONE before the first `open` or `create`. */
  ref: Ref = NONE;
  /** The element under the cursor. */
  readonly element: ByteView = emptyView();

  protected readonly chain: QuicklistChain;
  protected readonly blocks: ListBlock;
  /** The cursor's node, NONE in a short list. */
  protected node: Ref = NONE;
  /** Positions in the node's block of its first entry, and behind its last. */
  protected blockFirst = 0;
  protected blockEnd = 0;
  /** Position of the element under the cursor (0: on none), and behind its entry. */
  protected at = 0;
  protected entryEnd = 0;
  readonly #arena: Arena;
  readonly #packed: PackedBlocks;
  readonly #text = new Uint8Array(MAX_INT64_TEXT);
  /**
   * The bytes that positions are in, and the index there of position 0: that is 0 for an unpacked node
   * alone, for nothing of a list is at the beginning of a segment.
   */
  #bytes: Bytes = NO_BYTES;
  #base = 0;
  /** Arrays for unpacked entries, the one used last and the one before. */
  #unpacked: Bytes = NO_BYTES;
  #unpackedBefore: Bytes = NO_BYTES;
  /** What is sought; see {@linkcode ListCursor.seekEqual}. */
  readonly #sought = new EntryDraft();
  #soughtBytes: Uint8Array = NO_BYTES;
  #soughtStart = 0;
  #soughtLength = 0;

  protected constructor(arena: Arena) {
    this.#arena = arena;
    this.chain = new QuicklistChain(arena);
    this.blocks = this.chain.blocks;
    this.#packed = this.chain.packed;
  }

  /** Points the view at a value. O(1). */
  open(encoding: number, ref: Ref): void {
    this.encoding = encoding;
    this.ref = ref;
    this.at = 0;
  }

  /** Number of elements. O(1). */
  get count(): number {
    return this.encoding === LISTPACK ? this.blocks.count(this.ref) : this.chain.count(this.ref);
  }

  /** Whether the cursor is on an element. */
  get onElement(): boolean {
    return this.at !== 0;
  }

  /** Puts the cursor on the element of an index: from 0, or from -1 downwards at the end. O(n). */
  seek(index: number): boolean {
    const { count } = this;
    const target = index < 0 ? count + index : index;
    if (!(target >= 0 && target < count)) return this.moveOff();
    if (this.encoding === LISTPACK) {
      return this.moveTo(NONE, this.ref, this.blocks.seek(this.ref, target));
    }
    return this.#seekNode(target, count);
  }

  /** Passes whole nodes, from the nearer end. */
  #seekNode(target: number, count: number): boolean {
    const { chain } = this;
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
    this.#see(node, block);
    this.at = this.#base === 0 ? this.#entryAt(left) : this.blocks.seek(block, left);
    this.#readElement();
    return true;
  }

  /** Position of an entry of the unpacked node, by its index. O(n). */
  #entryAt(index: number): number {
    const bytes = this.#bytes;
    let at = this.blockFirst;
    for (let i = 0; i < index; i++) {
      const body = bodyBytes(bytes, at);
      at += body + backlenBytes(body);
    }
    return at;
  }

  /** Puts the cursor on the first element. O(1). */
  seekFirst(): boolean {
    if (this.encoding === QUICKLIST) return this.enter(this.chain.first(this.ref), false);
    if (this.count === 0) return this.moveOff();
    return this.moveTo(NONE, this.ref, this.blocks.first(this.ref));
  }

  /** Puts the cursor on the last element. O(1). */
  seekLast(): boolean {
    if (this.encoding === QUICKLIST) return this.enter(this.chain.last(this.ref), true);
    if (this.count === 0) return this.moveOff();
    return this.moveTo(NONE, this.ref, this.blocks.last(this.ref));
  }

  /** Puts the cursor on the first or the last element of a node, off where there is none. */
  protected enter(node: Ref, atLast: boolean): boolean {
    if (!this.#enterUnread(node, atLast)) return false;
    this.#readElement();
    return true;
  }

  #enterUnread(node: Ref, atLast: boolean): boolean {
    if (node === NONE) return this.moveOff();
    this.#see(node, this.chain.blockOf(node));
    this.at = atLast ? this.#before(this.blockEnd) : this.blockFirst;
    return true;
  }

  /** Moves the cursor to the next element. O(1). */
  next(): boolean {
    assert(this.at !== 0, "no element is under the cursor");
    const at = this.entryEnd;
    if (at < this.blockEnd) {
      this.at = at;
      this.#readElement();
      return true;
    }
    return this.enter(this.node === NONE ? NONE : this.chain.next(this.node), false);
  }

  /**
   * Shows `run` the elements from the one under the cursor on, at most `most` of them and those of one
   * block, and moves the cursor behind them. It may be none. O(those).
   */
  nextRun(run: EntryRun, most: number): void {
    assert(this.at !== 0, "no element is under the cursor");
    const base = this.#base;
    run.scan(this.#bytes, base + this.at, base + this.blockEnd, most, 1, EACH);
    if (run.count === 0) return;
    this.entryEnd = run.end - base;
    this.next();
  }

  /** Moves the cursor to the element before. O(1). */
  previous(): boolean {
    assert(this.at !== 0, "no element is under the cursor");
    if (this.at > this.blockFirst) {
      this.at = this.#before(this.at);
      this.#readElement();
      return true;
    }
    return this.enter(this.node === NONE ? NONE : this.chain.previous(this.node), true);
  }

  /** Position of the entry before one that is not the first, or the end. */
  #before(at: number): number {
    const body = readBacklen(this.#bytes, this.#base + at - 1);
    return at - backlenBytes(body) - body;
  }

  /** Notes what {@linkcode ListCursor.seekEqual} looks for, whose bytes are read again then. O(1). */
  setSought(bytes: Uint8Array, start: number, length: number): void {
    this.#sought.setNeedle(bytes, start, length);
    this.#soughtBytes = bytes;
    this.#soughtStart = start;
    this.#soughtLength = length;
  }

  /**
   * Moves the cursor from the element under it on, or back, to the first that is what is sought,
   * which may be that one. O(elements passed).
   *
   * @param most elements that are looked at
   * @returns how many were passed; -1 where none of those is it, and the cursor is off
   */
  seekEqual(backwards: boolean, most: number): number {
    assert(this.at !== 0, "no element is under the cursor");
    for (let passed = 0; passed < most; passed++) {
      const index = this.#base + this.at;
      const body = bodyBytes(this.#bytes, index);
      if (this.#isSought(index, body)) {
        this.#readElement();
        return passed;
      }
      if (backwards) {
        if (this.at > this.blockFirst) this.at = this.#before(this.at);
        else if (this.node === NONE || !this.#enterUnread(this.chain.previous(this.node), true)) {
          break;
        }
      } else {
        this.at += body + backlenBytes(body);
        if (this.at < this.blockEnd) continue;
        if (this.node === NONE || !this.#enterUnread(this.chain.next(this.node), false)) break;
      }
    }
    this.moveOff();
    return -1;
  }

  #isSought(index: number, body: number): boolean {
    const bytes = this.#bytes;
    const sought = this.#sought;
    if (isIntegerEntry(bytes, index)) return sought.isInteger && sought.hasValueOf(bytes, index);
    const length = this.#soughtLength;
    const header = stringHeaderBytes(bytes, index);
    if (body - header !== length) return false;
    const start = index + header;
    const soughtStart = this.#soughtStart;
    // From the end: elements of one list tend to begin alike.
    for (let i = length - 1; i >= 0; i--) {
      if (bytes[start + i] !== this.#soughtBytes[soughtStart + i]) return false;
    }
    return true;
  }

  /** Puts the cursor on the first element of these bytes. O(n). */
  find(bytes: Uint8Array, start: number, length: number): boolean {
    this.setSought(bytes, start, length);
    return this.seekFirst() && this.seekEqual(false, Infinity) >= 0;
  }

  protected moveTo(node: Ref, block: Ref, at: number): true {
    this.#see(node, block);
    this.at = at;
    this.#readElement();
    return true;
  }

  protected moveOff(): false {
    this.at = 0;
    return false;
  }

  /** Makes a block the one that positions are in. */
  #see(node: Ref, block: Ref): void {
    const { blocks } = this;
    this.node = node;
    const first = blocks.first(block);
    if (first === 0) return this.#seePacked(block);
    this.blockFirst = first;
    this.blockEnd = blocks.end(block);
    this.#bytes = this.#arena.bytes[block >>> SEGMENT_SHIFT];
    this.#base = (block & SEGMENT_MASK) << 3;
  }

  #seePacked(block: Ref): void {
    const end = LIST_BLOCK_HEADER_BYTES + this.blocks.byteLength(block);
    const target = this.#unpackedBefore;
    const bytes = end <= target.length && target.length <= KEPT_BYTES ? target : newArray(end);
    this.#packed.read(block, bytes, LIST_BLOCK_HEADER_BYTES);
    this.#unpackedBefore = this.#unpacked;
    this.#unpacked = bytes;
    this.#bytes = bytes;
    this.#base = 0;
    this.blockFirst = LIST_BLOCK_HEADER_BYTES;
    this.blockEnd = end;
  }

  #readElement(): void {
    const { element } = this;
    const bytes = this.#bytes;
    const index = this.#base + this.at;
    const body = bodyBytes(bytes, index);
    this.entryEnd = this.at + body + backlenBytes(body);
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

  /** Number of listpacks that hold the elements. O(1). */
  get listpackCount(): number {
    return this.encoding === LISTPACK ? 1 : this.chain.nodeCount(this.ref);
  }

  /** Bytes of those listpacks, packed ones as they are unpacked. O(listpacks). */
  listpackBytes(): number {
    const { blocks, chain } = this;
    if (this.encoding === LISTPACK) return LISTPACK_FRAME_BYTES + blocks.byteLength(this.ref);
    let bytes = 0;
    for (let node = chain.first(this.ref); node !== NONE; node = chain.next(node)) {
      bytes += LISTPACK_FRAME_BYTES + chain.byteLength(node);
    }
    return bytes;
  }

  /**
   * Visits the listpacks in order, each by where its entries are: those of listpack_entry.ts, between
   * the header and the end of a listpack. The visitor changes nothing; the cursor is off afterwards.
   * O(listpacks), and O(bytes) of packed ones.
   */
  forEachListpack(
    visit: (bytes: Uint8Array, start: number, length: number, entries: number) => void,
  ): void {
    const { chain } = this;
    const visitBlock = (node: Ref, block: Ref) => {
      this.#see(node, block);
      const { blockEnd, blockFirst, blocks } = this;
      visit(this.#bytes, this.#base + blockFirst, blockEnd - blockFirst, blocks.count(block));
    };
    this.moveOff();
    if (this.encoding === LISTPACK) return visitBlock(NONE, this.ref);
    for (let node = chain.first(this.ref); node !== NONE; node = chain.next(node)) {
      visitBlock(node, chain.blockOf(node));
    }
  }

  /** Bytes that the list takes in the arena, slack included. O(1); O(nodes) for a chain. */
  memoryBytes(): number {
    return this.encoding === LISTPACK
      ? this.#arena.capacity(this.ref)
      : this.chain.memoryBytes(this.ref);
  }

  /** Checks every invariant. For tests. O(n). @throws {AssertionError} */
  verify(): void {
    if (this.encoding === LISTPACK) return this.blocks.verify(this.ref);
    this.chain.verify(this.ref);
  }
}

function newArray(byteLength: number): Bytes {
  try {
    return withView(new Uint8Array(Math.max(byteLength, Math.min(2 * byteLength, KEPT_BYTES))));
  } catch {
    throw new ArenaFullError(`no memory for ${byteLength} bytes of a packed node`);
  }
}
