/**
 * The element of a large sorted set: one block that is at once a node of an AVL tree (order) and a
 * node of a hash table (membership), with the score and the member's bytes inside. One block, one
 * cache miss, whichever way an element is reached.
 *
 * ```
 * byte  0        8      12      16        20       24                 28
 *       ┌────────┬──────┬───────┬─────────┬────────┬──────────────────┬─ … ─┐
 *       │ score  │ left │ right │ subtree │ parent │ member length 30 │bytes│
 *       │ double │      │       │ count   │        │ balance        2 │     │
 *       └────────┴──────┴───────┴─────────┴────────┴──────────────────┴─ … ─┘
 * word  0, 1     2      3       4         5        6                  7
 * ```
 *
 * Blocks begin at any multiple of 8 bytes, so many lie across two cache lines. What a walk through
 * the tree reads stands together at the beginning, what a lookup reads stands behind it with the
 * member, and either is mostly in one line.
 *
 * An AVL node needs two bits to say which of its sides is the higher one, and they share a word
 * with the length: an element of 16 bytes takes 48 in the arena, the tree included.
 */

import { type Arena, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";
import { compareBytes } from "./byte_order.ts";
import { copyBytes } from "./copy_bytes.ts";

/** Words of an element's block. The score is double 0. */
export const LEFT = 2;
export const RIGHT = 3;
export const COUNT = 4;
export const PARENT = 5;
/** Member length in the upper 30 bits, the AVL balance in the lower 2. */
export const LENGTH_AND_BALANCE = 6;
/** Byte of an element's block at which its member begins. */
export const MEMBER_AT = 28;
/** Longest member that the length's 30 bits can say. */
export const MAX_MEMBER_BYTES = 2 ** 30 - 1;

/**
 * A new element with its score and member; its links into table and tree are the caller's to set.
 * O(member).
 *
 * @throws {RangeError} when the member is over {@linkcode MAX_MEMBER_BYTES}
 * @throws {ArenaFullError} when the arena has no room
 */
export function createElement(
  arena: Arena,
  score: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): Ref {
  if (length > MAX_MEMBER_BYTES) throw new RangeError(`a member of ${length} bytes is too long`);
  const ref = arena.allocate(MEMBER_AT + length);
  const segment = ref >>> SEGMENT_SHIFT;
  const granule = ref & SEGMENT_MASK;
  arena.doubles[segment][granule] = score;
  arena.words[segment][(granule << 1) + LENGTH_AND_BALANCE] = length << 2;
  copyBytes(arena.bytes[segment], (granule << 3) + MEMBER_AT, bytes, start, length);
  return ref;
}

/** The element's score. */
export function scoreOf(arena: Arena, ref: Ref): number {
  return arena.doubles[ref >>> SEGMENT_SHIFT][ref & SEGMENT_MASK];
}

/** Length of the element's member, in bytes. */
export function memberLength(arena: Arena, ref: Ref): number {
  return arena.words[ref >>> SEGMENT_SHIFT][
    ((ref & SEGMENT_MASK) << 1) + LENGTH_AND_BALANCE
  ] >>> 2;
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
    arena.words[segment][(granule << 1) + LENGTH_AND_BALANCE] >>> 2,
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
export function compareMembers(arena: Arena, a: Ref, b: Ref): number {
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
