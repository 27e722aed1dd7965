/**
 * What the encodings of a hash can do beside what sets can: each member, a field, has a value, and in
 * two of them may have a deadline.
 */

import type { Ref } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import type { MemberOperations } from "../set/member_operations.ts";

/** One way to lay out fields and values in the arena. Complexities: listpack, table. */
export interface FieldMapOperations extends MemberOperations {
  /** Points the view at a field's value. O(1). */
  readValue(ref: Ref, position: number, view: ByteView): void;
  /** Adds a field that the last `find` has not found. O(1) and a copy as the block moves, O(1). */
  insertSought(
    ref: Ref,
    bytes: Uint8Array,
    start: number,
    length: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueLength: number,
  ): Ref;
  /**
   * Gives a field another value, and perhaps another position. O(n), O(1).
   *
   * @param keepsDeadline whether a field that has a deadline keeps it
   */
  setValue(
    ref: Ref,
    position: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    keepsDeadline: boolean,
  ): Ref;
}

/** The latest deadline. */
export const MAX_DEADLINE_MS: number = 2 ** 46 - 1;

/** No deadline, where one is given or told. */
export const NO_DEADLINE = 0;

/** What time it is for who looks at fields. */
export interface FieldClock {
  /** Milliseconds since 1970: what has a deadline before that has expired. */
  readonly dueMs: number;
}

/** Before all time: nothing has expired. */
export const BEFORE_ALL: FieldClock = { dueMs: -Infinity };

/**
 * A way to lay out fields that may have deadlines: milliseconds since 1970, up to 2^46. A field is
 * there up to the last moment of its deadline's millisecond. Whoever looks for fields, walks over them,
 * scans or draws them does not see those that have expired; `count` counts them as long as they take
 * memory.
 */
export interface ExpiringFieldOperations extends FieldMapOperations {
  /** The field that the last `find` would have found if it had not expired; 0 for none. */
  readonly met: number;
  /** A field's deadline, or NO_DEADLINE. O(1). */
  deadlineOf(ref: Ref, position: number): number;
  /**
   * Gives a field a deadline, or takes it away with NO_DEADLINE, which needs no memory. The field may
   * have another position then. O(n), O(log n).
   */
  setDeadline(ref: Ref, position: number, ms: number): Ref;
  /** No deadline is before it; Infinity where there is none. O(1). */
  earliestMs(ref: Ref): number;
  /** The earliest deadline; Infinity where there is none. O(1), O(log n). */
  findEarliestMs(ref: Ref): number;
  /** How many fields have expired. O(those), O(log n + those / 60). */
  countExpired(ref: Ref): number;
  /** Removes up to `limit` fields that have expired, and finds out the earliest deadline anew. */
  removeExpired(ref: Ref, limit: number): Ref;
}
