/**
 * The block of a list: a row of elements with room to grow at both ends.
 *
 * A list lives at its ends. In a listpack, whose first entry has a fixed place, a push at the front
 * moves all that is there; here the entries may begin anywhere, so either end is as good as the
 * other, and only a block that has no room left at one end is moved:
 *
 * ```
 * block  ┌──────────────────┬──────┬─────────┬─────────┬ … ┬─────────┬─────────┐
 *        │ first17 · count15│ end  │  room   │ entry   │   │ entry   │  room   │
 *        │ word 0           │ word1│         │         │   │         │         │
 *        └──────────────────┴──────┴─────────┴─────────┴ … ┴─────────┴─────────┘
 *        0                  4      8         └ first                 └ end
 * ```
 *
 * The entries are those of a listpack (listpack_entry.ts), byte for byte, so a listpack of them is
 * its header, these bytes and its end: {@linkcode ListBlock.writeListpack}.
 *
 * A position is the byte offset of an entry in its block; 0 is no entry. Whatever may need a larger
 * block, or gives one back, returns the reference. A change in the middle moves the entries of the
 * shorter side, so all positions are void after a change; {@linkcode ListBlock.at} says where it was.
 *
 * Bounds: a block of several entries takes {@linkcode MAX_SHARED_BYTES} at most; a single entry may
 * be larger.
 */

