/**
 * A bucket of a hash table: one cache line with twelve references and a byte of hash for each.
 *
 * A lookup waits for memory whenever it follows a reference, so it should follow the right one only.
 * The bytes of hash, the *tags*, say which reference that is: of the other nodes in a bucket, one in
 * 255 has the same tag by chance.
 *
 * ```
 * word   0          1      2      3      4 … 15
 *       ┌──────────┬────────────────────┬──────────────────────────────┐
 *       │ overflow │ 12 tags, 0: empty  │ 12 references                │   64 bytes, aligned to them
 *       └────┬─────┴────────────────────┴──────────────────────────────┘
 *            ▼
 *       newest overflow bucket ──▶ … ──▶ oldest ──▶ NONE        the same, each a block of its own
 * ```
 *
 * A bucket that is full is continued by overflow buckets. Only the newest of a chain has empty
 * slots: what is removed elsewhere is replaced by a node from there. So n nodes take exactly
 * ceil(n / 12) buckets, and none of the overflow buckets is empty.
 *
 * Tags are searched a word at a time. A set of slots is a number with bit 8 b + g for the slot whose
 * tag is byte b of word 1 + g; `slots & (slots - 1)` takes the first out of a set.
 */

import type { Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { ALL_SLOTS, NO_TAGS, OVERFLOW, REFS, TAGS } = tableLayout;

/**
 * The tag of a hash in every byte of a word: the upper 8 bits, as the lower ones choose the bucket,
 * or 1 where those are 0.
 */
export function tagsOf(hash: number): number {
  const upper = hash >>> 24;
  return Math.imul(upper | ((upper - 1) >>> 31), 0x01010101);
}

/** The slots of the bucket at `at` of a segment's words which have this tag. O(1), no branch. */
export function slotsWith(words: Int32Array, at: number, tags: number): number {
  return (zeroBytes(words[at + TAGS] ^ tags) >>> 7) |
    (zeroBytes(words[at + TAGS + 1] ^ tags) >>> 6) |
    (zeroBytes(words[at + TAGS + 2] ^ tags) >>> 5);
}

/**
 * The upper bit of each byte that is 0, and no other: 0x7f carries into that bit from any other
 * byte's lower bits, and not beyond it.
 */
function zeroBytes(word: number): number {
  return ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f);
}

/** The slots that hold nodes. */
export function occupiedSlots(words: Int32Array, at: number): number {
  return slotsWith(words, at, NO_TAGS) ^ ALL_SLOTS;
}

/** Number, 0 to 11, of the first slot of a set; -1 where that is empty. */
export function firstSlot(slots: number): number {
  const bit = 31 - Math.clz32(slots & ~(slots - 1));
  return ((bit & 7) << 2) | (bit >> 3);
}

/** How many slots a set has. */
export function countSlots(slots: number): number {
  const bytes = (slots & 0x01010101) + ((slots >>> 1) & 0x01010101) + ((slots >>> 2) & 0x01010101);
  return Math.imul(bytes, 0x01010101) >>> 24;
}

/** The tag in a slot, 0 for an empty one, in every byte of a word. */
export function tagsAt(words: Int32Array, at: number, slot: number): number {
  const tag = (words[at + TAGS + (slot >> 2)] >>> ((slot & 3) << 3)) & 0xff;
  return Math.imul(tag, 0x01010101);
}

/** Sets a slot's tag, given as by {@linkcode tagsOf}; {@linkcode NO_TAGS} empties the slot. */
export function setTag(words: Int32Array, at: number, slot: number, tags: number): void {
  const byte = 0xff << ((slot & 3) << 3);
  const word = at + TAGS + (slot >> 2);
  words[word] = (words[word] & ~byte) | (tags & byte);
}

/** Whether no slot holds a node. */
export function isEmptyLine(words: Int32Array, at: number): boolean {
  return (words[at + TAGS] | words[at + TAGS + 1] | words[at + TAGS + 2]) === 0;
}

/** Makes a bucket empty, with `overflow` behind it. */
export function clearLine(words: Int32Array, at: number, overflow: Ref): void {
  words[at + OVERFLOW] = overflow;
  words[at + TAGS] = 0;
  words[at + TAGS + 1] = 0;
  words[at + TAGS + 2] = 0;
}

/** The slot of a node that has this tag, or -1. */
export function slotOf(words: Int32Array, at: number, node: Ref, tags: number): number {
  for (let slots = slotsWith(words, at, tags); slots !== 0; slots &= slots - 1) {
    const slot = firstSlot(slots);
    if (words[at + REFS + slot] === node) return slot;
  }
  return -1;
}

/**
 * Copies the references of a bucket's nodes, and reads a word of each node meanwhile, so that whoever
 * goes on with them waits for memory once and not for each.
 *
 * @param nodes room for {@linkcode LINE_SLOTS}
 * @returns how many there are
 */
export function loadNodes(
  segments: readonly Int32Array[],
  line: Ref,
  nodes: Int32Array,
): number {
  const words = segments[line >>> SEGMENT_SHIFT];
  const at = (line & SEGMENT_MASK) << 1;
  let count = 0;
  let mix = 0;
  for (let slots = occupiedSlots(words, at); slots !== 0; slots &= slots - 1) {
    const node = words[at + REFS + firstSlot(slots)];
    nodes[count++] = node;
    mix ^= segments[node >>> SEGMENT_SHIFT][(node & SEGMENT_MASK) << 1];
  }
  sink.loaded = mix;
  return count;
}

/** Keeps the loads of {@linkcode loadNodes} from being optimized away. */
const sink = { loaded: 0 };
