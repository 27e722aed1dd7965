/**
 * The sorted set: members with scores, ordered by (score, member bytes).
 *
 * A value is an encoding and a reference, which whoever owns the value keeps in two numbers of its
 * own. {@linkcode SortedSet} is a view that is pointed at one value after another, so a command
 * allocates nothing for it, neither to open a set nor for each element that it visits:
 *
 * ```
 *   entry (encoding, ref) ──open()──▶ SortedSet ──┬─▶ LISTPACK  sorted_set_listpack.ts
 *          ▲                          │ encoding  └─▶ TREE      sorted_set_tree.ts
 *          └── store after a change ──┘ ref
 *                                     │ cursor: one element, with
 *                                     └─ score, member.bytes/start/length
 * ```
 *
 * A set begins as a listpack and becomes a tree when it would pass a limit; it never turns back.
 * Either happens inside `insert`, so after every change the owner stores `encoding` and `ref` again.
 *
 * Whatever finds an element puts the cursor on it and answers whether there is one. A change takes
 * the cursor off; so does `open`. The member's bytes are where they are stored (the text of a
 * listpack's integers in a small buffer), valid until the cursor moves or the set changes.
 *
 * ```ts
 * set.open(encoding, ref);
 * let left = set.rangeByScore(1, true, 5, false, false, 0, -1);
 * reply.array(left);
 * for (; left > 0; left--, set.advance()) {
 *   reply.bulkBytes(set.member.bytes, set.member.start, set.member.length);
 * }
 * ```
 *
 * Freeing from another thread: a listpack is one block without links; a tree is what
 * {@linkcode TREE_SORTED_SET_SHAPE} says.
 */

import { assert } from "../assert.ts";
import { type Arena, NONE, type Ref } from "../arena/arena.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import type { LexBound } from "./lex_bound.ts";
import type { SortedSetOperations } from "./sorted_set_operations.ts";
import { ListpackSortedSet } from "./sorted_set_listpack.ts";
import { TreeSortedSet } from "./sorted_set_tree.ts";

export { LexBound } from "./lex_bound.ts";

/** How a set is held: small as one listpack, else as an AVL tree and a hash table over its elements. */
export const SortedSetEncoding = { Listpack: 0, Tree: 1 } as const;
const { Listpack: LISTPACK, Tree: TREE } = SortedSetEncoding;

/** Up to where a set stays a listpack. Read at each insertion, so it may be changed at any time. */
export interface SortedSetLimits {
  maxListpackEntries: number;
  maxListpackValueBytes: number;
}

/** What {@linkcode SortedSet.add} has done. */
export const UNCHANGED = 0;
export const UPDATED = 1;
export const ADDED = 2;

/** Ranges by score with a limit up to this are counted element by element. */
const MAX_COUNTED = 32;

/** Sets below this fit the processor's caches. */
const MIN_PREFETCH_ELEMENTS = 4096;

/** A view of one sorted set at a time, with a cursor; see the top of the file. */
export class SortedSet {
  /** One of {@linkcode SortedSetEncoding}. */
  encoding: number = LISTPACK;
  /** The set's block, NONE before the first `open` or `create`. */
  ref: Ref = NONE;
  /** Score of the element under the cursor. */
  score = 0;
  /** Member of the element under the cursor. */
  readonly member: ByteView = emptyView();

  readonly #limits: SortedSetLimits;
  readonly #small: ListpackSortedSet;
  readonly #large: TreeSortedSet;
  #operations: SortedSetOperations;
  /** Where the cursor is; 0 where it is on no element, or on one of which only `#found` is known. */
  #position = 0;
  /** The element that a lookup by member has put the cursor on, until its position is asked for. */
  #found = 0;
  #backwards = false;

  /** @param limits kept, not copied */
  constructor(arena: Arena, hasher: KeyHasher, limits: SortedSetLimits) {
    this.#limits = limits;
    this.#small = new ListpackSortedSet(arena);
    this.#large = new TreeSortedSet(arena, hasher);
    this.#operations = this.#small;
  }

  /** Points the view at a value. O(1). */
  open(encoding: number, ref: Ref): void {
    this.encoding = encoding;
    this.ref = ref;
    this.#operations = encoding === LISTPACK ? this.#small : this.#large;
    this.#leave();
  }

