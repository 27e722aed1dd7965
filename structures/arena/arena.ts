/**
 * The arena: every byte of user data, outside of V8's heap.
 *
 * A garbage collector pays for each object for as long as it lives. A data server holds millions of
 * small blocks for hours, so Ravel keeps them in SharedArrayBuffer segments and names them by
 * 32-bit references. V8's heap then holds code and connections only, collections are short, and a
 * block costs what it holds.
 *
 * ```
 * reference (int32)   ┌──────────┬──────────────┬────────────────┐
 *                     │ segment 9│ page 10      │ granule 13     │   a granule is 8 bytes
 *                     └──────────┴──────────────┴────────────────┘
 * segment (64 MiB)    ┌────────┬────────┬────────┬──── … ────┬──────────┐
 *                     │ page 0 │ page 1 │ page 2 │           │ page 1023│  a page is 64 KiB
 *                     └────────┴────────┴────────┴──── … ────┴──────────┘
 * page 0              │ 1,024 page descriptors of 8 words │ the arena's header (segment 0 only) │
 * ```
 *
 * A run of pages is either a *slab*, cut into blocks of one size class, or one *large* block. A
 * block that no segment can hold is *huge* and has a segment of its own. Freed blocks go back to
 * the free list of their slab, an empty slab's pages go back to their segment, and an empty segment
 * goes back to the system; so one long-lived block pins a page, not the whole arena. Slabs as the
 * unit of reuse are the idea of Bonwick's slab allocator and of mimalloc's pages.
 *
 * The arena's own state (free lists, counters, roots) lives in segment 0, so a second thread with
 * the same segments sees the same store. JavaScript holds the segments, and what it keeps free for
 * later: arena_segments.ts.
 */

import { assert } from "../assert.ts";
import type { Ref } from "./arena_layout.ts";
import * as arenaLayout from "./arena_layout.ts";
import { ArenaFullError, ArenaSegments, MAX_SEGMENTS } from "./arena_segments.ts";
import { verifySegments } from "./arena_verify.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import * as sizeClasses from "./size_class.ts";

// Constants of this module's own, as arena_layout.ts explains.
const {
  CAPACITY,
  CLASS_SLABS,
  CLASS_USED,
  FIRST_CLASS,
  FREE_LIST,
  FREED_CHAINS,
  FRESH,
  KIND,
  KIND_CONTINUATION,
  KIND_HUGE,
  KIND_LARGE,
  NEXT,
  NONE,
  PAGE_BYTES,
  PAGE_SHIFT,
  PAGES,
  PAGES_PER_SEGMENT,
  PREVIOUS,
  ROOT_COUNT,
  ROOTS,
  SEGMENT_FREE_PAGES,
  SEGMENT_MASK,
  SEGMENT_SHIFT,
  TAKEN_CHAINS,
  USED,
  USED_BYTES_DOUBLE,
} = arenaLayout;
const { BLOCK_BYTES, CLASS_MAX_BYTES, classOf, slabPages } = sizeClasses;

export { NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena_layout.ts";
export { ArenaFullError } from "./arena_segments.ts";

/** Largest block inside a shared segment; page 0 holds the descriptors. */
const LARGE_MAX_BYTES = (PAGES_PER_SEGMENT - 1) * PAGE_BYTES;
/** Largest block at all: its last byte must have an int32 index in its segment. */
export const MAX_BLOCK_BYTES = 2 ** 31 - 2 * PAGE_BYTES;
/** Words of a chain of freed blocks, kept in its first block. See {@linkcode Arena.freedChainsAt}. */
export const CHAIN = { nextBlock: 0, nextChain: 1, lastBlock: 2, count: 3 } as const;

/**
 * Allocator and address space of one store.
 *
 * @example
 * ```ts
 * const arena = new Arena();
 * const ref = arena.allocate(24);
 * arena.words[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) << 1] = 42;
 * arena.free(ref);
 * ```
 */
export class Arena extends ArenaSegments {
  readonly #header: Int32Array;
  readonly #totals: Float64Array;

  /** @param maxSegments bound on the address space, in segments of 64 MiB */
  constructor(maxSegments: number = MAX_SEGMENTS) {
    super(maxSegments);
    this.#header = this.words[0];
    this.#totals = this.doubles[0];
  }

  /** Exact sum of the capacities of all live blocks, in bytes. O(1). */
  get usedBytes(): number {
    return this.#totals[USED_BYTES_DOUBLE];
  }

  /** Live blocks of each size class, smallest first, without those of no class. O(classes). */
  get classFigures(): readonly { readonly blockBytes: number; readonly blocks: number }[] {
    return Array.from(BLOCK_BYTES, (blockBytes, sizeClass) => ({
      blockBytes,
      blocks: this.#header[CLASS_USED + sizeClass],
    }));
  }

  /** One of {@linkcode ROOT_COUNT} words in segment 0 from which a store finds its structures. */
  root(index: number): number {
    assert(index >= 0 && index < ROOT_COUNT);
    return this.#header[ROOTS + index];
  }

  /** Sets what {@linkcode Arena.root} answers. */
  setRoot(index: number, value: number): void {
    assert(index >= 0 && index < ROOT_COUNT);
    this.#header[ROOTS + index] = value;
  }

  /** Word `index` of a block. */
  word(ref: Ref, index: number): number {
    return this.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index];
  }

  /** Sets word `index` of a block. */
  setWord(ref: Ref, index: number, value: number): void {
    this.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + index] = value;
  }

  /**
   * A block of at least `byteLength` bytes, its contents undefined. O(1) up to 64 KiB, else a
   * first-fit search of the page descriptors.
   *
   * @throws {ArenaFullError} when the address space or the system's memory is used up
   */
  allocate(byteLength: number): Ref {
    if (byteLength > CLASS_MAX_BYTES) return this.#allocateLarge(byteLength);
    const sizeClass = classOf(byteLength);
    const header = this.#header;
    let page = header[CLASS_SLABS + sizeClass];
    if (page === 0) page = this.#addSlab(sizeClass);
    const words = this.words[page >>> 10];
    const slab = (page & 1023) << 3;
    const blockBytes = BLOCK_BYTES[sizeClass];
    let ref = words[slab + FREE_LIST];
    if (ref !== NONE) {
      words[slab + FREE_LIST] = words[(ref & SEGMENT_MASK) << 1];
    } else {
      const fresh = words[slab + FRESH];
      words[slab + FRESH] = fresh + 1;
      ref = ((page << PAGE_SHIFT) + fresh * (blockBytes >> 3)) | 0;
    }
    const used = words[slab + USED] + 1;
    words[slab + USED] = used;
    if (used === words[slab + CAPACITY]) this.#unlinkSlab(page, sizeClass);
    header[CLASS_USED + sizeClass]++;
    this.#totals[USED_BYTES_DOUBLE] += blockBytes;
    return ref;
  }

  /** As {@linkcode Arena.allocate}, with every byte of the block's capacity 0. O(n). */
  allocateZeroed(byteLength: number): Ref {
    const ref = this.allocate(byteLength);
    const start = (ref & SEGMENT_MASK) << 1;
    this.words[ref >>> SEGMENT_SHIFT].fill(0, start, start + (this.capacity(ref) >> 2));
    return ref;
  }

  /** Gives a block back. O(1), or O(pages) for a large block. The reference is dead afterwards. */
  free(ref: Ref): void {
    const words = this.words[ref >>> SEGMENT_SHIFT];
    let page = ref >>> PAGE_SHIFT;
    let slab = (page & 1023) << 3;
    let kind = words[slab + KIND];
    if (kind === KIND_CONTINUATION) {
      page -= words[slab + PAGES];
      slab = (page & 1023) << 3;
      kind = words[slab + KIND];
    }
    if (kind < FIRST_CLASS) return this.#freeLarge(ref, kind);
    words[(ref & SEGMENT_MASK) << 1] = words[slab + FREE_LIST];
    words[slab + FREE_LIST] = ref;
    this.#afterFree(words, page, slab, kind - FIRST_CLASS, 1);
  }

  /** Bytes that the block can hold: its length as {@linkcode Arena.allocate} rounded it. O(1). */
  capacity(ref: Ref): number {
    const words = this.words[ref >>> SEGMENT_SHIFT];
    let slab = ((ref >>> PAGE_SHIFT) & 1023) << 3;
    if (words[slab + KIND] === KIND_CONTINUATION) slab -= words[slab + PAGES] << 3;
    const kind = words[slab + KIND];
    if (kind >= FIRST_CLASS) return BLOCK_BYTES[kind - FIRST_CLASS];
    if (kind === KIND_LARGE) return words[slab + PAGES] * PAGE_BYTES;
    assert(kind === KIND_HUGE, "capacity of a block that is not allocated");
    return this.bytes[ref >>> SEGMENT_SHIFT].length - PAGE_BYTES;
  }

  /** What a block of `byteLength` bytes takes from the arena. O(1). */
  static blockBytes(byteLength: number): number {
    if (byteLength <= CLASS_MAX_BYTES) return BLOCK_BYTES[classOf(byteLength)];
    return Math.ceil(byteLength / PAGE_BYTES) * PAGE_BYTES;
  }

  /**
   * A block of the new length with the old contents, as far as they fit: the same block where its
   * capacity is already right, else a copy, the old one being freed. O(n) on a copy.
   */
  resize(ref: Ref, byteLength: number): Ref {
    const capacity = this.capacity(ref);
    if (Arena.blockBytes(byteLength) === capacity) return ref;
    const copy = this.allocate(byteLength);
    this.copy(ref, 0, copy, 0, Math.min(capacity, byteLength));
    this.free(ref);
    return copy;
  }

  /** A block of the same capacity and contents. O(n). @throws {ArenaFullError} */
  duplicate(ref: Ref): Ref {
    const capacity = this.capacity(ref);
    const copy = this.allocate(capacity);
    this.copy(ref, 0, copy, 0, capacity);
    return copy;
  }

  /** Copies bytes from one block to another, or within one (the ranges may overlap). O(n). */
  copy(from: Ref, fromByte: number, to: Ref, toByte: number, length: number): void {
    const source = this.bytes[from >>> SEGMENT_SHIFT];
    const target = this.bytes[to >>> SEGMENT_SHIFT];
    const start = ((from & SEGMENT_MASK) << 3) + fromByte;
    const at = ((to & SEGMENT_MASK) << 3) + toByte;
    if (from === to) target.copyWithin(at, start, start + length);
    else copyBytes(target, at, source, start, length);
  }

  /**
   * Where other threads leave the blocks that they freed: word index in segment 0 of the head of a
   * lock-free stack of chains. A chain joins blocks of one slab (or is one large block); its first
   * block holds the words of {@linkcode CHAIN}.
   */
  static readonly freedChainsAt: number = FREED_CHAINS;

  /** Whether other threads freed blocks that are not taken back yet. O(1). */
  get hasFreedChains(): boolean {
    return this.#header[TAKEN_CHAINS] !== NONE || Atomics.load(this.#header, FREED_CHAINS) !== NONE;
  }

  /**
   * Takes back the blocks that other threads freed: each chain is spliced into its slab's free
   * list in O(1), however long it is, and at most `maxChains` are.
   *
   * @returns the number of blocks taken back
   */
  collectFreedChains(maxChains: number = Infinity): number {
    let blocks = 0;
    for (let i = 0; i < maxChains && this.hasFreedChains; i++) {
      let chain = this.#header[TAKEN_CHAINS];
      if (chain === NONE) chain = Atomics.exchange(this.#header, FREED_CHAINS, NONE);
      const words = this.words[chain >>> SEGMENT_SHIFT];
      const at = (chain & SEGMENT_MASK) << 1;
      this.#header[TAKEN_CHAINS] = words[at + CHAIN.nextChain];
      const count = words[at + CHAIN.count];
      blocks += count;
      this.#spliceChain(words, chain, words[at + CHAIN.lastBlock], count);
    }
    return blocks;
  }

  #spliceChain(words: Int32Array, first: Ref, last: Ref, count: number): void {
    let page = first >>> PAGE_SHIFT;
    let slab = (page & 1023) << 3;
    let kind = words[slab + KIND];
    if (kind === KIND_CONTINUATION) {
      page -= words[slab + PAGES];
      slab = (page & 1023) << 3;
      kind = words[slab + KIND];
    }
    if (kind < FIRST_CLASS) {
      assert(count === 1, "a chain of large blocks");
      return this.#freeLarge(first, kind);
    }
    words[(last & SEGMENT_MASK) << 1] = words[slab + FREE_LIST];
    words[slab + FREE_LIST] = first;
    this.#afterFree(words, page, slab, kind - FIRST_CLASS, count);
  }

  #afterFree(words: Int32Array, page: number, slab: number, sizeClass: number, count: number) {
    const used = words[slab + USED];
    assert(used >= count, "a block was freed twice");
    words[slab + USED] = used - count;
    if (used === words[slab + CAPACITY]) this.#linkSlab(page, sizeClass);
    if (used === count) {
      this.#unlinkSlab(page, sizeClass);
      this.freePages(page, words[slab + PAGES]);
    }
    this.#header[CLASS_USED + sizeClass] -= count;
    this.#totals[USED_BYTES_DOUBLE] -= BLOCK_BYTES[sizeClass] * count;
  }

  #addSlab(sizeClass: number): number {
    const pages = slabPages(sizeClass);
    const page = this.takePages(pages, FIRST_CLASS + sizeClass);
    const words = this.words[page >>> 10];
    const slab = (page & 1023) << 3;
    words[slab + FREE_LIST] = NONE;
    words[slab + FRESH] = 0;
    words[slab + USED] = 0;
    words[slab + CAPACITY] = Math.floor((pages * PAGE_BYTES) / BLOCK_BYTES[sizeClass]);
    this.#linkSlab(page, sizeClass);
    return page;
  }

  #linkSlab(page: number, sizeClass: number): void {
    const head = this.#header[CLASS_SLABS + sizeClass];
    this.#setDescriptor(page, NEXT, head);
    this.#setDescriptor(page, PREVIOUS, 0);
    if (head !== 0) this.#setDescriptor(head, PREVIOUS, page);
    this.#header[CLASS_SLABS + sizeClass] = page;
  }

  #unlinkSlab(page: number, sizeClass: number): void {
    const next = this.#descriptor(page, NEXT);
    const previous = this.#descriptor(page, PREVIOUS);
    if (previous === 0) this.#header[CLASS_SLABS + sizeClass] = next;
    else this.#setDescriptor(previous, NEXT, next);
    if (next !== 0) this.#setDescriptor(next, PREVIOUS, previous);
  }

  #allocateLarge(byteLength: number): Ref {
    if (!(byteLength <= MAX_BLOCK_BYTES)) {
      throw new ArenaFullError(`a block of ${byteLength} bytes is over ${MAX_BLOCK_BYTES}`);
    }
    let page: number;
    if (byteLength <= LARGE_MAX_BYTES) {
      page = this.takePages(Math.ceil(byteLength / PAGE_BYTES), KIND_LARGE);
    } else {
      const segment = this.freeSegmentIndex();
      this.addSegment(segment, PAGE_BYTES + Arena.blockBytes(byteLength));
      page = segment * PAGES_PER_SEGMENT + 1;
      this.#setDescriptor(page, KIND, KIND_HUGE);
      this.#setDescriptor(segment * PAGES_PER_SEGMENT, SEGMENT_FREE_PAGES, 0);
    }
    this.#totals[USED_BYTES_DOUBLE] += Arena.blockBytes(byteLength);
    return (page << PAGE_SHIFT) | 0;
  }

  #freeLarge(ref: Ref, kind: number): void {
    assert(kind === KIND_LARGE || kind === KIND_HUGE, "free of a block that is not allocated");
    const page = ref >>> PAGE_SHIFT;
    this.#totals[USED_BYTES_DOUBLE] -= this.capacity(ref);
    if (kind === KIND_HUGE) this.dropSegment(ref >>> SEGMENT_SHIFT);
    else this.freePages(page, this.#descriptor(page, PAGES));
  }

  #descriptor(page: number, field: number): number {
    return this.words[page >>> 10][((page & 1023) << 3) + field];
  }

  #setDescriptor(page: number, field: number, value: number): void {
    this.words[page >>> 10][((page & 1023) << 3) + field] = value;
  }

  /**
   * Checks every invariant: page runs, slab lists, free lists, counters. For tests. O(arena).
   *
   * @throws {AssertionError} at the first that does not hold
   */
  verify(): void {
    verifySegments(this.words, this.usedBytes);
  }
}
