/**
 * The listpack: a small collection as one block of bytes.
 *
 * A set of a hundred short members does not need a tree, it needs to be read in one sweep of the
 * cache. The byte format is the one that Redis documents, so a dump, an RDB file or a replica takes
 * the block as it is.
 *
 * ```
 * block  ┌─────────────┬───────────┬─────────┬─────────┬ … ┬─────────┬──────┐
 *        │ total bytes │ entries   │ entry   │ entry   │   │ entry   │ 0xFF │   slack
 *        │ u32         │ u16       │         │         │   │         │      │
 *        └─────────────┴───────────┴─────────┴─────────┴ … ┴─────────┴──────┘
 *        0             4           6         └ position of an entry: its byte in the block
 * ```
 *
 * 65,535 entries or more are counted when asked for. The layout of an entry is in
 * listpack_entry.ts.
 *
 * A position is the byte offset of an entry in its block; 0 is no entry. Whatever changes a listpack
 * returns its reference, as the block moves when it grows or shrinks over the edge of a size class.
 * A change keeps the positions before it and moves those behind it. The bytes of an argument must not
 * lie in the same listpack.
 */

import { MAX_INT64_TEXT } from "../numbers/int64.ts";
import { assert } from "../assert.ts";
import { type Arena, ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { compareBytes } from "../bytes/byte_order.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import { decimalLength, mayBeInteger, writeBigInteger, writeInteger } from "../numbers/decimal.ts";
import type { EntryRun } from "./entry_run.ts";
import {
  backlenBytes,
  bodyBytes,
  EntryDraft,
  integerOfEntry,
  isIntegerEntry,
  isStringOf,
  listpackProblem,
  numberOfEntry,
  readBacklen,
  readUint32,
  stringHeaderBytes,
  writeUint32,
} from "./listpack_entry.ts";
import * as listpackEntry from "./listpack_entry.ts";
import { textIs } from "../bytes/text_equality.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { COUNT_UNKNOWN, END, HEADER_BYTES, MAX_LISTPACK_BYTES } = listpackEntry;

const COUNT_AT = 4;
const EMPTY_BYTES = HEADER_BYTES + 1;
/** Runs up to this length are moved without allocating. */
const RUN_BYTES = 256;

/** Operations on the listpacks of an arena; see the top of the file. */
export class Listpack {
  readonly #arena: Arena;
  readonly #draft = new EntryDraft();
  readonly #text = new Uint8Array(MAX_INT64_TEXT);
  readonly #run = new Uint8Array(RUN_BYTES);

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /**
   * A new empty listpack. O(1).
   *
   * @param capacityHint bytes that it may grow to without moving, its header included
   */
  create(capacityHint = 0): Ref {
    const ref = this.#arena.allocate(Math.max(capacityHint, EMPTY_BYTES));
    const bytes = this.#bytes(ref);
    const base = baseOf(ref);
    writeUint32(bytes, base, EMPTY_BYTES);
    bytes[base + COUNT_AT] = 0;
    bytes[base + COUNT_AT + 1] = 0;
    bytes[base + HEADER_BYTES] = END;
    return ref;
  }

  /**
   * A listpack from bytes that come from outside. O(n).
   *
   * @throws {RangeError} when the bytes are not a valid listpack, or more than one
   */
  import(bytes: Uint8Array, start: number, length: number): Ref {
    const problem = listpackProblem(bytes, start, length);
    if (problem !== "") throw new RangeError(problem);
    if (readUint32(bytes, start) !== length) throw new RangeError("bytes behind a listpack's end");
    const ref = this.#arena.allocate(length);
    copyBytes(this.#bytes(ref), baseOf(ref), bytes, start, length);
    return ref;
  }

  #bytes(ref: Ref): Uint8Array {
    return this.#arena.bytes[ref >>> SEGMENT_SHIFT];
  }

  /** Bytes in use, header and end included: what a dump of the listpack holds. O(1). */
  totalBytes(ref: Ref): number {
    return this.#arena.words[ref >>> SEGMENT_SHIFT][(ref & SEGMENT_MASK) << 1];
  }

  /** Number of entries. O(1); O(n) from 65,535 entries on. */
  count(ref: Ref): number {
    const bytes = this.#bytes(ref);
    const base = baseOf(ref);
    const stated = bytes[base + COUNT_AT] | bytes[base + COUNT_AT + 1] << 8;
    if (stated !== COUNT_UNKNOWN) return stated;
    let count = 0;
    for (let at = this.first(ref); at !== 0; at = this.next(ref, at)) count++;
    if (count < COUNT_UNKNOWN) this.#setCount(ref, count);
    return count;
  }

  /** Position of the first entry, 0 in an empty listpack. O(1). */
  first(ref: Ref): number {
    return this.#entryOrNone(ref, HEADER_BYTES);
  }

  /** The position behind the last entry, before which an insertion appends. O(1). */
  end(ref: Ref): number {
    return this.totalBytes(ref) - 1;
  }

  /** Position of the last entry, 0 in an empty listpack. O(1). */
  last(ref: Ref): number {
    return this.previous(ref, this.end(ref));
  }

  /** Position of the entry behind, 0 behind the last. O(1). */
  next(ref: Ref, at: number): number {
    return this.#entryOrNone(ref, this.#endOf(ref, at));
  }

  /** Position of the entry before, 0 before the first. O(1). */
  previous(ref: Ref, at: number): number {
    if (at <= HEADER_BYTES) return 0;
    const body = readBacklen(this.#bytes(ref), baseOf(ref) + at - 1);
    return at - backlenBytes(body) - body;
  }

  /** Position of the entry `entries` further on, of which there must be as many. O(entries). */
  skip(ref: Ref, at: number, entries: number): number {
    const bytes = this.#bytes(ref);
    const base = baseOf(ref);
    let index = base + at;
    for (let i = 0; i < entries; i++) {
      const body = bodyBytes(bytes, index);
      index += body + backlenBytes(body);
    }
    return bytes[index] === END ? 0 : index - base;
  }

  /** Position of the entry with this index, counted from the end where negative (-1 is the last);
   * 0 where there is none. O(n), from the nearer end. */
  seek(ref: Ref, index: number): number {
    const count = this.count(ref);
    const target = index < 0 ? count + index : index;
    if (!(target >= 0 && target < count)) return 0;
    let at: number;
    if (target <= count >> 1) {
      at = this.skip(ref, HEADER_BYTES, target);
    } else {
      at = this.last(ref);
      for (let i = count - 1; i > target; i--) at = this.previous(ref, at);
    }
    return at;
  }

  /**
   * Shows `run` entries of groups of `size` from the one at `at` on, those of a group that the mask
   * `wanted` tells; see {@linkcode EntryRun.scan}. O(groups).
   *
   * @returns position of the entry behind, 0 behind the last
   */
  scanRun(
    ref: Ref,
    at: number,
    most: number,
    size: number,
    wanted: number,
    run: EntryRun,
  ): number {
    const base = baseOf(ref);
    const end = this.end(ref);
    run.scan(this.#arena.bytes[ref >>> SEGMENT_SHIFT], base + at, base + end, most, size, wanted);
    return run.end - base < end ? run.end - base : 0;
  }

  #endOf(ref: Ref, at: number): number {
    const body = bodyBytes(this.#bytes(ref), baseOf(ref) + at);
    return at + body + backlenBytes(body);
  }

  #entryOrNone(ref: Ref, at: number): number {
    return this.#bytes(ref)[baseOf(ref) + at] === END ? 0 : at;
  }

  /** Whether the entry is an integer; else it is a string. O(1). */
  isInteger(ref: Ref, at: number): boolean {
    return isIntegerEntry(this.#bytes(ref), baseOf(ref) + at);
  }

  /** An integer entry's value: a number, or a bigint where no double can hold it. O(1). */
  integerAt(ref: Ref, at: number): number | bigint {
    return integerOfEntry(this.#bytes(ref), baseOf(ref) + at);
  }

  /** An integer entry's value, rounded to a double beyond 2^53; allocates nothing. O(1). */
  numberAt(ref: Ref, at: number): number {
    return numberOfEntry(this.#bytes(ref), baseOf(ref) + at);
  }

  /** Index of a string entry's first byte in the bytes of the block's segment. O(1). */
  stringStart(ref: Ref, at: number): number {
    const index = baseOf(ref) + at;
    return index + stringHeaderBytes(this.#bytes(ref), index);
  }

  /** Length of a string entry, in bytes. O(1). */
  stringLength(ref: Ref, at: number): number {
    const bytes = this.#bytes(ref);
    const index = baseOf(ref) + at;
    return bodyBytes(bytes, index) - stringHeaderBytes(bytes, index);
  }

  /** Length of an entry's text, in bytes, whichever way it is stored. O(1). */
  textLength(ref: Ref, at: number): number {
    if (!this.isInteger(ref, at)) return this.stringLength(ref, at);
    const value = this.integerAt(ref, at);
    return typeof value === "number" ? decimalLength(value) : value.toString().length;
  }

  /** Writes an entry's text, whichever way it is stored, and returns the index behind it. */
  writeText(ref: Ref, at: number, target: Uint8Array, targetAt: number): number {
    if (this.isInteger(ref, at)) {
      const value = this.integerAt(ref, at);
      return typeof value === "number"
        ? writeInteger(target, targetAt, value)
        : writeBigInteger(target, targetAt, value);
    }
    const length = this.stringLength(ref, at);
    copyBytes(target, targetAt, this.#bytes(ref), this.stringStart(ref, at), length);
    return targetAt + length;
  }

  /** Compares an entry's text with a byte string, as {@linkcode compareBytes} does. */
  compare(ref: Ref, at: number, bytes: Uint8Array, start: number, length: number): number {
    if (this.isInteger(ref, at)) {
      const end = this.writeText(ref, at, this.#text, 0);
      return compareBytes(this.#text, 0, end, bytes, start, length);
    }
    const from = this.stringStart(ref, at);
    const own = this.stringLength(ref, at);
    return compareBytes(this.#bytes(ref), from, own, bytes, start, length);
  }

  /**
   * Position of the first entry with this text, 0 if there is none. O(n).
   *
   * @param skip entries to pass over after each that is compared: 1 finds members of (member,
   *   value) pairs only
   * @param from position of the first entry to compare
   */
  find(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    skip = 0,
    from: number = HEADER_BYTES,
  ): number {
    const own = this.#bytes(ref);
    const base = baseOf(ref);
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    const draft = this.#draft;
    const isInteger = draft.setNeedle(bytes, start, length);
    const last = bytes[start + length - 1];
    let skipped = 0;
    for (let at = base + from; own[at] !== END;) {
      const body = bodyBytes(own, at);
      if (skipped > 0) {
        skipped--;
      } else {
        if (isIntegerEntry(own, at)) {
          if (isInteger && draft.hasValueOf(own, at)) return at - base;
        } else {
          const text = at + stringHeaderBytes(own, at);
          // The last byte first: names of one set tend to begin alike.
          if (
            at + body - text === length && (length === 0 || own[text + length - 1] === last) &&
            textIs(words, text, bytes, start, length)
          ) return at - base;
        }
        skipped = skip;
      }
      at += body + backlenBytes(body);
    }
    return 0;
  }

  /** Adds an entry behind the last. O(1), and a copy of the block when it moves. */
  append(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    this.#draft.setText(bytes, start, length);
    return this.#insertDraft(ref, this.end(ref));
  }

  /** Adds an integer within ±2^62 behind the last entry. O(1), and a copy when the block moves. */
  appendInteger(ref: Ref, value: number): Ref {
    this.#draft.setInteger(value);
    return this.#insertDraft(ref, this.end(ref));
  }

  /** Adds an entry before the first. O(n). */
  prepend(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    return this.insertBefore(ref, HEADER_BYTES, bytes, start, length);
  }

  /** Adds an entry, which then is at position `at`, before the one that is there now. O(n). */
  insertBefore(ref: Ref, at: number, bytes: Uint8Array, start: number, length: number): Ref {
    this.#draft.setText(bytes, start, length);
    return this.#insertDraft(ref, at);
  }

  /** Adds an entry behind the one at position `at`, whose next it then is. O(n). */
  insertAfter(ref: Ref, at: number, bytes: Uint8Array, start: number, length: number): Ref {
    this.#draft.setText(bytes, start, length);
    return this.#insertDraft(ref, this.#endOf(ref, at));
  }

  /** Puts another text in the place of an entry, which keeps its position. O(n); O(1) if as long. */
  replace(ref: Ref, at: number, bytes: Uint8Array, start: number, length: number): Ref {
    const own = this.#bytes(ref);
    const index = baseOf(ref) + at;
    if (!mayBeInteger(bytes, start, length) && isStringOf(own, index, length)) {
      copyBytes(own, index + stringHeaderBytes(own, index), bytes, start, length);
      return ref;
    }
    this.#draft.setText(bytes, start, length);
    return this.replaceWith(ref, at, this.#draft);
  }

  /** Puts a drafted entry in the place of one, which keeps its position. O(n); O(1) if as long. */
  replaceWith(ref: Ref, at: number, draft: EntryDraft): Ref {
    const length = this.#endOf(ref, at) - at;
    const isAsLong = length === draft.byteLength;
    const moved = isAsLong ? ref : this.#splice(ref, at, length, draft.byteLength);
    draft.write(this.#bytes(moved), baseOf(moved) + at);
    return moved;
  }

  /**
   * Takes out a run of entries (those that there are); the entry behind them is then at position
   * `at`. O(n).
   */
  remove(ref: Ref, at: number, entries = 1): Ref {
    const bytes = this.#bytes(ref);
    const base = baseOf(ref);
    let end = at;
    let removed = 0;
    for (; removed < entries && bytes[base + end] !== END; removed++) end = this.#endOf(ref, end);
    if (removed === 0) return ref;
    this.#addToCount(ref, -removed);
    this.#shift(ref, at, end - at, 0);
    return this.#trim(ref);
  }

  #insertDraft(ref: Ref, at: number): Ref {
    const moved = this.#splice(ref, at, 0, this.#draft.byteLength);
    this.#draft.write(this.#bytes(moved), baseOf(moved) + at);
    this.#addToCount(moved, 1);
    return moved;
  }

  /**
   * Adds two entries, such as a field and its value, at position `at`: both, or on an error
   * neither. O(n).
   */
  insertPair(ref: Ref, at: number, first: EntryDraft, second: EntryDraft): Ref {
    const moved = this.#splice(ref, at, 0, first.byteLength + second.byteLength);
    const bytes = this.#bytes(moved);
    second.write(bytes, first.write(bytes, baseOf(moved) + at));
    this.#addToCount(moved, 2);
    return moved;
  }

  /** As {@linkcode insertPair}, three: a field, its value and its deadline. O(n). */
  insertTriple(
    ref: Ref,
    at: number,
    first: EntryDraft,
    second: EntryDraft,
    third: EntryDraft,
  ): Ref {
    const inserted = first.byteLength + second.byteLength + third.byteLength;
    const moved = this.#splice(ref, at, 0, inserted);
    const bytes = this.#bytes(moved);
    third.write(bytes, second.write(bytes, first.write(bytes, baseOf(moved) + at)));
    this.#addToCount(moved, 3);
    return moved;
  }

  /**
   * Moves a run of entries before the entry at position `before`, or behind the last where that is
   * {@linkcode end}. The block stays the same. O(n).
   */
  move(ref: Ref, at: number, entries: number, before: number): void {
    const bytes = this.#bytes(ref);
    const base = baseOf(ref);
    let runEnd = at;
    for (let i = 0; i < entries; i++) runEnd = this.#endOf(ref, runEnd);
    if (before >= at && before <= runEnd) return;
    const length = runEnd - at;
    let run = this.#run;
    if (length > run.length) run = new Uint8Array(length);
    copyBytes(run, 0, bytes, base + at, length);
    if (before < at) {
      bytes.copyWithin(base + before + length, base + before, base + at);
      copyBytes(bytes, base + before, run, 0, length);
    } else {
      bytes.copyWithin(base + at, base + runEnd, base + before);
      copyBytes(bytes, base + before - length, run, 0, length);
    }
  }

  /** Makes the bytes at `at` as many as `inserted` instead of `removed`; their contents are open. */
  #splice(ref: Ref, at: number, removed: number, inserted: number): Ref {
    const total = this.totalBytes(ref);
    const newTotal = total - removed + inserted;
    if (newTotal > MAX_LISTPACK_BYTES) {
      throw new ArenaFullError(`a listpack of ${newTotal} bytes is over ${MAX_LISTPACK_BYTES}`);
    }
    if (newTotal > this.#arena.capacity(ref)) ref = this.#arena.resize(ref, newTotal);
    this.#shift(ref, at, removed, inserted);
    return newTotal < total ? this.#trim(ref) : ref;
  }

  /** As #splice, within a block that has the room. */
  #shift(ref: Ref, at: number, removed: number, inserted: number): void {
    const bytes = this.#bytes(ref);
    const base = baseOf(ref);
    const total = readUint32(bytes, base);
    const newTotal = total - removed + inserted;
    if (at + removed === total - 1) bytes[base + newTotal - 1] = END;
    else bytes.copyWithin(base + at + inserted, base + at + removed, base + total);
    writeUint32(bytes, base, newTotal);
  }

  /** Gives back what a smaller block would not need. A full arena leaves the block as it is. O(n). */
  #trim(ref: Ref): Ref {
    try {
      return this.#arena.resize(ref, this.totalBytes(ref));
    } catch (error) {
      if (error instanceof ArenaFullError) return ref;
      throw error;
    }
  }

  #addToCount(ref: Ref, change: number): void {
    const bytes = this.#bytes(ref);
    const at = baseOf(ref) + COUNT_AT;
    const stated = bytes[at] | bytes[at + 1] << 8;
    if (stated !== COUNT_UNKNOWN) this.#setCount(ref, Math.min(stated + change, COUNT_UNKNOWN));
  }

  #setCount(ref: Ref, count: number): void {
    const bytes = this.#bytes(ref);
    const at = baseOf(ref) + COUNT_AT;
    bytes[at] = count;
    bytes[at + 1] = count >> 8;
  }

  /**
   * Checks a whole block as if it came from outside: its size, every entry, the count. O(n).
   *
   * @throws {AssertionError} saying what is wrong
   */
  verify(ref: Ref): void {
    const problem = listpackProblem(this.#bytes(ref), baseOf(ref), this.#arena.capacity(ref));
    assert(problem === "", problem);
  }
}

/** Index of a block's first byte in the bytes of its segment. */
function baseOf(ref: Ref): number {
  return (ref & SEGMENT_MASK) << 3;
}
