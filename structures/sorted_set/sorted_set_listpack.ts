/**
 * A small sorted set: one listpack in which every member is followed by its score, lowest first.
 *
 * ```
 * listpack  ┌────────┬────────┬───────┬────────┬───────┬ … ┬─────┐
 *           │ header │ member │ score │ member │ score │   │ end │
 *           └────────┴────────┴───────┴────────┴───────┴ … ┴─────┘
 *                    └ position of the element
 * ```
 *
 * An integral score within ±2^62 is an integer entry, any other its shortest text, as in Redis; -0
 * becomes 0 by that. A search by order halves the set though it must walk to the middle: passing an
 * entry costs little, reading a score from its text much.
 */

import { MAX_INT64_TEXT } from "../numbers/int64.ts";
import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { compareBytes } from "../bytes/byte_order.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import { parseDouble, writeDouble } from "../numbers/double_text.ts";
import * as doubleText from "../numbers/double_text.ts";
import { Listpack } from "../listpack/listpack.ts";
import type { RandomInt } from "../set/member_operations.ts";
import type { RefList } from "../set/ref_list.ts";
import {
  backlenBytes,
  bodyBytes,
  EntryDraft,
  isIntegerEntry,
  numberOfEntry,
  stringHeaderBytes,
} from "../listpack/listpack_entry.ts";
import * as listpackEntry from "../listpack/listpack_entry.ts";
import type { SortedSetOperations } from "./sorted_set_operations.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { MAX_DOUBLE_BYTES } = doubleText;
const { MAX_LISTPACK_BYTES } = listpackEntry;

/** Scores up to here, if integral, are stored as integers. */
const MAX_INTEGER_SCORE = 2 ** 62;
/** More than an element's entries take beside the member's bytes. */
const ELEMENT_OVERHEAD_BYTES = 64;

/** An element's entries take at least so much beside the member's bytes. */
const MIN_ELEMENT_BYTES = 4;
/** Members that are longer are not taken for the rule. */
const MAX_EXPECTED_BYTES = 24;

/** Blocks that a listpack has had while it grew, by size classes, are so many times as long as it. */
const GROWTH_COPIES = 16;

