/**
 * The longest common subsequence of two byte strings, found a word of columns at a time.
 *
 * The table of the textbook has a row for each byte of `a` and a column for each of `b`; a cell
 * holds the length of the longest common subsequence of what is above and left of it. Along a row
 * that length stays or grows by one, so one bit a cell tells the row, and a whole word of such bits
 * follows from the row above by an addition, whose carry runs on to the next word:
 *
 * ```
 *          b  m y n e w t e x t             bits of a row   0 where the length grows
 *   a  o      0 0 0 0 0 0 0 0 0             masks           for each byte: where b has it
 *      h      0 0 0 0 0 0 0 0 0
 *      m      1 1 1 1 1 1 1 1 1   0 1 1 …   u = row & mask
 *      y      1 2 2 2 2 2 2 2 2   0 0 1 …   next row = (row + u) | (row & ~mask)
 * ```
 *
 * So 32 cells are a few instructions, and the rows that the way back needs take a bit a cell.
 *
 * The method is that of M. Crochemore, C. Iliopoulos, Y. Pinzon, J. Reid, "A fast and practical
 * bit-vector algorithm for the longest common subsequence problem" (2001), and H. Hyyrö,
 * "Bit-parallel LCS-length computation revisited" (2004).
 */

import { type ByteView, emptyView } from "./byte_view.ts";

/** What is told of each run of equal bytes, both of whose strings' ends are inclusive. */
export type RunVisitor = (aFirst: number, aLast: number, bFirst: number, bLast: number) => void;

const BYTE_VALUES = 256;
const WORD_BITS = 32;
const NOT_THERE = -1;

/** So many words are set in a loop. */
const MAX_LOOP_WORDS = 64;
/** Words for which there is always room, of rows and of masks. */
const KEPT_WORDS = 16 * 1024;
const keptRows = new Int32Array(KEPT_WORDS);
const keptMasks = new Int32Array(KEPT_WORDS);
const keptBytes = new Uint8Array(KEPT_WORDS);
/** Which mask belongs to a byte. */
const places = new Int16Array(BYTE_VALUES).fill(NOT_THERE);

const NOTHING = emptyView();

/** See the top of the file. One object serves pair after pair of strings; there is one in use at a time. */
export class CommonSubsequence {
  /** Of the longest common subsequence, in bytes. */
  length = 0;
  #a = NOTHING;
  #b = NOTHING;
  /** Words of a row. */
  #words = 0;
  /** Row by row, if they are kept; else the last. */
  #rows = keptRows;

  /**
   * Finds the length for two strings, which stay as they are as long as anything is asked of them.
   * O(a × b / 32) time; memory is as many bits at most for the rows, where they are kept, and for the
   * masks.
   *
   * @param keepsRows whether the bytes, or where they are, will be asked for
   * @throws {RangeError} there is no memory for the rows
   */
  find(a: ByteView, b: ByteView, keepsRows: boolean): void {
    this.#a = a;
    this.#b = b;
    this.#words = Math.ceil(b.length / WORD_BITS);
    this.length = 0;
    if (a.length === 0 || b.length === 0) return;
    const words = this.#words * (keepsRows ? a.length : 1);
    this.#rows = words <= KEPT_WORDS ? keptRows : new Int32Array(words);
    try {
      this.length = this.#countIn(this.#fill(keepsRows));
    } finally {
      for (let i = 0; i < a.length; i++) places[a.bytes[a.start + i]] = NOT_THERE;
    }
  }

  /** Lets go of the strings, and of the memory that long ones take. */
  forget(): void {
    this.#a = NOTHING;
    this.#b = NOTHING;
    this.#rows = keptRows;
  }

  /** @returns where the last row begins */
  #fill(keepsRows: boolean): number {
    const rows = this.#rows;
    const words = this.#words;
    const { bytes, start, length } = this.#a;
    const masks = this.#masks();
    // Above the first row all lengths are 0, so nothing grows.
    let above = 0;
    fillWords(rows, -1, words);
    for (let i = 0; i < length; i++) {
      const row = keepsRows ? i * words : 0;
      nextRow(rows, above, row, masks, places[bytes[start + i]] * words, words);
      above = row;
    }
    return above;
  }

  /** For each byte of `a` a row of bits: where `b` has it. Their places are noted by byte. */
  #masks(): Int32Array {
    const a = this.#a;
    const b = this.#b;
    let count = 0;
    for (let i = 0; i < a.length && count < BYTE_VALUES; i++) {
      const byte = a.bytes[a.start + i];
      if (places[byte] === NOT_THERE) places[byte] = count++;
    }
    const words = this.#words;
    const size = count * words;
    const masks = size <= KEPT_WORDS ? keptMasks : new Int32Array(size);
    if (masks === keptMasks) fillWords(masks, 0, size);
    for (let j = 0; j < b.length; j++) {
      const place = places[b.bytes[b.start + j]];
      if (place !== NOT_THERE) masks[place * words + (j >>> 5)] |= 1 << (j & 31);
    }
    return masks;
  }

  /** How often the length grows along a row. */
  #countIn(row: number): number {
    const rows = this.#rows;
    let count = 0;
    for (let j = 0; j < this.#b.length; j++) {
      if ((rows[row + (j >>> 5)] & (1 << (j & 31))) === 0) count++;
    }
    return count;
  }

  /**
   * The bytes of the subsequence that Redis takes, of those that are longest: from the ends of both
   * strings it goes back over bytes that are equal, and where they differ, back in `a` if that alone
   * loses nothing, else in `b`. O(a + b).
   *
   * @param visit is told of its runs, the last one first
   * @returns an array that begins with them; it is used again for others
   */
  trace(visit?: RunVisitor): Uint8Array {
    const found = this.length <= keptBytes.length ? keptBytes : new Uint8Array(this.length);
    const { bytes, start, length } = this.#a;
    const b = this.#b;
    let left = this.length;
    let i = length;
    let j = b.length;
    let run = 0;
    while (i > 0 && j > 0) {
      const byte = bytes[start + i - 1];
      if (byte === b.bytes[b.start + j - 1]) {
        found[--left] = byte;
        run++;
        i--;
        j--;
        continue;
      }
      if (run > 0) visit?.(i, i + run - 1, j, j + run - 1);
      run = 0;
      if (this.#grows(i - 1, j - 1)) i--;
      else j--;
    }
    if (run > 0) visit?.(i, i + run - 1, j, j + run - 1);
    return found;
  }

  /** Whether the length of a row grows at a column. */
  #grows(i: number, j: number): boolean {
    return (this.#rows[i * this.#words + (j >>> 5)] & (1 << (j & 31))) === 0;
  }
}

/** Sets the first `count` words. What fills an array takes longer to begin than to fill a few. */
function fillWords(words: Int32Array, value: number, count: number): void {
  if (count > MAX_LOOP_WORDS) words.fill(value, 0, count);
  else for (let i = 0; i < count; i++) words[i] = value;
}

/** Writes the row that follows from the one at `above` and a mask; the two may be the same. */
function nextRow(
  rows: Int32Array,
  above: number,
  row: number,
  masks: Int32Array,
  mask: number,
  words: number,
): void {
  let carry = 0;
  for (let w = 0; w < words; w++) {
    const old = rows[above + w];
    const rest = old & ~masks[mask + w];
    const hits = old ^ rest;
    const sum = (old + hits + carry) | 0;
    // Of the bits added, those of `hits` are in `old` too.
    carry = (hits | (old & ~sum)) >>> 31;
    rows[row + w] = sum | rest;
  }
}
