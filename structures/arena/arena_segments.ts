/**
 * The arena's address space: segments, and the runs of pages in them. What is cut from the runs is
 * arena.ts's.
 *
 * ```
 *   segment 0   │▓▓▓▓▓▓░░▓▓▓▓▓▓▓▓░▓▓▓▓▓▓│    ▓ taken   ░ free
 *   segment 1   │▓▓▓▓▓▓░▓▓▓▓▓▓░░░░░░░░░░│    a run goes to the beginning of the first row of
 *                             └─ row ──┘     free pages that has room for it
 *   huge block  │▓▓▓▓▓▓▓▓▓▓▓▓▓ … ▓▓▓▓▓▓▓▓▓▓▓▓│
 * ```
 *
 * An allocation fails only where it needs a run that no row has and no further segment can be had.
 * So {@linkcode ArenaSegments.reserve} looks after one row of free pages, the *kept row*, which is
 * to be long enough for what it promises. Untouched pages take no memory: a row costs address
 * space, and a further segment 4 KiB for its descriptors.
 */

import { assert } from "../assert.ts";
import * as arenaLayout from "./arena_layout.ts";
import * as reserve from "./arena_reserve.ts";
import { withView } from "../bytes/bytes.ts";

// Constants of this module's own, as arena_layout.ts explains.
const {
  KIND,
  KIND_CONTINUATION,
  KIND_FREE,
  PAGE_BYTES,
  PAGES,
  PAGES_PER_SEGMENT,
  SEGMENT_BYTES,
  SEGMENT_FREE_PAGES,
  SEGMENT_SEARCH_FROM,
  SEGMENT_SHIFT,
  SEGMENT_TOUCHED,
} = arenaLayout;
const { SEGMENT_PAGES } = reserve;

/** Segments that a 32-bit reference can tell apart: 32 GiB in all. */
export const MAX_SEGMENTS = 1 << (32 - SEGMENT_SHIFT);

/** No room for a block: all references are given out, or the system refused another segment. */
export class ArenaFullError extends Error {
  override name = "ArenaFullError";
}

const NO_WORDS = new Int32Array(0);
const NO_BYTES = new Uint8Array(0);
const NO_DOUBLES = new Float64Array(0);
const NO_MEMORY = new SharedArrayBuffer(0);

/** See the top of the file. */
export class ArenaSegments {
  /** Each segment as int32 words; a block starts at word `(ref & SEGMENT_MASK) << 1`. */
  readonly words: Int32Array[] = [];
  /** Each segment as bytes; a block starts at byte `(ref & SEGMENT_MASK) << 3`. */
  readonly bytes: Uint8Array[] = [];
  /** Each segment as doubles; a block starts at double `ref & SEGMENT_MASK`. */
  readonly doubles: Float64Array[] = [];
  /** Rises whenever a segment comes or goes, so that other threads' views can be renewed. */
  version = 0;

  readonly #maxSegments: number;

  /** What the last call of `reserve` promised. */
  #promisedBytes = 0;
  /** Up to so many bytes are reserved without a further look. */
  #readyBytes = 0;
  /** The kept row: its segment, its first page there, and the one behind its last. */
  #rowSegment = 0;
  #rowFrom = 1;
  #rowEnd = 1;
  /** Whether what is ready rests on rows anywhere, so that it is void with the next run. */
  #isScattered = false;
  /** From so many bytes on a promise was refused, and no page has become free since. */
  #refusedBytes = Infinity;
  /** Memory for the segments of a large promise, should the system refuse one; used up to `#spareAt`. */
  #spare: SharedArrayBuffer = NO_MEMORY;
  #spareAt = 0;
  #isSpareInUse = false;

  /** @param maxSegments bound on the address space, in segments of 64 MiB */
  constructor(maxSegments: number) {
    assert(maxSegments >= 1 && maxSegments <= MAX_SEGMENTS);
    this.#maxSegments = maxSegments;
    this.addSegment(0, SEGMENT_BYTES);
  }

  /** Bytes of all segments, whether their pages were ever touched or not. O(segments). */
  get reservedBytes(): number {
    let total = 0;
    for (const segment of this.bytes) total += segment.length;
    return total;
  }

