/**
 * Members of a set or a hash that stay as they were while the original changes: a copy outside of
 * the arena, read with a cursor as the original is.
 *
 * ```
 * places   ┌───────┬───────┬───────────────┬──────────────┬─ …      four numbers a member
 *          │ chunk │ start │ member length │ value length │
 *          └───┬───┴───┬───┴───────────────┴──────────────┴─ …
 *              ▼       ▼
 * chunks   ┌────────┬────────┬───────┬────────┬───────┐
 *          │        │ member │ value │ member │ …     │             a long member has one of its own
 *          └────────┴────────┴───────┴────────┴───────┘
 * ```
 *
 * A position is a member's number in the order of the additions, from 1 on; 0 is no member.
 */

import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import type { RandomInt } from "./member_operations.ts";

const CHUNK_BYTES = 1024 * 1024;
/** A copy of little takes little. */
const FIRST_CHUNK_BYTES = 4096;

const NO_BYTES = new Uint8Array(0);

// What is known of a member, by index into its four numbers.
const CHUNK = 0;
const START = 1;
const MEMBER_LENGTH = 2;
const VALUE_LENGTH = 3;
const PLACE_NUMBERS = 4;

/** See the top of the file. */
export class MemberCopy {
  /** The member under the cursor, and its value; that of a member without one is empty. */
  readonly member: ByteView = emptyView();
  readonly value: ByteView = emptyView();
  /** Where the cursor is; 0 when it is on no member. */
  position = 0;
  readonly #places: Int32Array;
  readonly #chunks: Uint8Array[] = [];
  #chunk: Uint8Array = NO_BYTES;
  #tail = 0;
  #count = 0;

  /** @param capacity most members that it will have  @throws {RangeError} no memory for that */
  constructor(capacity: number) {
    this.#places = new Int32Array(capacity * PLACE_NUMBERS);
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a member. O(length). @throws {RangeError} no memory */
  add(member: ByteView, value: ByteView | undefined): void {
    const valueLength = value === undefined ? 0 : value.length;
    const bytes = member.length + valueLength;
    const isFirst = this.#chunk === NO_BYTES;
    if (isFirst || this.#chunk.length - this.#tail < bytes) this.#nextChunk(bytes);
    const start = this.#tail;
    const chunk = this.#chunk;
    copyBytes(chunk, start, member.bytes, member.start, member.length);
    if (valueLength > 0) {
      copyBytes(chunk, start + member.length, value!.bytes, value!.start, valueLength);
    }
    this.#tail = start + bytes;
    const places = this.#places;
    const at = this.#count++ * PLACE_NUMBERS;
    places[at + CHUNK] = this.#chunks.length - 1;
    places[at + START] = start;
    places[at + MEMBER_LENGTH] = member.length;
    places[at + VALUE_LENGTH] = valueLength;
  }

  #nextChunk(bytes: number): void {
    const doubled = Math.max(FIRST_CHUNK_BYTES, Math.min(2 * this.#chunk.length, CHUNK_BYTES));
    this.#chunk = new Uint8Array(Math.max(bytes, doubled));
    this.#chunks.push(this.#chunk);
    this.#tail = 0;
  }

  /** Puts the cursor on a position and reads what is there. O(1). */
  seek(position: number): boolean {
    if (position < 1 || position > this.#count) {
      this.position = 0;
      return false;
    }
    this.position = position;
    const places = this.#places;
    const at = (position - 1) * PLACE_NUMBERS;
    const { member, value } = this;
    const chunk = this.#chunks[places[at + CHUNK]];
    member.bytes = chunk;
    member.start = places[at + START];
    member.length = places[at + MEMBER_LENGTH];
    value.bytes = chunk;
    value.start = member.start + member.length;
    value.length = places[at + VALUE_LENGTH];
    return true;
  }

  /** Moves the cursor on; from no member to the first. O(1). */
  next(): boolean {
    return this.seek(this.position + 1);
  }

  /** A copy shows no runs. O(1). */
  nextRun(run: EntryRun, _parts: number, _most: number): number {
    run.clear();
    return 0;
  }

  /** Puts the cursor on a member chosen uniformly. O(1). */
  seekRandom(randomInt: RandomInt): boolean {
    return this.seek(1 + randomInt(this.#count));
  }
}
