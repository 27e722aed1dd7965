/**
 * What both encodings of a sorted set can do. sorted_set.ts works on either through it, so that no
 * command, and no range or cursor, exists twice.
 *
 * A *position* names a place in the order, and with it the element there: its entry's byte offset in
 * a listpack, a block and an index in a tree; 0 is no element. What a lookup by member answers is
 * not a position yet but the *element*, whose score is known without its place: in a listpack the
 * two are the same. Any change to the set invalidates both. A change returns the value's reference,
 * which the listpack's block changes when it grows or shrinks; on an error nothing has changed.
 */

import type { Ref } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import type { RandomInt } from "../set/member_operations.ts";
import type { RefList } from "../set/ref_list.ts";

/** One way to lay out a sorted set in the arena. Complexities: listpack, tree. */
export interface SortedSetOperations {
  /** Number of elements. O(1), O(1). */
  count(ref: Ref): number;
  /** The lowest element. O(1), O(1). */
  first(ref: Ref): number;
  /** The highest element. O(1), O(1). */
  last(ref: Ref): number;
  /** The next higher element. O(1), O(1). */
  next(ref: Ref, position: number): number;
  /** The next lower element. O(1), O(1). */
  previous(ref: Ref, position: number): number;
  /** The element of a rank, counted from 0. O(n), O(log n). */
  at(ref: Ref, rank: number): number;
  /** The element's rank. O(n), O(log n). */
  rankOf(ref: Ref, position: number): number;
  /** The element `delta` ranks away. O(n), O(log n). */
  offset(ref: Ref, position: number, delta: number): number;
  /** The element of a member, 0 where there is none. O(n), O(1). */
  find(ref: Ref, bytes: Uint8Array, start: number, length: number): number;
  /** Score of an element that was found. O(1). */
  scoreOf(ref: Ref, element: number): number;
  /** Position of an element that was found. O(1). */
  positionOf(ref: Ref, element: number): number;
  /** The element at a position. O(1). */
  elementAt(ref: Ref, position: number): number;
  /** Points the view at an element's member. O(1). */
  readElement(ref: Ref, element: number, view: ByteView): void;
  /** An element chosen uniformly, 0 where there is none. O(n), O(1) expected. */
  random(ref: Ref, randomInt: RandomInt): number;
  /**
   * One step of a scan, which begins and ends with cursor 0: lists elements and answers the next
   * cursor. All at once, O(1).
   */
  scan(ref: Ref, cursor: number, found: RefList): number;
  /** First element with a score at or above (`inclusive`), or above. O(n), O(log n). */
  seekScore(ref: Ref, score: number, inclusive: boolean): number;
  /** First element with a member at or above, or above; for equal scores. O(n), O(log n). */
  seekMember(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    inclusive: boolean,
  ): number;
  /** First element at or above (score, member). O(n), O(log n). */
  seekPair(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): number;
  /**
   * Visits the scores from `from` to below `to`, until the visitor has enough; it changes nothing.
   * O(n), O(log n + visits).
   *
   * @returns whether it came to the end
   */
  visitScores(
    ref: Ref,
    from: number,
    to: number,
    visit: (score: number, position: number) => boolean,
  ): boolean;
  /** The score at a position. O(1). */
  scoreAt(ref: Ref, position: number): number;
  /** Points the view at the member at a position. O(1). */
  readMember(ref: Ref, position: number, view: ByteView): void;
  /**
   * Loads elements from a position on, `count` at most, that a walk is about to read. O(1), O(count).
   *
   * @returns for how many that has been done; at least 1
   */
  preload(ref: Ref, position: number, count: number, backwards: boolean): number;
  /** Adds an element whose member is not in the set yet. O(n), O(log n). */
  insert(ref: Ref, score: number, bytes: Uint8Array, start: number, length: number): Ref;
  /** Gives an element another score. O(n), O(log n). */
  setScore(ref: Ref, position: number, score: number): Ref;
  /** Removes an element and those that follow it, `count` in all. O(n), O(count log n). */
  remove(ref: Ref, position: number, count: number): Ref;
  /** Frees all of it. O(1), O(n). */
  destroy(ref: Ref): void;
  /** Bytes that it takes in the arena. O(1), O(n / 1,024). */
  memoryBytes(ref: Ref): number;
  /** Checks every invariant. @throws {AssertionError} */
  verify(ref: Ref): void;
}