  /**
   * Bytes of the pages that hold blocks, and of those that ever did, which are what the system has
   * to have memory for. O(segments).
   */
  get pageBytes(): { readonly taken: number; readonly touched: number } {
    let taken = 0;
    let touched = 0;
    for (const [i, words] of this.words.entries()) {
      if (words === NO_WORDS) continue;
      const { length } = this.bytes[i];
      const freePages = words[SEGMENT_FREE_PAGES];
      taken += length - freePages * PAGE_BYTES;
      touched += freePages === 0 ? length : Math.max(1, words[SEGMENT_TOUCHED]) * PAGE_BYTES;
    }
    return { taken, touched };
  }

  /**
   * Makes sure that the allocations until the next call of this succeed, as long as their blocks
   * come to `bytes` in all, each counted as `Arena.blockBytes` rounds it. It does not matter into
   * how many blocks of which sizes, nor what is freed meanwhile, with one exception: a block that
   * was allocated since and is freed, whose like is allocated again, counts 64 KiB more (1 MiB above
   * 4 KiB). (A block that grows step by step is not meant: it never comes back to a size.)
   * arena_reserve.ts has the proof.
   *
   * Nothing is touched, so it takes no memory. O(1), a comparison, where a row is free that is long
   * enough; else O(segments), or a further segment.
   *
   * @throws {ArenaFullError} where that cannot be promised; nothing has changed then
   */
  reserve(bytes: number): void {
    this.#promisedBytes = bytes;
    if (bytes > this.#readyBytes) this.#reserveAnew(bytes);
  }

  /**
   * As {@linkcode reserve}, for so many bytes beside those that the last call of that promised: for
   * whoever finds, before the first change, that it takes more than its caller could know. O(1).
   *
   * @throws {ArenaFullError} where that cannot be promised; what was promised stays so
   */
  reserveMore(bytes: number): void {
    const all = this.#promisedBytes + bytes;
    if (all > this.#readyBytes) this.#reserveAnew(all);
  }

  #reserveAnew(bytes: number): void {
    if (bytes >= this.#refusedBytes) throw new ArenaFullError("no room was given back since");
    const pages = reserve.pagesFor(bytes);
    if (pages > SEGMENT_PAGES) return this.#reserveSegments(reserve.segmentsFor(bytes));
    this.#keepLongestRow();
    if (this.#rowEnd - this.#rowFrom >= pages) return;
    if (this.#freeIndexes() > 0 && this.#tryAddSegment()) return;
    if (this.#rowsFor(reserve.longestRunFor(bytes)) >= reserve.runsFor(bytes)) {
      this.#readyBytes = bytes;
      this.#isScattered = true;
      return;
    }
    this.#refusedBytes = bytes;
    throw new ArenaFullError(`${bytes} bytes cannot be reserved`);
  }

  /** Whether there is a further segment now, whose pages are the kept row. */
  #tryAddSegment(): boolean {
    const index = this.freeSegmentIndex();
    try {
      this.addSegment(index, SEGMENT_BYTES);
    } catch (error) {
      if (error instanceof ArenaFullError) return false;
      throw error;
    }
    this.#keepRow(index, 1, PAGES_PER_SEGMENT);
    return true;
  }

  /**
   * As {@linkcode reserve}, for more than a segment: indexes for so many, and memory for all of them
   * in one piece, from which any is cut that the system refuses. Huge blocks take less of both.
   */
  #reserveSegments(segments: number): void {
    if (this.#freeIndexes() < segments) {
      throw new ArenaFullError(`no ${segments} segments of 64 MiB are left`);
    }
    this.#isSpareInUse = true;
    const bytes = segments * SEGMENT_BYTES;
    if (this.#spare.byteLength - this.#spareAt >= bytes) return;
    this.#spare = newMemory(bytes);
    this.#spareAt = 0;
  }

  #keepRow(segment: number, from: number, end: number): void {
    this.#rowSegment = segment;
    this.#rowFrom = from;
    this.#rowEnd = end;
    this.#readyBytes = reserve.bytesFrom(end - from);
    this.#isScattered = false;
  }

  /** Makes the longest row of all segments the kept one; of several, the first. */
  #keepLongestRow(): void {
    let longest = 0;
    this.#keepRow(0, 1, 1);
    for (let segment = 0; segment < this.words.length; segment++) {
      const words = this.words[segment];
      if (words === NO_WORDS || words[SEGMENT_FREE_PAGES] <= longest) continue;
      let run = 0;
      for (let page = words[SEGMENT_SEARCH_FROM]; page < PAGES_PER_SEGMENT; page++) {
        run = words[(page << 3) + KIND] === KIND_FREE ? run + 1 : 0;
        if (run <= longest) continue;
        longest = run;
        this.#keepRow(segment, page + 1 - run, page + 1);
      }
    }
  }

  /** How many rows of so many free pages there are in all, one beside the other. */
  #rowsFor(pages: number): number {
    let rows = 0;
    for (const words of this.words) if (words !== NO_WORDS) rows += rowsIn(words, pages);
    return rows;
  }