  /** Makes a new empty set and points the view at it. O(1). @throws {ArenaFullError} */
  create(): void {
    this.open(LISTPACK, this.#small.create());
  }

  /** Frees the set, all of it, and leaves the view on none. O(n). */
  destroy(): void {
    this.#operations.destroy(this.ref);
    this.open(LISTPACK, NONE);
  }

  /** Number of elements. O(1). */
  get count(): number {
    return this.#operations.count(this.ref);
  }

  /** Whether the cursor is on an element. */
  get onElement(): boolean {
    return (this.#position | this.#found) !== 0;
  }

  /** Takes the cursor off. */
  #leave(): void {
    this.#position = 0;
    this.#found = 0;
  }

  #moveTo(position: number): boolean {
    this.#position = position;
    this.#found = 0;
    if (position === 0) return false;
    this.score = this.#operations.scoreAt(this.ref, position);
    this.#operations.readMember(this.ref, position, this.member);
    return true;
  }

  /**
   * Puts the cursor on a member; `member` stays as it was, as the caller has the bytes. O(1); O(n) in
   * a listpack, as everything there.
   */
  find(bytes: Uint8Array, start: number, length: number): boolean {
    const element = this.#operations.find(this.ref, bytes, start, length);
    this.#leave();
    this.#found = element;
    if (element === 0) return false;
    this.score = this.#operations.scoreOf(this.ref, element);
    return true;
  }

  /** Puts the cursor on the element of a rank: from 0, or from -1 downwards at the end. O(log n). */
  seekRank(rank: number): boolean {
    return this.#moveTo(this.#operations.at(this.ref, rank < 0 ? this.count + rank : rank));
  }

  /** Puts the cursor on the lowest element. O(1). */
  seekFirst(): boolean {
    this.#backwards = false;
    return this.#moveTo(this.#operations.first(this.ref));
  }

  /** Puts the cursor on the highest element, from where `advance` goes down. O(1). */
  seekLast(): boolean {
    this.#backwards = true;
    return this.#moveTo(this.#operations.last(this.ref));
  }

  /** Puts the cursor on the first element at or above (score, member). O(log n). */
  seekPair(score: number, bytes: Uint8Array, start: number, length: number): boolean {
    this.#backwards = false;
    return this.#moveTo(this.#operations.seekPair(this.ref, score, bytes, start, length));
  }

  /** Puts the cursor on the first element with a score at or above (`inclusive`), or above. */
  seekScore(score: number, inclusive: boolean): boolean {
    this.#backwards = false;
    return this.#moveTo(this.#operations.seekScore(this.ref, score, inclusive));
  }

  /** Moves the cursor to the next element, upwards. O(1). */
  next(): boolean {
    return this.#moveTo(this.#operations.next(this.ref, this.#onElement()));
  }

  /** Moves the cursor to the element before, downwards. O(1). */
  previous(): boolean {
    return this.#moveTo(this.#operations.previous(this.ref, this.#onElement()));
  }

  /** Moves the cursor on in the direction of the range or seek that placed it. O(1). */
  advance(): boolean {
    return this.#backwards ? this.previous() : this.next();
  }

  /**
   * Loads the next elements that `advance` is going to pass, that under the cursor included, so that
   * the waits for their memory overlap; meant for walks of more than a few. O(count).
   *
   * @param count how many will be passed
   * @returns for how many it is done, at least 1: after so many it may be called again
   */
  preload(count: number): number {
    return this.#operations.preload(this.ref, this.#onElement(), count, this.#backwards);
  }

  /** Moves the cursor by a number of ranks, down where negative. O(log n). */
  skip(ranks: number): boolean {
    return this.#moveTo(this.#operations.offset(this.ref, this.#onElement(), ranks));
  }

  /** Rank of the element under the cursor, from 0 at the lowest. O(log n). */
  rank(): number {
    return this.#operations.rankOf(this.ref, this.#onElement());
  }