import { assert } from "../assert.ts";
import { Arena, ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { copyBytes, moveBytes } from "../bytes/copy_bytes.ts";
import {
  backlenBytes,
  bodyBytes,
  EntryDraft,
  HEADER_BYTES as LISTPACK_HEADER_BYTES,
  listpackProblem,
  readBacklen,
  writeUint32,
} from "../listpack/listpack_entry.ts";
import * as listpackEntry from "../listpack/listpack_entry.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { END } = listpackEntry;

/** Bytes before the entries. */
export const LIST_BLOCK_HEADER_BYTES = 8;
const HEADER_BYTES = LIST_BLOCK_HEADER_BYTES;
/** Most bytes of the entries of a block that has more than one: their count has 15 bits. */
export const MAX_SHARED_BYTES = 65_528;
/** What a listpack has besides its entries. */
export const LISTPACK_FRAME_BYTES = LISTPACK_HEADER_BYTES + 1;

// Words of a block.
const FIRST_AND_COUNT = 0;
const ENDS = 1;
const COUNT_SHIFT = 17;
const ONE_ENTRY = 1 << COUNT_SHIFT;
const FIRST_MASK = ONE_ENTRY - 1;

/** A block is not exchanged for a smaller one below this. */
const SMALL_BYTES = 64;

/** Operations on the list blocks of an arena; see the top of the file. */
export class ListBlock {
  /**
   * Position of the entry that the last change added, or of the one behind those that it took out
   * (the end where there is none).
   */
  at = 0;

  readonly #arena: Arena;
  readonly #draft = new EntryDraft();

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /**
   * A block without entries. O(1).
   *
   * @param byteLength its header included
   * @param atFront whether the room is before the first entry to come; else it is behind
   * @throws {ArenaFullError}
   */
  create(byteLength: number, atFront: boolean): Ref {
    const ref = this.#arena.allocate(Math.max(byteLength, HEADER_BYTES));
    const edge = atFront ? this.#arena.capacity(ref) : HEADER_BYTES;
    this.#set(ref, edge, 0, edge);
    return ref;
  }

  /**
   * A block of the entries in `bytes[start, start + length)`, `count` of them: those of a valid
   * listpack. O(length).
   *
   * @throws {ArenaFullError}
   */
  createFrom(bytes: Uint8Array, start: number, length: number, count: number): Ref {
    const ref = this.#arena.allocate(HEADER_BYTES + length);
    copyBytes(this.#bytes(ref), baseOf(ref) + HEADER_BYTES, bytes, start, length);
    this.#set(ref, HEADER_BYTES, count, HEADER_BYTES + length);
    return ref;
  }

  /** Number of entries. O(1). */
  count(ref: Ref): number {
    return this.#arena.words[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) << 1] >>> COUNT_SHIFT;
  }

  /** Position of the first entry; that of the end if there is none. O(1). */
  first(ref: Ref): number {
    return this.#arena.words[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) << 1] & FIRST_MASK;
  }

  /** The position behind the last entry. O(1). */
  end(ref: Ref): number {
    return this.#arena.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + ENDS];
  }

  /** Bytes of the entries. O(1). */
  byteLength(ref: Ref): number {
    return this.end(ref) - this.first(ref);
  }

  /** Position of the last entry, of which there must be one. O(1). */
  last(ref: Ref): number {
    return this.before(ref, this.end(ref));
  }

  /** Position of the entry before a position that is not the first's. O(1). */
  before(ref: Ref, at: number): number {
    const body = readBacklen(this.#bytes(ref), baseOf(ref) + at - 1);
    return at - backlenBytes(body) - body;
  }

  /** The position behind an entry, which is the next one's or the end. O(1). */
  behind(ref: Ref, at: number): number {
    const body = bodyBytes(this.#bytes(ref), baseOf(ref) + at);
    return at + body + backlenBytes(body);
  }

  /** Position of the entry with this index, which must be there. O(n), from the nearer end. */
  seek(ref: Ref, index: number): number {
    const bytes = this.#bytes(ref);
    const base = baseOf(ref);
    const count = this.count(ref);
    if (index <= count >> 1) {
      let at = base + this.first(ref);
      for (let i = 0; i < index; i++) {
        const body = bodyBytes(bytes, at);
        at += body + backlenBytes(body);
      }
      return at - base;
    }
    let at = base + this.end(ref);
    for (let i = count; i > index; i--) {
      const body = readBacklen(bytes, at - 1);
      at -= body + backlenBytes(body);
    }
    return at - base;
  }

  /** Free bytes at one end. O(1). */
  room(ref: Ref, atFront: boolean): number {
    return atFront ? this.first(ref) - HEADER_BYTES : this.#arena.capacity(ref) - this.end(ref);
  }

  /**
   * Makes room at one end: where the block is large enough by moving the entries in it, a quarter
   * of what is free then staying at the other end, else in a larger block. O(n).
   *
   * @param need free bytes that there are to be at the end
   * @param byteLength how large a larger block is to be; it becomes at least as large as needed
   * @throws {ArenaFullError} the block is as it was then
   */
  makeRoom(ref: Ref, atFront: boolean, need: number, byteLength: number): Ref {
    const arena = this.#arena;
    const first = this.first(ref);
    const end = this.end(ref);
    const length = end - first;
    const present = arena.capacity(ref);
    const needed = HEADER_BYTES + length + need;
    const wanted = Arena.blockBytes(Math.max(byteLength, needed));
    const capacity = Math.max(present, wanted);
    const atOther = Math.min(
      atFront ? present - end : first - HEADER_BYTES,
      wanted > present ? wanted - needed : (present - needed) >> 2,
    );
    const target = wanted > present ? arena.allocate(wanted) : ref;
    const to = atFront ? capacity - atOther - length : HEADER_BYTES + atOther;
    this.#copy(ref, first, target, to, length);
    this.#set(target, to, this.count(ref), to + length);
    if (target !== ref) arena.free(ref);
    return target;
  }

  /**
   * Chooses how the element is stored that the next `append`, `prepend`, `insert` or `replace`
   * writes. Its bytes are read again then. O(1).
   *
   * @returns the bytes that its entry takes
   */
  draft(bytes: Uint8Array, start: number, length: number): number {
    this.#draft.setText(bytes, start, length);
    return this.#draft.byteLength;
  }

  /**
   * Writes the drafted entry before the first, if there is the room. O(1).
   *
   * @param mostBytes bytes that the block may use then, its header included
   * @param mostEntries entries that it may have then
   * @returns whether it did
   */
  prepend(ref: Ref, mostBytes: number, mostEntries: number): boolean {
    const draft = this.#draft;
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    const word = (ref & SEGMENT_MASK) << 1;
    const head = words[word + FIRST_AND_COUNT];
    const first = (head & FIRST_MASK) - draft.byteLength;
    if (
      first < HEADER_BYTES || HEADER_BYTES + words[word + ENDS] - first > mostBytes ||
      head >>> COUNT_SHIFT >= mostEntries
    ) return false;
    words[word + FIRST_AND_COUNT] = (head & ~FIRST_MASK) + ONE_ENTRY | first;
    draft.write(this.#bytes(ref), baseOf(ref) + first);
    return true;
  }

  /** Writes the drafted entry behind the last; else as {@linkcode ListBlock.prepend}. O(1). */
  append(ref: Ref, mostBytes: number, mostEntries: number): boolean {
    const draft = this.#draft;
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    const word = (ref & SEGMENT_MASK) << 1;
    const head = words[word + FIRST_AND_COUNT];
    const at = words[word + ENDS];
    const end = at + draft.byteLength;
    if (
      end > this.#arena.capacity(ref) || HEADER_BYTES + end - (head & FIRST_MASK) > mostBytes ||
      head >>> COUNT_SHIFT >= mostEntries
    ) return false;
    words[word + FIRST_AND_COUNT] = (head + ONE_ENTRY) | 0;
    words[word + ENDS] = end;
    draft.write(this.#bytes(ref), baseOf(ref) + at);
    return true;
  }

  /**
   * Writes the drafted entry before the one at position `at`, or behind the last at the end. O(n).
   *
   * @param byteLength as for {@linkcode makeRoom}
   * @throws {ArenaFullError} nothing has changed then
   */
  insert(ref: Ref, at: number, byteLength: number): Ref {
    const moved = this.#splice(ref, at, 0, this.#draft.byteLength, byteLength);
    this.#addToCount(moved, 1);
    this.#draft.write(this.#bytes(moved), baseOf(moved) + this.at);
    return moved;
  }

  /** Writes the drafted entry in the place of the one at `at`. O(n). @throws {ArenaFullError} */
  replace(ref: Ref, at: number, byteLength: number): Ref {
    const removed = this.behind(ref, at) - at;
    const moved = this.#splice(ref, at, removed, this.#draft.byteLength, byteLength);
    this.#draft.write(this.#bytes(moved), baseOf(moved) + this.at);
    return moved;
  }

  /** Takes out up to `entries` entries from `at` on. O(n); O(entries) at an end. @returns how many */
  cut(ref: Ref, at: number, entries: number): number {
    const end = this.end(ref);
    let to = at;
    let removed = 0;
    for (; removed < entries && to < end; removed++) to = this.behind(ref, to);
    this.#splice(ref, at, to - at, 0, 0);
    this.#addToCount(ref, -removed);
    return removed;
  }

  /** Takes out the first entry. O(1). */
  cutFirst(ref: Ref): void {
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    const word = (ref & SEGMENT_MASK) << 1;
    const head = words[word + FIRST_AND_COUNT];
    const body = bodyBytes(this.#bytes(ref), baseOf(ref) + (head & FIRST_MASK));
    words[word + FIRST_AND_COUNT] = (head + body + backlenBytes(body) - ONE_ENTRY) | 0;
  }

  /** Takes out the last entry. O(1). */
  cutLast(ref: Ref): void {
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    const word = (ref & SEGMENT_MASK) << 1;
    words[word + ENDS] = this.last(ref);
    words[word + FIRST_AND_COUNT] -= ONE_ENTRY;
  }

  /**
   * Moves the first or last entries of a block, those from `at` to before `to`, before the first or
   * behind the last of another, which it returns. O(n).
   *
   * @throws {ArenaFullError} nothing has changed then
   */
  transfer(source: Ref, at: number, to: number, entries: number, into: Ref, atFront: boolean): Ref {
    const length = to - at;
    const target = this.room(into, atFront) < length
      ? this.makeRoom(into, atFront, length, 0)
      : into;
    const first = this.first(target);
    const end = this.end(target);
    const count = this.count(target) + entries;
    this.#copy(source, at, target, atFront ? first - length : end, length);
    if (atFront) this.#set(target, first - length, count, end);
    else this.#set(target, first, count, end + length);
    const left = this.count(source) - entries;
    if (at === this.first(source)) this.#set(source, to, left, this.end(source));
    else this.#set(source, this.first(source), left, at);
    return target;
  }

  /** Exchanges a block that is three quarters empty for a smaller one. O(1), amortized. */
  shrink(ref: Ref): Ref {
    const capacity = this.#arena.capacity(ref);
    if (capacity <= SMALL_BYTES || this.byteLength(ref) * 4 > capacity) return ref;
    return this.fit(ref);
  }

  /** Exchanges a block for the smallest that will do, if memory for that can be had. O(n). */
  fit(ref: Ref): Ref {
    const arena = this.#arena;
    const first = this.first(ref);
    const end = this.end(ref);
    const wanted = Arena.blockBytes(HEADER_BYTES + end - first);
    if (wanted >= arena.capacity(ref)) return ref;
    let target: Ref;
    try {
      target = arena.allocate(wanted);
    } catch (error) {
      if (error instanceof ArenaFullError) return ref;
      throw error;
    }
    this.#copy(ref, first, target, HEADER_BYTES, end - first);
    this.#set(target, HEADER_BYTES, this.count(ref), HEADER_BYTES + end - first);
    this.at += HEADER_BYTES - first;
    arena.free(ref);
    return target;
  }

  /** Writes the entries as the listpack that Redis documents. O(n). @returns the index behind it */
  writeListpack(ref: Ref, target: Uint8Array, at: number): number {
    const length = this.byteLength(ref);
    const count = this.count(ref);
    writeUint32(target, at, length + LISTPACK_FRAME_BYTES);
    target[at + 4] = count;
    target[at + 5] = count >> 8;
    const entries = at + LISTPACK_HEADER_BYTES;
    copyBytes(target, entries, this.#bytes(ref), baseOf(ref) + this.first(ref), length);
    target[entries + length] = END;
    return entries + length + 1;
  }

  /**
   * Makes the bytes at `at` as many as `inserted` instead of `removed`, their contents open, by
   * moving what is on the shorter side of them. {@linkcode ListBlock.at} is where they are then.
   */
  #splice(ref: Ref, at: number, removed: number, inserted: number, byteLength: number): Ref {
    const growth = inserted - removed;
    const before = at - this.first(ref);
    const behind = this.end(ref) - at - removed;
    const atFront = before < behind;
    let block = ref;
    if (growth > 0 && this.room(ref, atFront) < growth) {
      block = this.makeRoom(ref, atFront, growth, byteLength);
    }
    const bytes = this.#bytes(block);
    const base = baseOf(block);
    let first = this.first(block);
    let end = this.end(block);
    if (atFront) {
      moveBytes(bytes, base + first - growth, base + first, before);
      first -= growth;
    } else {
      moveBytes(bytes, base + end - behind + growth, base + end - behind, behind);
      end += growth;
    }
    this.#set(block, first, this.count(block), end);
    this.at = first + before;
    return block;
  }

  #copy(source: Ref, from: number, target: Ref, to: number, length: number): void {
    const bytes = this.#bytes(source);
    const targetBytes = this.#bytes(target);
    const start = baseOf(source) + from;
    const at = baseOf(target) + to;
    if (bytes === targetBytes) moveBytes(bytes, at, start, length);
    else copyBytes(targetBytes, at, bytes, start, length);
  }

  #set(ref: Ref, first: number, count: number, end: number): void {
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    const word = (ref & SEGMENT_MASK) << 1;
    words[word + FIRST_AND_COUNT] = count << COUNT_SHIFT | first;
    words[word + ENDS] = end;
  }

  #addToCount(ref: Ref, change: number): void {
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    words[((ref & SEGMENT_MASK) << 1) + FIRST_AND_COUNT] += change * ONE_ENTRY;
  }

  #bytes(ref: Ref): Uint8Array {
    return this.#arena.bytes[ref >>> SEGMENT_SHIFT];
  }

  /** Checks the header and every entry. For tests. O(n). @throws {AssertionError} */
  verify(ref: Ref): void {
    const first = this.first(ref);
    const end = this.end(ref);
    assert(first >= HEADER_BYTES, "a list block whose entries begin in its header");
    assert(first <= end, "a list block that ends before it begins");
    assert(end <= this.#arena.capacity(ref), "a list block that ends behind its block");
    const listpack = new Uint8Array(end - first + LISTPACK_FRAME_BYTES);
    this.writeListpack(ref, listpack, 0);
    const problem = listpackProblem(listpack, 0, listpack.length);
    assert(problem === "", problem);
  }
}

/** Index of a block's first byte in the bytes of its segment. */
function baseOf(ref: Ref): number {
  return (ref & SEGMENT_MASK) << 3;
}

/** Whether a block that one entry was taken from, and that has so many left, is to be looked at for
 * {@linkcode ListBlock.shrink}: at each halving. */
export function isTimeToShrink(entries: number): boolean {
  return (entries & (entries - 1)) === 0;
}
