/**
 * Some members of a set or a sorted set, a hundred at a time: what set algebra works on. Each step is
 * taken with all of a batch before the next, so that waits for memory overlap.
 *
 * ```
 *   fill ──▶ │ m │ m │ m │ m │ … │   places of the bytes, positions in the source, scores
 *   hash ──▶ │ h │ h │ h │ h │ … │   once, for however many tables they are looked up in
 *   keep ──▶ │ m │   │ m │ … │       those stay that another has, or has not
 * ```
 *
 * The bytes of a member stay where they are. Only the text of an integer that is stored as one is
 * written down, and only when it is asked for: two intsets compare integers.
 */

import type { Arena } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import { withView } from "../bytes/bytes.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { writeBigInteger, writeInteger } from "../numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../numbers/int64.ts";

/** Members of a batch: as many as a listpack usually holds at the most. */
export const BATCH_MEMBERS = 128;

/** In place of a segment: the bytes are in the batch's own text. */
export const IN_TEXT = -1;

const TWO_32 = 2 ** 32;

/** See the top of the file. */
export class MemberBatch {
  count = 0;
  /** Where each is in its source; see member_source.ts. */
  readonly positions: Int32Array = new Int32Array(BATCH_MEMBERS);
  /** The scores that the source gives them, or what they have become. */
  readonly scores: Float64Array = new Float64Array(BATCH_MEMBERS);
  /** The arena's segment that has the bytes, or {@linkcode IN_TEXT}. */
  readonly segments: Int32Array = new Int32Array(BATCH_MEMBERS);
  readonly starts: Int32Array = new Int32Array(BATCH_MEMBERS);
  readonly lengths: Int32Array = new Int32Array(BATCH_MEMBERS);
  /** Whether all are integers, in halves of 32 bits, and may not have a text yet. */
  holdsIntegers = false;
  readonly lows: Int32Array = new Int32Array(BATCH_MEMBERS);
  readonly highs: Int32Array = new Int32Array(BATCH_MEMBERS);
  readonly #arena: Arena;
  readonly #hasher: KeyHasher;
  readonly #hashes = new Int32Array(BATCH_MEMBERS);
  readonly #text: Uint8Array = withView(new Uint8Array(BATCH_MEMBERS * MAX_INT64_TEXT));
  #hasText = false;
  #isHashed = false;

  constructor(arena: Arena, hasher: KeyHasher) {
    this.#arena = arena;
    this.#hasher = hasher;
  }

  /** Empties the batch. */
  begin(holdsIntegers: boolean): void {
    this.count = 0;
    this.holdsIntegers = holdsIntegers;
    this.#hasText = !holdsIntegers;
    this.#isHashed = false;
  }

  /** Adds a member whose bytes stay where they are. */
  add(position: number, score: number, segment: number, start: number, length: number): void {
    const i = this.count++;
    this.positions[i] = position;
    this.scores[i] = score;
    this.segments[i] = segment;
    this.starts[i] = start;
    this.lengths[i] = length;
  }

  /** Adds a member whose bytes, an integer's text, are about to be overwritten. */
  addText(position: number, score: number, view: ByteView): void {
    const { bytes, start, length } = view;
    const at = this.count * MAX_INT64_TEXT;
    for (let i = 0; i < length; i++) this.#text[at + i] = bytes[start + i];
    this.add(position, score, IN_TEXT, at, length);
  }

  /** The array that holds the bytes of member `i`. */
  bytesOf(i: number): Uint8Array {
    const segment = this.segments[i];
    return segment === IN_TEXT ? this.#text : this.#arena.bytes[segment];
  }

  /** Sees to it that all members have bytes. O(members). */
  writeTexts(): void {
    if (this.#hasText) return;
    this.#hasText = true;
    for (let i = 0; i < this.count; i++) {
      const at = i * MAX_INT64_TEXT;
      const low = this.lows[i];
      const high = this.highs[i];
      const value = high * TWO_32 + (low >>> 0);
      const end = Number.isSafeInteger(value)
        ? writeInteger(this.#text, at, value)
        : writeBigInteger(this.#text, at, BigInt(high) << 32n | BigInt(low >>> 0));
      this.segments[i] = IN_TEXT;
      this.starts[i] = at;
      this.lengths[i] = end - at;
    }
  }

  /** The hash of each member. O(bytes) the first time. */
  hashes(): Int32Array {
    if (this.#isHashed) return this.#hashes;
    this.writeTexts();
    this.#isHashed = true;
    for (let i = 0; i < this.count; i++) {
      this.#hashes[i] = this.#hasher.hash(this.bytesOf(i), this.starts[i], this.lengths[i]);
    }
    return this.#hashes;
  }

  /** Whether member `i`, which has its text, is member `j` of another batch that has its. O(length). */
  isSame(i: number, other: MemberBatch, j: number): boolean {
    const length = this.lengths[i];
    if (length !== other.lengths[j]) return false;
    const own = this.bytesOf(i);
    const bytes = other.bytesOf(j);
    const start = this.starts[i];
    const from = other.starts[j];
    for (let k = 0; k < length; k++) if (own[start + k] !== bytes[from + k]) return false;
    return true;
  }

  /** Keeps the members that were found, or that were not. The others keep their order. O(members). */
  keep(found: Int32Array, wasFound: boolean): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      if ((found[i] !== 0) !== wasFound) continue;
      if (kept !== i) this.#move(i, kept);
      kept++;
    }
    this.count = kept;
  }

  /** Drops the members at the given positions. O(members). */
  drop(positions: ReadonlySet<number>): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      if (positions.has(this.positions[i])) continue;
      if (kept !== i) this.#move(i, kept);
      kept++;
    }
    this.count = kept;
  }

  #move(from: number, to: number): void {
    this.positions[to] = this.positions[from];
    this.scores[to] = this.scores[from];
    this.segments[to] = this.segments[from];
    this.starts[to] = this.starts[from];
    this.lengths[to] = this.lengths[from];
    this.lows[to] = this.lows[from];
    this.highs[to] = this.highs[from];
    this.#hashes[to] = this.#hashes[from];
  }
}