  /** Position of the element under the cursor. */
  #onElement(): number {
    if (this.#position !== 0) return this.#position;
    assert(this.#found !== 0, "no element is under the cursor");
    return this.#operations.positionOf(this.ref, this.#found);
  }

  /**
   * Adds a member that is not in the set, as a `find` has just told. O(log n); O(n) once, where the
   * set becomes a tree.
   *
   * @throws {ArenaFullError}
   */
  insert(score: number, bytes: Uint8Array, start: number, length: number): void {
    assert(!Number.isNaN(score), "a score that is not a number");
    if (this.encoding === LISTPACK && this.#outgrows(length)) this.convert();
    this.ref = this.#operations.insert(this.ref, score, bytes, start, length);
    this.#leave();
  }

  #outgrows(length: number): boolean {
    return length > this.#limits.maxListpackValueBytes ||
      this.#small.count(this.ref) >= this.#limits.maxListpackEntries ||
      !this.#small.hasRoomFor(this.ref, length);
  }

  /**
   * Chooses the encoding for a set that gets scores for `members` members, some of which may be there
   * already, so that it is not converted half way; and sees to it that all can be set, if the arena has
   * reserved twice the bytes of the members. O(n).
   *
   * @param length of the first of them
   * @throws {ArenaFullError} the set is then as before
   */
  prepare(members: number, length: number): void {
    const { maxListpackEntries, maxListpackValueBytes } = this.#limits;
    const isTree = this.encoding === TREE;
    if (members > 1) {
      if (isTree) this.#large.reserve(this.ref, members, 0);
      else this.#large.reserve(NONE, this.count + members, this.#small.growthBytes(this.ref));
    }
    if (isTree) return;
    const isTooLong = this.count === 0 && length > maxListpackValueBytes;
    if (members > maxListpackEntries || isTooLong) this.convert();
    else if (this.count === 0) this.ref = this.#small.widen(this.ref, members, length);
  }

  /** Turns a listpack into a tree. O(n). @throws {ArenaFullError} the set is then as before */
  convert(): void {
    const tree = this.#large.createFrom(this.#small, this.ref);
    this.#small.destroy(this.ref);
    this.open(TREE, tree);
  }

  /** Whether the set is so large that {@linkcode prefetch} saves more than it costs. O(1). */
  get gainsByPrefetch(): boolean {
    return this.encoding === TREE && this.count >= MIN_PREFETCH_ELEMENTS;
  }

  /**
   * Notes for {@linkcode prefetch} that a member, of the set or new, will get a score. O(length).
   *
   * @returns whether there was room for it
   */
  expectScore(score: number, bytes: Uint8Array, start: number, length: number): boolean {
    return this.#large.expectScore(score, bytes, start, length);
  }

  /** As {@linkcode expectScore}, where the member is only looked for. */
  expectMember(bytes: Uint8Array, start: number, length: number): boolean {
    return this.#large.expectMember(bytes, start, length);
  }

  /**
   * Loads what was noted since the last time will look at, so that the waits for memory overlap; for
   * a set that {@linkcode gainsByPrefetch}. It changes nothing. O(changes × log n + members).
   */
  prefetch(): void {
    this.#large.prefetch(this.ref);
  }

  /** Gives the element under the cursor another score. O(log n). @throws {ArenaFullError} */
  setScore(score: number): void {
    assert(!Number.isNaN(score), "a score that is not a number");
    this.ref = this.#operations.setScore(this.ref, this.#onElement(), score);
    this.#leave();
  }

  /** Gives a member a score, adding it where it is new. O(log n). */
  add(score: number, bytes: Uint8Array, start: number, length: number): number {
    if (!this.find(bytes, start, length)) {
      this.insert(score, bytes, start, length);
      return ADDED;
    }
    if (this.score === score) return UNCHANGED;
    this.setScore(score);
    return UPDATED;
  }

  /** Removes the element under the cursor. O(log n). */
  removeCurrent(): void {
    this.removeRun(1);
  }

  /** Removes `count` elements from the cursor upwards. O(count log n). */
  removeRun(count: number): void {
    this.ref = this.#operations.remove(this.ref, this.#onElement(), count);
    this.#leave();
  }

  /** Removes a member and answers whether it was there. O(log n). */
  remove(bytes: Uint8Array, start: number, length: number): boolean {
    if (!this.find(bytes, start, length)) return false;
    this.removeCurrent();
    return true;
  }

  /** Visits all elements upwards; the visitor reads the cursor and changes nothing. O(n). */
  forEach(visit: (set: SortedSet) => void): void {
    for (let more = this.seekFirst(); more; more = this.next()) visit(this);
  }

  /**
   * Puts the cursor on the first of the elements with ranks `first` to `last`, both included.
   * Negative ranks count from the end, and with `reverse` ranks count down from the highest. O(log n).
   *
   * @returns how many elements follow, that one included, by `advance`
   */
  rangeByRank(first: number, last: number, reverse: boolean): number {
    const count = this.count;
    const from = Math.max(first < 0 ? first + count : first, 0);
    const to = Math.min(last < 0 ? last + count : last, count - 1);
    this.#backwards = reverse;
    if (!(from <= to) || !this.seekRank(reverse ? count - 1 - from : from)) {
      this.#leave();
      return 0;
    }
    return to - from + 1;
  }

  /**
   * Puts the cursor on the first of the elements with scores between the bounds, or on the last
   * where `reverse` (then `advance` goes down). O(log n).
   *
   * @param offset elements of the range to pass over; negative for an empty range
   * @param limit most elements; negative for all
   * @returns how many elements follow, the one under the cursor included
   */
  rangeByScore(
    min: number,
    minInclusive: boolean,
    max: number,
    maxInclusive: boolean,
    reverse: boolean,
    offset: number,
    limit: number,
  ): number {
    if (min > max) {
      this.#leave();
      return 0;
    }
    if (limit >= 0 && limit <= MAX_COUNTED) {
      const bound = reverse ? min : max;
      const inclusive = reverse ? minInclusive : maxInclusive;
      const start = reverse
        ? this.#before(this.#operations.seekScore(this.ref, max, !maxInclusive))
        : this.#operations.seekScore(this.ref, min, minInclusive);
      return this.#shortRange(start, bound, inclusive, reverse, offset, limit);
    }
    const first = this.#operations.seekScore(this.ref, min, minInclusive);
    const beyond = this.#operations.seekScore(this.ref, max, !maxInclusive);
    return this.#range(first, beyond, reverse, offset, limit);
  }

  /**
   * The range from `start` to a bound, counted element by element: those few are about to be read,
   * while a seek of the other end would load a path of the tree that nobody needs.
   */
  #shortRange(
    start: number,
    bound: number,
    inclusive: boolean,
    reverse: boolean,
    offset: number,
    limit: number,
  ): number {
    const operations = this.#operations;
    const { ref } = this;
    this.#backwards = reverse;
    this.#leave();
    if (start === 0 || !(offset >= 0)) return 0;
    const first = offset === 0 ? start : operations.offset(ref, start, reverse ? -offset : offset);
    let count = 0;
    let position = first;
    while (count < limit && position !== 0) {
      const score = operations.scoreAt(ref, position);
      const within = reverse ? score > bound : score < bound;
      if (!within && !(inclusive && score === bound)) break;
      count++;
      if (count < limit) {
        position = reverse ? operations.previous(ref, position) : operations.next(ref, position);
      }
    }
    if (count > 0) this.#moveTo(first);
    return count;
  }