  /** Segments that may still be added. */
  #freeIndexes(): number {
    let used = 0;
    for (const words of this.words) used += words === NO_WORDS ? 0 : 1;
    return this.#maxSegments - used;
  }

  /**
   * Finds and marks a run of free pages, in the lowest segment that has one: others may empty.
   *
   * @returns the number of its first page
   * @throws {ArenaFullError}
   */
  protected takePages(count: number, kind: number): number {
    for (let segment = 0; segment < this.words.length; segment++) {
      const words = this.words[segment];
      if (words === NO_WORDS || words[SEGMENT_FREE_PAGES] < count) continue;
      const page = findRun(words, count);
      if (page !== 0) return this.#markPages(segment * PAGES_PER_SEGMENT + page, count, kind);
    }
    const segment = this.freeSegmentIndex();
    this.addSegment(segment, SEGMENT_BYTES);
    return this.#markPages(segment * PAGES_PER_SEGMENT + 1, count, kind);
  }

  #markPages(page: number, count: number, kind: number): number {
    const segment = page >>> 10;
    const words = this.words[segment];
    const first = page & 1023;
    for (let i = 0; i < count; i++) {
      words[((first + i) << 3) + KIND] = i === 0 ? kind : KIND_CONTINUATION;
      words[((first + i) << 3) + PAGES] = i === 0 ? count : i;
    }
    words[SEGMENT_FREE_PAGES] -= count;
    words[SEGMENT_TOUCHED] = Math.max(words[SEGMENT_TOUCHED], first + count);
    if (words[SEGMENT_SEARCH_FROM] === first) words[SEGMENT_SEARCH_FROM] = first + count;
    if (this.#isScattered) this.#readyBytes = 0;
    else if (
      segment === this.#rowSegment && first < this.#rowEnd && first + count > this.#rowFrom
    ) this.#keepRow(segment, first + count, this.#rowEnd);
    return page;
  }

  /** Gives a run of pages back. O(pages). */
  protected freePages(page: number, count: number): void {
    const words = this.words[page >>> 10];
    const first = page & 1023;
    for (let i = 0; i < count; i++) words[((first + i) << 3) + KIND] = KIND_FREE;
    words[SEGMENT_FREE_PAGES] += count;
    if (first < words[SEGMENT_SEARCH_FROM]) words[SEGMENT_SEARCH_FROM] = first;
    this.#refusedBytes = Infinity;
  }

  /** Where the next segment goes. @throws {ArenaFullError} */
  protected freeSegmentIndex(): number {
    for (let i = 0; i < this.words.length; i++) if (this.words[i] === NO_WORDS) return i;
    if (this.words.length >= this.#maxSegments) {
      throw new ArenaFullError(`all ${this.#maxSegments} segments of 64 MiB are in use`);
    }
    return this.words.length;
  }

  /** Makes a segment, all pages of it free. @throws {ArenaFullError} */
  protected addSegment(index: number, byteLength: number): void {
    let memory: SharedArrayBuffer;
    let at = 0;
    try {
      memory = newMemory(byteLength);
    } catch (error) {
      if (this.#spare.byteLength - this.#spareAt < byteLength) throw error;
      memory = this.#spare;
      at = this.#spareAt;
      this.#spareAt += byteLength;
    }
    this.words[index] = new Int32Array(memory, at, byteLength >> 2);
    this.bytes[index] = withView(new Uint8Array(memory, at, byteLength));
    this.doubles[index] = new Float64Array(memory, at, byteLength >> 3);
    this.words[index][SEGMENT_FREE_PAGES] = SEGMENT_PAGES;
    this.words[index][SEGMENT_SEARCH_FROM] = 1;
    this.version++;
  }

  /** Gives a segment's memory back. V8 does so when it next collects its old objects. */
  protected dropSegment(index: number): void {
    this.words[index] = NO_WORDS;
    this.bytes[index] = NO_BYTES;
    this.doubles[index] = NO_DOUBLES;
    this.#refusedBytes = Infinity;
    this.version++;
  }

  /**
   * Gives all memory up, which no other thread may know of; the arena is of no use afterwards.
   * O(pages touched, 64 at most).
   */
  giveUp(): void {
    const [words] = this.words;
    const touchedBytes = Math.max(1, words[SEGMENT_TOUCHED]) * PAGE_BYTES;
    const { buffer } = words;
    for (let i = 0; i < this.words.length; i++) this.dropSegment(i);
    if (!(buffer instanceof SharedArrayBuffer) || buffer.byteLength !== SEGMENT_BYTES) return;
    if (touchedBytes > MAX_SPENT_BYTES) return;
    new Uint8Array(buffer, 0, touchedBytes).fill(0);
    spentMemory = buffer;
  }

  /**
   * Gives every segment without a live block back to the system (segment 0, which holds the header,
   * stays). Meant for a periodic tick, so that a store that breathes around a segment's edge does
   * not map and unmap it all the time. O(segments).
   *
   * The one with the kept row stays too as long as no page of it was ever used: it takes no memory,
   * and the next promise would add it again.
   *
   * @returns the number of segments given back
   */
  releaseEmptySegments(): number {
    let released = 0;
    for (let i = 1; i < this.words.length; i++) {
      const words = this.words[i];
      if (words === NO_WORDS || words[SEGMENT_FREE_PAGES] !== SEGMENT_PAGES) continue;
      if (i === this.#rowSegment && words[SEGMENT_TOUCHED] === 0) continue;
      this.dropSegment(i);
      released++;
    }
    if (this.words[this.#rowSegment] === NO_WORDS) this.#keepLongestRow();
    if (!this.#isSpareInUse) this.#spare = NO_MEMORY;
    this.#isSpareInUse = false;
    this.#refusedBytes = Infinity;
    return released;
  }
}

/**
 * The first segment of an arena that was given up, all zeros again, for the next one: to map and unmap
 * 64 MiB takes 10 ms in Bun, and V8 puts off giving it back, as it does not count shared memory.
 */
let spentMemory: SharedArrayBuffer | undefined;
/** More than that is given back to the system rather than made zeros again. */
const MAX_SPENT_BYTES = 4 * 1024 * 1024;

function newMemory(byteLength: number): SharedArrayBuffer {
  if (byteLength === spentMemory?.byteLength) {
    const memory = spentMemory;
    spentMemory = undefined;
    return memory;
  }
  try {
    return new SharedArrayBuffer(byteLength);
  } catch {
    throw new ArenaFullError(`the system refused ${byteLength} bytes`);
  }
}

/** First run of `count` free pages of a segment, or 0. */
function findRun(words: Int32Array, count: number): number {
  let run = 0;
  for (let page = words[SEGMENT_SEARCH_FROM]; page < PAGES_PER_SEGMENT; page++) {
    if (words[(page << 3) + KIND] !== KIND_FREE) {
      run = 0;
    } else if (++run === count) {
      return page - count + 1;
    }
  }
  return 0;
}

/** How many rows of `count` free pages a segment has, one beside the other. */
function rowsIn(words: Int32Array, count: number): number {
  if (words[SEGMENT_FREE_PAGES] < count) return 0;
  let rows = 0;
  let run = 0;
  for (let page = words[SEGMENT_SEARCH_FROM]; page < PAGES_PER_SEGMENT; page++) {
    run = words[(page << 3) + KIND] === KIND_FREE ? run + 1 : 0;
    if (run === count) {
      rows++;
      run = 0;
    }
  }
  return rows;
}
