/**
 * The nodes of the AVL tree. Each has a block of elements that follow each other in the order.
 *
 * ```
 * byte  0      4       8        12      16       20     24         28      32      40      44         64
 *       ┌──────┬───────┬────────┬───────┬────────┬──────┬──────────┬───────┬───────┬───────┬── … ─────┐
 *       │ left │ right │ parent │ count │ length │ next │ previous │ block │ first │ first │ first    │
 *       │      │       │        │ below │ balance│ node │ node     │       │ score │ ele-  │ member's │
 *       │      │       │        │       │        │      │          │       │       │ ment  │ beginning│
 *       └──────┴───────┴────────┴───────┴────────┴──────┴──────────┴───────┴───────┴───────┴── … ─────┘
 * word  0      1       2        3       4        5      6          7       8, 9    10      11
 * ```
 *
 * A node is one cache line, and all that a walk up or down the tree reads: the score, the reference
 * and up to 20 bytes of the member of its first element are copies. Nodes lie close together, apart
 * from the blocks, so that those of a million elements take 2.5 MB, which processors find without a
 * walk through the page tables; with the blocks between them, a walk takes twice as long.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import { elementAt, scoreAt } from "./avl_block.ts";
import { compareMember, memberLength, memberStart } from "./sorted_set_element.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as setLayout from "./sorted_set_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  BEGINNING,
  BEGINNING_WORDS,
  BLOCK,
  FIRST,
  FIRST_SCORE,
  LEFT,
  LENGTH_AND_BALANCE,
  PREVIOUS,
} = setLayout;

const MIN_INT32 = -(2 ** 31);

/** Word `field` of a node. */
export function link(segments: readonly Int32Array[], node: Ref, field: number): number {
  return segments[node >>> SEGMENT_SHIFT][((node & SEGMENT_MASK) << 1) + field];
}

/** Sets word `field` of a node. */
export function setLink(
  segments: readonly Int32Array[],
  node: Ref,
  field: number,
  value: number,
): void {
  segments[node >>> SEGMENT_SHIFT][((node & SEGMENT_MASK) << 1) + field] = value;
}

/** Elements in the node's own block. */
export function lengthOf(segments: readonly Int32Array[], node: Ref): number {
  return link(segments, node, LENGTH_AND_BALANCE) >>> 2;
}

/** Sets what {@linkcode lengthOf} answers. */
export function setLength(segments: readonly Int32Array[], node: Ref, length: number): void {
  const words = segments[node >>> SEGMENT_SHIFT];
  const at = ((node & SEGMENT_MASK) << 1) + LENGTH_AND_BALANCE;
  words[at] = (words[at] & 3) | (length << 2);
}

/** Copies what a node tells of its first element: to be called when another has become that. */
export function copyFirst(arena: Arena, node: Ref): void {
  const segment = node >>> SEGMENT_SHIFT;
  const granule = node & SEGMENT_MASK;
  const block = link(arena.words, node, BLOCK);
  const element = elementAt(arena.words, block);
  arena.words[segment][(granule << 1) + FIRST] = element;
  arena.doubles[segment][granule + FIRST_SCORE] = scoreAt(arena.doubles, block);
  const member = arena.bytes[element >>> SEGMENT_SHIFT];
  const end = memberStart(element) + memberLength(arena, element);
  for (let i = 0, at = memberStart(element); i < BEGINNING_WORDS; i++, at += 4) {
    arena.words[segment][(granule << 1) + BEGINNING + i] = orderedWord(member, at, end);
  }
}

/** Four bytes as an integer that is in the order in which the bytes are; behind `end` are zeros. */
function orderedWord(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = at; i < at + 4; i++) word = (word << 8) | (i < end ? bytes[i] : 0);
  return word ^ MIN_INT32;
}

/** Makes `words` what a node whose first member is this byte string has from BEGINNING on. */
export function readBeginning(
  words: Int32Array,
  bytes: Uint8Array,
  start: number,
  length: number,
): void {
  for (let i = 0, at = start; i < BEGINNING_WORDS; i++, at += 4) {
    words[i] = orderedWord(bytes, at, start + length);
  }
}

/**
 * Below, at or above 0 as the member of the node's first element comes before a byte string, is it,
 * or comes after it. Reads the element only where the beginnings do not tell them apart; that they
 * end in zeros where a member is shorter is in keeping with the order. O(length).
 *
 * @param beginning what {@linkcode readBeginning} has made of the byte string
 */
export function compareFirst(
  arena: Arena,
  node: Ref,
  beginning: Int32Array,
  bytes: Uint8Array,
  start: number,
  length: number,
): number {
  const words = arena.words[node >>> SEGMENT_SHIFT];
  const at = (node & SEGMENT_MASK) << 1;
  for (let i = 0; i < BEGINNING_WORDS; i++) {
    const own = words[at + BEGINNING + i];
    const other = beginning[i];
    if (own !== other) return Number(own > other) - Number(own < other);
  }
  return compareMember(arena, words[at + FIRST], bytes, start, length);
}

/** Makes a new node one with an empty block and without neighbours, parent and children. */
export function clearNode(segments: readonly Int32Array[], node: Ref, block: Ref): void {
  for (let field = LEFT; field <= PREVIOUS; field++) setLink(segments, node, field, NONE);
  setLink(segments, node, BLOCK, block);
}