  /** As {@linkcode rangeByScore}, by member; meant for sets in which all scores are equal. */
  rangeByLex(
    min: LexBound,
    max: LexBound,
    reverse: boolean,
    offset: number,
    limit: number,
  ): number {
    return this.#range(
      this.#seekLex(min, min.inclusive),
      this.#seekLex(max, !max.inclusive),
      reverse,
      offset,
      limit,
    );
  }

  /** Number of elements with scores between the bounds. O(log n). */
  countByScore(min: number, minInclusive: boolean, max: number, maxInclusive: boolean): number {
    const first = this.#operations.seekScore(this.ref, min, minInclusive);
    return this.#between(first, this.#operations.seekScore(this.ref, max, !maxInclusive));
  }

  /** Number of elements with members between the bounds. O(log n). */
  countByLex(min: LexBound, max: LexBound): number {
    const first = this.#seekLex(min, min.inclusive);
    return this.#between(first, this.#seekLex(max, !max.inclusive));
  }

  /** First element inside of a lower bound, or beyond an upper one. */
  #seekLex(bound: LexBound, inclusive: boolean): number {
    if (bound.infinity < 0) return this.#operations.first(this.ref);
    if (bound.infinity > 0) return 0;
    const { bytes, start, length } = bound;
    return this.#operations.seekMember(this.ref, bytes, start, length, inclusive);
  }

  /** Elements from `first` to before `beyond`, where 0 is the end. */
  #between(first: number, beyond: number): number {
    if (first === 0 || first === beyond) return 0;
    const operations = this.#operations;
    const end = beyond === 0 ? this.count : operations.rankOf(this.ref, beyond);
    return Math.max(0, end - operations.rankOf(this.ref, first));
  }

  /** The element before a position, where 0 is the end. */
  #before(position: number): number {
    const operations = this.#operations;
    return position === 0 ? operations.last(this.ref) : operations.previous(this.ref, position);
  }

  #range(first: number, beyond: number, reverse: boolean, offset: number, limit: number): number {
    const operations = this.#operations;
    const total = this.#between(first, beyond);
    this.#leave();
    this.#backwards = reverse;
    if (!(offset >= 0 && offset < total) || limit === 0) return 0;
    let position = reverse ? this.#before(beyond) : first;
    if (offset > 0) position = operations.offset(this.ref, position, reverse ? -offset : offset);
    this.#moveTo(position);
    return limit < 0 ? total - offset : Math.min(limit, total - offset);
  }

  /** Bytes that the set takes in the arena, slack included. O(1); O(n / 1,024) for a tree. */
  memoryBytes(): number {
    return this.#operations.memoryBytes(this.ref);
  }

  /** Checks every invariant. For tests. O(n log n). @throws {AssertionError} */
  verify(): void {
    this.#operations.verify(this.ref);
  }
}
