/**
 * The intset: a set of integers as one sorted block, all of them as wide as the widest.
 *
 * ```
 * block   ┌───────────┬───────────┬─────────┬─────────┬ … ┬─────────┐
 *         │ width u32 │ count u32 │ integer │ integer │   │ integer │   slack
 *         │ 2, 4 or 8 │           │         │         │   │         │
 *         └───────────┴───────────┴─────────┴─────────┴ … ┴─────────┘
 *         0           4           8         8 + width
 * ```
 *
 * Everything is little-endian: the byte format that Redis documents, in which dumps and RDB files
 * carry such sets. An integer that is wider than all others widens the block; it is never narrowed.
 * An integer is looked at as two halves of 32 bits, so that all 64 are compared without a BigInt.
 *
 * A member is the canonical text of a signed 64-bit integer, so text comes back as it was. A
 * position is the integer's index plus one.
 */

import { MAX_INT64_TEXT } from "../numbers/int64.ts";
import { assert } from "../assert.ts";
import { type Arena, ArenaFullError, type Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import { decimalLength, writeBigInteger, writeInteger } from "../numbers/decimal.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import { EntryDraft, readUint32, writeUint32 } from "../listpack/listpack_entry.ts";
import { type MemberOperations, type RandomInt, scanAll } from "./member_operations.ts";
import type { RefList } from "./ref_list.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

const COUNT_AT = 4;
const HEADER_BYTES = 8;
const TWO_32 = 2 ** 32;

/** Bound on the integers of one set, whose block then is one that the arena can make. */
export const MAX_INTSET_ENTRIES = 2 ** 27;

/** Operations on the intsets of an arena; see the top of the file. */
export class Intset implements MemberOperations {
  readonly #arena: Arena;
  /** The integer that was last looked for. */
  readonly #sought = new EntryDraft();
  /** Where it would have to be inserted: an index, in the set where it is not. */
  #gap = 0;
  #soughtIn: Ref = NONE;
  /** Halves of the integer read last. */
  #low = 0;
  #high = 0;
  readonly #text = new Uint8Array(MAX_INT64_TEXT);

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** A new empty set. O(1). @throws {ArenaFullError} */
  create(): Ref {
    const ref = this.#arena.allocate(HEADER_BYTES);
    this.#setHeader(ref, 2, 0);
    return ref;
  }

  #bytes(ref: Ref): Uint8Array {
    return this.#arena.bytes[ref >>> SEGMENT_SHIFT];
  }

  #setHeader(ref: Ref, width: number, count: number): void {
    const bytes = this.#bytes(ref);
    writeUint32(bytes, baseOf(ref), width);
    writeUint32(bytes, baseOf(ref) + COUNT_AT, count);
  }

  /** Bytes of each integer: 2, 4 or 8. O(1). */
  width(ref: Ref): number {
    return this.#bytes(ref)[baseOf(ref)];
  }

  count(ref: Ref): number {
    return readUint32(this.#bytes(ref), baseOf(ref) + COUNT_AT);
  }

  /** Bytes in use: what a dump of the set holds. O(1). */
  totalBytes(ref: Ref): number {
    return HEADER_BYTES + this.count(ref) * this.width(ref);
  }

  /** Whether the bytes are an integer's text, so that an intset can hold it. O(length). */
  isInteger(bytes: Uint8Array, start: number, length: number): boolean {
    return this.#sought.setNeedle(bytes, start, length);
  }

  /** Whether what the last `find` looked for is an integer. */
  get soughtInteger(): boolean {
    return this.#sought.isInteger;
  }

  first(ref: Ref): number {
    return this.count(ref) === 0 ? 0 : 1;
  }

  next(ref: Ref, position: number): number {
    return position < this.count(ref) ? position + 1 : 0;
  }

  skip(_ref: Ref, position: number, members: number): number {
    return position + members;
  }

  scanRun(_ref: Ref, position: number, _parts: number, _most: number, run: EntryRun): number {
    run.clear();
    return position;
  }

  random(ref: Ref, randomInt: RandomInt): number {
    const count = this.count(ref);
    return count === 0 ? 0 : randomInt(count) + 1;
  }

  find(ref: Ref, bytes: Uint8Array, start: number, length: number): number {
    const sought = this.#sought;
    if (!sought.setNeedle(bytes, start, length)) return 0;
    const { low, high } = sought;
    const width = this.width(ref);
    const count = this.count(ref);
    let from = 0;
    let to = count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const isBelow = this.#isBelow(ref, middle, width, low, high);
      if (this.#high === high && this.#low === low) return middle + 1;
      if (isBelow) from = middle + 1;
      else to = middle;
    }
    this.#gap = from;
    this.#soughtIn = ref;
    return 0;
  }

  /** Reads the integer at an index into the two halves. */
  #read(ref: Ref, index: number, width: number): void {
    const at = baseOf(ref) + HEADER_BYTES + index * width;
    if (width === 2) {
      const bytes = this.#bytes(ref);
      this.#low = (bytes[at] | bytes[at + 1] << 8) << 16 >> 16;
      this.#high = this.#low >> 31;
      return;
    }
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    this.#low = words[at >>> 2];
    this.#high = width === 4 ? this.#low >> 31 : words[(at >>> 2) + 1];
  }

  /** The integer read last, rounded to a double beyond 2^53. */
  #number(): number {
    return this.#high * TWO_32 + (this.#low >>> 0);
  }

  /** The integer read last. */
  #exact(): bigint {
    return BigInt(this.#high) << 32n | BigInt(this.#low >>> 0);
  }

  #write(ref: Ref, index: number, width: number, low: number, high: number): void {
    const at = baseOf(ref) + HEADER_BYTES + index * width;
    if (width === 2) {
      const bytes = this.#bytes(ref);
      bytes[at] = low;
      bytes[at + 1] = low >> 8;
      return;
    }
    const words = this.#arena.words[ref >>> SEGMENT_SHIFT];
    words[at >>> 2] = low;
    if (width === 8) words[(at >>> 2) + 1] = high;
  }

  /** Reads `count` integers from an index on, in halves of 32 bits, to `at` and behind. O(count). */
  readIntegers(
    ref: Ref,
    index: number,
    count: number,
    lows: Int32Array,
    highs: Int32Array,
    at: number,
  ): void {
    const width = this.width(ref);
    for (let i = 0; i < count; i++) {
      this.#read(ref, index + i, width);
      lows[at + i] = this.#low;
      highs[at + i] = this.#high;
    }
  }

  /**
   * Sets the position of each of `count` integers that rise from one to the next, 0 where it is not in
   * the set. From where one was, or would be, the next is sought in steps that double: O(count) where
   * they lie close, O(count × log n) at the most.
   */
  findRising(
    ref: Ref,
    lows: Int32Array,
    highs: Int32Array,
    count: number,
    found: Int32Array,
  ): void {
    const width = this.width(ref);
    const end = this.count(ref);
    let from = 0;
    for (let i = 0; i < count; i++) {
      const low = lows[i];
      const high = highs[i];
      let to = from;
      for (let step = 1; to < end && this.#isBelow(ref, to, width, low, high); step *= 2) {
        from = to + 1;
        to = from + step;
      }
      if (to > end) to = end;
      while (from < to) {
        const middle = (from + to) >>> 1;
        if (this.#isBelow(ref, middle, width, low, high)) from = middle + 1;
        else to = middle;
      }
      found[i] = 0;
      if (from === end) continue;
      this.#read(ref, from, width);
      if (this.#low === low && this.#high === high) found[i] = from + 1;
    }
  }

  /**
   * Adds those of `count` integers, which rise from one to the next, that are not in the set. O(n).
   *
   * @param found what {@linkcode Intset.findRising} has told of them
   * @param added how many of them are not there
   * @throws {ArenaFullError} the set is then as before
   */
  addRising(
    ref: Ref,
    lows: Int32Array,
    highs: Int32Array,
    count: number,
    found: Int32Array,
    added: number,
  ): Ref {
    const oldWidth = this.width(ref);
    let width = oldWidth;
    for (let i = 0; i < count; i++) width = Math.max(width, widthOf(lows[i], highs[i]));
    const oldCount = this.count(ref);
    assert(oldCount + added <= MAX_INTSET_ENTRIES, "an intset that is too long");
    const moved = this.#reserve(ref, HEADER_BYTES + (oldCount + added) * width);
    this.#soughtIn = NONE;
    // From the highest down, so that nothing is overwritten that is still to be moved.
    let old = oldCount - 1;
    let to = oldCount + added - 1;
    for (let i = count - 1; i >= 0; i--) {
      if (found[i] !== 0) continue;
      for (; old >= 0 && !this.#isBelow(moved, old, oldWidth, lows[i], highs[i]); old--) {
        this.#write(moved, to--, width, this.#low, this.#high);
      }
      this.#write(moved, to--, width, lows[i], highs[i]);
    }
    for (; width !== oldWidth && old >= 0; old--) {
      this.#read(moved, old, oldWidth);
      this.#write(moved, to--, width, this.#low, this.#high);
    }
    this.#setHeader(moved, width, oldCount + added);
    return moved;
  }

  /** Whether the integer at an index is less than another. */
  #isBelow(ref: Ref, index: number, width: number, low: number, high: number): boolean {
    this.#read(ref, index, width);
    return this.#high < high || (this.#high === high && this.#low >>> 0 < low >>> 0);
  }

  readMember(ref: Ref, position: number, view: ByteView): void {
    this.#read(ref, position - 1, this.width(ref));
    view.bytes = this.#text;
    view.start = 0;
    const value = this.#number();
    view.length = Number.isSafeInteger(value)
      ? writeInteger(this.#text, 0, value)
      : writeBigInteger(this.#text, 0, this.#exact());
  }

  /** Length of the longest member's text; 0 for an empty set. O(1). */
  longestTextBytes(ref: Ref): number {
    const count = this.count(ref);
    return count === 0 ? 0 : Math.max(this.#textBytes(ref, 0), this.#textBytes(ref, count - 1));
  }

  #textBytes(ref: Ref, index: number): number {
    this.#read(ref, index, this.width(ref));
    const value = this.#number();
    return Number.isSafeInteger(value) ? decimalLength(value) : String(this.#exact()).length;
  }

  /** Adds the integer that the last `find`, in this set, has not found. O(n). */
  insertSought(ref: Ref): Ref {
    const { low, high } = this.#sought;
    const count = this.count(ref);
    const width = this.width(ref);
    const needed = widthOf(low, high);
    assert(count < MAX_INTSET_ENTRIES, "an intset that is too long");
    assert(ref === this.#soughtIn, "an integer that was looked for elsewhere");
    this.#soughtIn = NONE; // it is there now, unless this throws
    if (needed > width) return this.#insertWider(ref, needed);
    const moved = this.#reserve(ref, HEADER_BYTES + (count + 1) * width);
    const bytes = this.#bytes(moved);
    const data = baseOf(moved) + HEADER_BYTES;
    const at = data + this.#gap * width;
    bytes.copyWithin(at + width, at, data + count * width);
    this.#write(moved, this.#gap, width, low, high);
    this.#setHeader(moved, width, count + 1);
    return moved;
  }

  /** What is wider than all others is below all of them or above. */
  #insertWider(ref: Ref, width: number): Ref {
    const { low, high } = this.#sought;
    const count = this.count(ref);
    const oldWidth = this.width(ref);
    const shift = high < 0 ? 1 : 0;
    const moved = this.#reserve(ref, HEADER_BYTES + (count + 1) * width);
    for (let i = count - 1; i >= 0; i--) {
      this.#read(moved, i, oldWidth);
      this.#write(moved, i + shift, width, this.#low, this.#high);
    }
    this.#write(moved, shift === 1 ? 0 : count, width, low, high);
    this.#setHeader(moved, width, count + 1);
    return moved;
  }

  #reserve(ref: Ref, byteLength: number): Ref {
    return byteLength > this.#arena.capacity(ref) ? this.#arena.resize(ref, byteLength) : ref;
  }

  remove(ref: Ref, position: number): Ref {
    const width = this.width(ref);
    const count = this.count(ref);
    const data = baseOf(ref) + HEADER_BYTES;
    this.#soughtIn = NONE;
    this.#bytes(ref).copyWithin(
      data + (position - 1) * width,
      data + position * width,
      data + count * width,
    );
    this.#setHeader(ref, width, count - 1);
    try {
      return this.#arena.resize(ref, HEADER_BYTES + (count - 1) * width);
    } catch (error) {
      // A full arena leaves the block larger than it needs to be.
      if (error instanceof ArenaFullError) return ref;
      throw error;
    }
  }

  scan(ref: Ref, _cursor: number, found: RefList): number {
    return scanAll(this, ref, found);
  }

  destroy(ref: Ref): void {
    this.#arena.free(ref);
  }

  memoryBytes(ref: Ref): number {
    return this.#arena.capacity(ref);
  }

  verify(ref: Ref): void {
    const width = this.width(ref);
    assert([2, 4, 8].includes(readUint32(this.#bytes(ref), baseOf(ref))), "a width there is not");
    assert(this.totalBytes(ref) <= this.#arena.capacity(ref), "an intset longer than its block");
    let previous = -(2n ** 63n) - 1n;
    for (let i = 0; i < this.count(ref); i++) {
      this.#read(ref, i, width);
      const value = this.#exact();
      assert(value > previous, "integers out of order");
      previous = value;
    }
  }
}

/** Bytes that an integer of these halves needs. */
function widthOf(low: number, high: number): number {
  if (high !== low >> 31) return 8;
  return low === low << 16 >> 16 ? 2 : 4;
}

/** Index of a block's first byte in the bytes of its segment. */
function baseOf(ref: Ref): number {
  return (ref & SEGMENT_MASK) << 3;
}

/**
 * Checks bytes that come from outside: that they are a set of this format with at least one integer,
 * sorted and none twice. O(n).
 *
 * @returns what is wrong, or "" for a valid set
 */
export function intsetProblem(bytes: Uint8Array, start: number, length: number): string {
  if (length < HEADER_BYTES) return "an intset shorter than its header";
  const width = readUint32(bytes, start);
  if (width !== 2 && width !== 4 && width !== 8) return "an intset of a width there is not";
  const count = readUint32(bytes, start + COUNT_AT);
  if (HEADER_BYTES + count * width !== length) return "an intset of another length than stated";
  if (count === 0) return "an empty intset";
  let lastHigh = 0;
  let lastLow = 0;
  for (let i = 0; i < count; i++) {
    const at = start + HEADER_BYTES + i * width;
    const low = width === 2
      ? (bytes[at] | bytes[at + 1] << 8) << 16 >> 16
      : readUint32(bytes, at) | 0;
    const high = width === 8 ? readUint32(bytes, at + 4) | 0 : low >> 31;
    const isAbove = high > lastHigh || (high === lastHigh && low >>> 0 > lastLow >>> 0);
    if (i > 0 && !isAbove) return "an intset out of order";
    lastHigh = high;
    lastLow = low;
  }
  return "";
}
