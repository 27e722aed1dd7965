/** What both encodings of a hash can do beside what sets can: each member, a field, has a value. */

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
  /** Gives a field another value, and perhaps another position. O(n), O(1). */
  setValue(ref: Ref, position: number, bytes: Uint8Array, start: number, length: number): Ref;
}
