/**
 * The element of a large sorted set: one block with the score and the member's bytes, which is a
 * node of a hash table (membership) and one of those that a block of the AVL tree refers to (order).
 *
 * ```
 * byte  0        8       12              16
 *       ┌────────┬───────┬───────────────┬─ … ─┐
 *       │ score  │ tree  │ member length │bytes│
 *       │ double │ block │               │     │
 *       └────────┴───────┴───────────────┴─ … ─┘
 * word  0, 1     2       3               4
 * ```
 *
 * The score stands in the tree's block too. Here it answers a lookup by member without another wait
 * for memory, and the reference of the block leads from there into the order.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import { compareBytes } from "../bytes/byte_order.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { MEMBER_AT } = setLayout;

/** Word of an element with the length of its member. */
export const LENGTH = 3;

/**
 * A new element with its score and member, in neither table nor tree. O(member).
 *
 * @throws {ArenaFullError} when the arena has no room
 */
export function createElement(
  arena: Arena,
  score: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): Ref {
  const ref = arena.allocate(MEMBER_AT + length);
  const segment = ref >>> SEGMENT_SHIFT;
  const granule = ref & SEGMENT_MASK;
  arena.doubles[segment][granule] = score;
  arena.words[segment][(granule << 1) + LENGTH] = length;
  copyBytes(arena.bytes[segment], (granule << 3) + MEMBER_AT, bytes, start, length);
  return ref;
}

/** The element's score. */
export function scoreOf(arena: Arena, ref: Ref): number {
  return arena.doubles[ref >>> SEGMENT_SHIFT][ref & SEGMENT_MASK];
}

/** Sets what {@linkcode scoreOf} answers. */
export function setScoreOf(arena: Arena, ref: Ref, score: number): void {
  arena.doubles[ref >>> SEGMENT_SHIFT][ref & SEGMENT_MASK] = score;
}

/** Length of the element's member, in bytes. */
export function memberLength(arena: Arena, ref: Ref): number {
  return arena.words[ref >>> SEGMENT_SHIFT][((ref & SEGMENT_MASK) << 1) + LENGTH];
}

/** Index of the member's first byte in the bytes of the element's segment. */
export function memberStart(ref: Ref): number {
  return ((ref & SEGMENT_MASK) << 3) + MEMBER_AT;
}

/** Compares an element's member with a byte string, in the order of {@linkcode compareBytes}. */
export function compareMember(
  arena: Arena,
  ref: Ref,
  bytes: Uint8Array,
  start: number,
  length: number,
): number {
  const segment = ref >>> SEGMENT_SHIFT;
  const granule = ref & SEGMENT_MASK;
  return compareBytes(
    arena.bytes[segment],
    (granule << 3) + MEMBER_AT,
    arena.words[segment][(granule << 1) + LENGTH],
    bytes,
    start,
    length,
  );
}

/** Whether an element's member is this byte string. O(length). */
export function memberIs(
  arena: Arena,
  ref: Ref,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  if (memberLength(arena, ref) !== length) return false;
  const own = arena.bytes[ref >>> SEGMENT_SHIFT];
  const at = memberStart(ref);
  for (let i = 0; i < length; i++) if (own[at + i] !== bytes[start + i]) return false;
  return true;
}

/** Compares the members of two elements, in the order of {@linkcode compareBytes}. */
function compareMembers(arena: Arena, a: Ref, b: Ref): number {
  return compareMember(
    arena,
    a,
    arena.bytes[b >>> SEGMENT_SHIFT],
    memberStart(b),
    memberLength(arena, b),
  );
}

/** Compares two elements by (score, member): the order of a sorted set. */
export function compareElements(arena: Arena, a: Ref, b: Ref): number {
  const aScore = scoreOf(arena, a);
  const bScore = scoreOf(arena, b);
  if (aScore !== bScore) return aScore < bScore ? -1 : 1;
  return compareMembers(arena, a, b);
}
