/**
 * Texts that are to be sorted: copies, one behind the other, known by their numbers from 0 on.
 *
 * ```
 * places    ┌─ 0 ─┬─ 1 ─┬─ 2 ─┬─ …       where a text begins: chunk × CHUNK_BYTES + offset
 * lengths   ├─────┼─────┼─────┼─ …       its bytes, or MISSING
 *           └──┬──┴──┬──┴─────┴─ …
 *              ▼     ▼
 * chunks    ┌─────┬────────┬─────┬──  ──┐ ┌──────────────┐
 *           │ t 0 │ text 1 │ t 2 │      │ │              │   a text that is longer than a chunk
 *           └─────┴────────┴─────┴──  ──┘ └──────────────┘   has one of its own
 * ```
 *
 * They are compared by their bytes as unsigned numbers, a text that is the beginning of another
 * first. Many are sorted by {@linkcode TextTable.weight}: six bytes and how many there are make a
 * number that a double holds, and most texts differ within a few times six bytes.
 *
 * ```
 *   weight   ┌────────────────────────────────┬───┐      n: bytes left, 7 for "more than six"
 *            │ six bytes from `depth` on      │ n │      so equal weights with n < 7 are equal texts
 *            └────────────────────────────────┴───┘
 *            51 bits
 * ```
 */

import { type Bytes, withView } from "../bytes/bytes.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";

const CHUNK_BYTES = 1024 * 1024;
/** A table of few texts has a chunk of its own that it keeps. */
const KEPT_CHUNK_BYTES = 16 * 1024;
/** Texts whose places a table keeps room for. */
const KEPT_TEXTS = 1024;

/** The length of what is no text. */
const MISSING = -1;
/** Its weight: below any text's. */
const MISSING_WEIGHT = -1;

/** Bytes that a weight tells apart. */
export const WEIGHT_BYTES = 6;
const TWO_24 = 2 ** 24;
/** Number of bytes left that stands for all above {@linkcode WEIGHT_BYTES}. */
const MORE = 7;
const COUNTS = 8;

/** See the top of the file. */
export class TextTable {
  /** Whether texts are compared up to their first NUL only, as C's functions do. */
  endsAtNul = false;
  readonly #keptPlaces = new Float64Array(KEPT_TEXTS);
  readonly #keptLengths = new Int32Array(KEPT_TEXTS);
  readonly #keptChunk: Bytes = withView(new Uint8Array(KEPT_CHUNK_BYTES));
  readonly #view = emptyView();
  #places = this.#keptPlaces;
  #lengths = this.#keptLengths;
  readonly #chunks: Bytes[] = [];
  #chunk: Bytes = this.#keptChunk;
  /** Offset behind the last text in the newest chunk, and where that begins among all. */
  #tail = 0;
  #base = 0;
  #count = 0;

  /** Empties the table. @param capacity most texts to come  @throws {RangeError} no memory for them */
  begin(capacity: number): void {
    this.clear();
    if (capacity > KEPT_TEXTS) {
      this.#places = new Float64Array(capacity);
      this.#lengths = new Int32Array(capacity);
    }
    this.#chunks.push(this.#keptChunk);
  }

  /** Empties the table, and gives back what many or long texts took. */
  clear(): void {
    this.#places = this.#keptPlaces;
    this.#lengths = this.#keptLengths;
    this.#chunks.length = 0;
    this.#chunk = this.#keptChunk;
    this.#tail = 0;
    this.#base = 0;
    this.#count = 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a copy of a text. O(length). @throws {RangeError} no memory */
  add(bytes: Uint8Array, start: number, length: number): void {
    if (length > this.#chunk.length - this.#tail) this.#nextChunk(length);
    copyBytes(this.#chunk, this.#tail, bytes, start, length);
    this.#places[this.#count] = this.#base + this.#tail;
    this.#lengths[this.#count++] = length;
    this.#tail += length;
  }

  /** Adds what is no text, and comes before all of them. */
  addMissing(): void {
    this.#lengths[this.#count++] = MISSING;
  }

  #nextChunk(length: number): void {
    this.#chunk = withView(new Uint8Array(Math.max(length, CHUNK_BYTES)));
    this.#base = this.#chunks.length * CHUNK_BYTES;
    this.#chunks.push(this.#chunk);
    this.#tail = 0;
  }

  /** A text, in the same view at every call; its length is negative where it is none. O(1). */
  see(text: number): ByteView {
    const view = this.#view;
    const place = this.#places[text];
    const chunk = Math.floor(place / CHUNK_BYTES);
    view.bytes = this.#chunks[chunk];
    view.start = place - chunk * CHUNK_BYTES;
    view.length = this.#lengths[text];
    return view;
  }

  /** What a text counts from byte `depth` on, at most its length; see the top of the file. O(1). */
  weight(text: number, depth: number): number {
    const length = this.#lengths[text];
    if (length === MISSING) return MISSING_WEIGHT;
    const place = this.#places[text];
    const chunk = Math.floor(place / CHUNK_BYTES);
    const bytes = this.#chunks[chunk];
    const left = length - depth;
    const at = place - chunk * CHUNK_BYTES + depth;
    let high = 0;
    let low = 0;
    if (left >= WEIGHT_BYTES && !this.endsAtNul) {
      high = bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2];
      low = bytes[at + 3] << 16 | bytes[at + 4] << 8 | bytes[at + 5];
      return (high * TWO_24 + low) * COUNTS + (left > WEIGHT_BYTES ? MORE : left);
    }
    let count = 0;
    for (; count < WEIGHT_BYTES && count < left; count++) {
      const byte = bytes[at + count];
      if (byte === 0 && this.endsAtNul) break;
      if (count < 3) high |= byte << 16 - 8 * count;
      else low |= byte << 40 - 8 * count;
    }
    if (count === WEIGHT_BYTES && left > count && !(this.endsAtNul && bytes[at + count] === 0)) {
      count = MORE;
    }
    return (high * TWO_24 + low) * COUNTS + count;
  }

  /** Whether a text has bytes behind those that its weight at `depth` tells of. O(1). */
  goesOn(text: number, depth: number): boolean {
    return this.weight(text, depth) % COUNTS === MORE;
  }

  /** As of `a - b`, from byte `depth` on, before which both are equal. O(length). */
  compare(a: number, b: number, depth: number): number {
    const aLength = this.#lengths[a];
    const bLength = this.#lengths[b];
    if (aLength === MISSING || bLength === MISSING) return aLength - bLength;
    const { bytes: aBytes, start: aStart } = this.see(a);
    const { bytes: bBytes, start: bStart } = this.see(b);
    const both = aLength < bLength ? aLength : bLength;
    for (let i = depth; i < both; i++) {
      const aByte = aBytes[aStart + i];
      const difference = aByte - bBytes[bStart + i];
      if (difference !== 0) return difference;
      if (aByte === 0 && this.endsAtNul) return 0;
    }
    if (!this.endsAtNul) return aLength - bLength;
    const aEnds = aLength === both || aBytes[aStart + both] === 0;
    const bEnds = bLength === both || bBytes[bStart + both] === 0;
    return aEnds ? (bEnds ? 0 : -1) : 1;
  }
}