/** See the top of the file. */
export class ListpackSortedSet implements SortedSetOperations {
  readonly #arena: Arena;
  readonly #listpack: Listpack;
  readonly #memberDraft = new EntryDraft();
  readonly #scoreDraft = new EntryDraft();
  readonly #scoreText = new Uint8Array(MAX_DOUBLE_BYTES);
  readonly #memberText = new Uint8Array(MAX_INT64_TEXT);
  readonly #own: ByteView = emptyView();

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#listpack = new Listpack(arena);
  }

  /** A new empty set. O(1). */
  create(): Ref {
    return this.#listpack.create();
  }

  /**
   * Gives an empty set a block for so many members of such a length, lest it be moved for nearly each.
   * It is rather too small than too large. O(1).
   */
  widen(ref: Ref, members: number, length: number): Ref {
    const elementBytes = MIN_ELEMENT_BYTES + Math.min(length, MAX_EXPECTED_BYTES);
    return this.#arena.resize(ref, this.#listpack.totalBytes(ref) + members * elementBytes);
  }

  /** Bytes of the blocks that a set may have while it grows to twice its length. O(1). */
  growthBytes(ref: Ref): number {
    return GROWTH_COPIES * this.#listpack.totalBytes(ref);
  }

  /** Whether a member of this length can still be added to the listpack's bytes. O(1). */
  hasRoomFor(ref: Ref, length: number): boolean {
    return this.#listpack.totalBytes(ref) + length + ELEMENT_OVERHEAD_BYTES <= MAX_LISTPACK_BYTES;
  }

  count(ref: Ref): number {
    return this.#listpack.count(ref) >>> 1;
  }

  first(ref: Ref): number {
    return this.#listpack.first(ref);
  }

  last(ref: Ref): number {
    return this.previous(ref, this.#listpack.end(ref));
  }

  next(ref: Ref, position: number): number {
    return this.#listpack.next(ref, this.#listpack.next(ref, position));
  }

  previous(ref: Ref, position: number): number {
    const score = this.#listpack.previous(ref, position);
    return score === 0 ? 0 : this.#listpack.previous(ref, score);
  }

  at(ref: Ref, rank: number): number {
    return rank >= 0 ? this.#listpack.seek(ref, rank * 2) : 0;
  }

  rankOf(ref: Ref, position: number): number {
    let rank = 0;
    for (let at = this.first(ref); at !== position; at = this.next(ref, at)) rank++;
    return rank;
  }

  offset(ref: Ref, position: number, delta: number): number {
    let at = position;
    for (let i = 0; i < delta && at !== 0; i++) at = this.next(ref, at);
    for (let i = 0; i > delta && at !== 0; i--) at = this.previous(ref, at);
    return at;
  }

  find(ref: Ref, bytes: Uint8Array, start: number, length: number): number {
    return this.#listpack.find(ref, bytes, start, length, 1);
  }

  scoreOf(ref: Ref, element: number): number {
    return this.scoreAt(ref, element);
  }

  positionOf(_ref: Ref, element: number): number {
    return element;
  }

  elementAt(_ref: Ref, position: number): number {
    return position;
  }

  readElement(ref: Ref, element: number, view: ByteView): void {
    this.readMember(ref, element, view);
  }

  random(ref: Ref, randomInt: RandomInt): number {
    const count = this.count(ref);
    return count === 0 ? 0 : this.at(ref, randomInt(count));
  }

  scan(ref: Ref, _cursor: number, found: RefList): number {
    for (let at = this.first(ref); at !== 0; at = this.next(ref, at)) found.push(at);
    return 0;
  }

  visitScores(
    ref: Ref,
    from: number,
    to: number,
    visit: (score: number, position: number) => boolean,
  ): boolean {
    for (let at = this.seekScore(ref, from, true); at !== 0; at = this.next(ref, at)) {
      const score = this.scoreAt(ref, at);
      if (score >= to) return true;
      if (!visit(score, at)) return false;
    }
    return true;
  }

  seekScore(ref: Ref, score: number, inclusive: boolean): number {
    const listpack = this.#listpack;
    let low = this.first(ref);
    let left = this.count(ref);
    while (left > 0) {
      const half = left >> 1;
      const middle = listpack.skip(ref, low, half * 2);
      const own = this.scoreAt(ref, middle);
      if (inclusive ? own < score : own <= score) {
        low = this.next(ref, middle);
        left -= half + 1;
      } else {
        left = half;
      }
    }
    return low;
  }

  seekMember(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    inclusive: boolean,
  ): number {
    let at = this.first(ref);
    while (at !== 0) {
      const order = this.#listpack.compare(ref, at, bytes, start, length);
      if (inclusive ? order >= 0 : order > 0) return at;
      at = this.next(ref, at);
    }
    return 0;
  }

  seekPair(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): number {
    const listpack = this.#listpack;
    let low = this.first(ref);
    let left = this.count(ref);
    while (left > 0) {
      const half = left >> 1;
      const middle = listpack.skip(ref, low, half * 2);
      if (this.#order(ref, middle, score, bytes, start, length) < 0) {
        low = this.next(ref, middle);
        left -= half + 1;
      } else {
        left = half;
      }
    }
    return low;
  }

  /** Below, at or above 0 as the element comes before, is, or comes after (score, member). */
  #order(
    ref: Ref,
    at: number,
    score: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): number {
    const own = this.scoreAt(ref, at);
    if (own !== score) return own < score ? -1 : 1;
    return this.#listpack.compare(ref, at, bytes, start, length);
  }

  scoreAt(ref: Ref, position: number): number {
    const bytes = this.#arena.bytes[ref >>> SEGMENT_SHIFT];
    const member = ((ref & SEGMENT_MASK) << 3) + position;
    const body = bodyBytes(bytes, member);
    const at = member + body + backlenBytes(body);
    if (isIntegerEntry(bytes, at)) return numberOfEntry(bytes, at);
    const header = stringHeaderBytes(bytes, at);
    return parseDouble(bytes, at + header, bodyBytes(bytes, at) - header);
  }

  readMember(ref: Ref, position: number, view: ByteView): void {
    const listpack = this.#listpack;
    if (listpack.isInteger(ref, position)) {
      view.bytes = this.#memberText;
      view.start = 0;
      view.length = listpack.writeText(ref, position, this.#memberText, 0);
    } else {
      view.bytes = this.#arena.bytes[ref >>> SEGMENT_SHIFT];
      view.start = listpack.stringStart(ref, position);
      view.length = listpack.stringLength(ref, position);
    }
  }

  preload(_ref: Ref, _position: number, count: number, _backwards: boolean): number {
    return count; // it is all in a few cache lines
  }

  insert(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref {
    const listpack = this.#listpack;
    const above = this.#isBelow(ref, score) ? 0 : this.seekPair(ref, score, bytes, start, length);
    this.#memberDraft.setText(bytes, start, length);
    this.#draftScore(score);
    const at = above === 0 ? listpack.end(ref) : above;
    return listpack.insertPair(ref, at, this.#memberDraft, this.#scoreDraft);
  }

  /** Adds an element that is above all others. O(1), and a copy when the block moves. */
  append(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref {
    const listpack = this.#listpack;
    this.#memberDraft.setText(bytes, start, length);
    this.#draftScore(score);
    return listpack.insertPair(ref, listpack.end(ref), this.#memberDraft, this.#scoreDraft);
  }

  /** Whether all scores are below another: elements often come in order. */
  #isBelow(ref: Ref, score: number): boolean {
    const last = this.last(ref);
    return last === 0 || this.scoreAt(ref, last) < score;
  }

  #draftScore(score: number): void {
    if (Math.abs(score) <= MAX_INTEGER_SCORE && score === Math.trunc(score)) {
      this.#scoreDraft.setInteger(score);
    } else {
      this.#scoreDraft.setText(this.#scoreText, 0, writeDouble(this.#scoreText, 0, score));
    }
  }

  setScore(ref: Ref, position: number, score: number): Ref {
    const listpack = this.#listpack;
    const own = this.#own;
    this.readMember(ref, position, own);
    const above = this.seekPair(ref, score, own.bytes, own.start, own.length);
    const oldEnd = listpack.end(ref);
    this.#draftScore(score);
    const moved = listpack.replaceWith(ref, listpack.next(ref, position), this.#scoreDraft);
    const end = listpack.end(moved);
    // What lies behind the element has moved by what its score's entry has grown.
    const before = above === 0 ? end : above > position ? above + end - oldEnd : above;
    listpack.move(moved, position, 2, before);
    return moved;
  }

  remove(ref: Ref, position: number, count: number): Ref {
    return this.#listpack.remove(ref, position, count * 2);
  }

  destroy(ref: Ref): void {
    this.#arena.free(ref);
  }

  memoryBytes(ref: Ref): number {
    return this.#arena.capacity(ref);
  }

  verify(ref: Ref): void {
    this.#listpack.verify(ref);
    assert(this.#listpack.count(ref) % 2 === 0, "a member without a score");
    const seen = new Set<string>();
    const view: ByteView = emptyView();
    let previousScore = -Infinity;
    let previousMember: Uint8Array | undefined;
    for (let at = this.first(ref); at !== 0; at = this.next(ref, at)) {
      const score = this.scoreAt(ref, at);
      this.readMember(ref, at, view);
      const member = view.bytes.slice(view.start, view.start + view.length);
      assert(!Number.isNaN(score), "a score that is not a number");
      assert(
        previousMember === undefined || score > previousScore || (score === previousScore &&
          compareBytes(member, 0, member.length, previousMember, 0, previousMember.length) > 0),
        "elements out of order",
      );
      seen.add(member.join());
      previousScore = score;
      previousMember = member;
    }
    assert(seen.size === this.count(ref), "a member is there twice");
  }
}
