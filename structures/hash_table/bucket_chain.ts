/**
 * A bucket with its overflow buckets, as one place for any number of nodes: the changes of it, which
 * keep what bucket_line.ts says of a chain. `table` is whose overflow buckets are counted.
 */

import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import { assertAligned } from "./bucket_array.ts";
import {
  clearLine,
  firstSlot,
  isEmptyLine,
  occupiedSlots,
  setTag,
  slotOf,
  slotsWith,
  tagsAt,
} from "./bucket_line.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { LINE_BYTES, NO_TAGS, OVERFLOW, OVERFLOWS, REFS } = tableLayout;

/** The bucket that holds a node, in the chain from `line` on. @throws {AssertionError} if none does */
export function lineWith(
  segments: readonly Int32Array[],
  line: Ref,
  node: Ref,
  tags: number,
): Ref {
  while (line !== NONE) {
    const words = segments[line >>> SEGMENT_SHIFT];
    const at = (line & SEGMENT_MASK) << 1;
    if (slotOf(words, at, node, tags) !== -1) return line;
    line = words[at + OVERFLOW];
  }
  assert(false, "a node that is not in its table");
}

/**
 * Puts a node into the newest bucket of a chain, or into one more. O(1).
 *
 * @throws {ArenaFullError} when there is no room for one more; nothing has changed then
 */
export function putNode(arena: Arena, table: Ref, primary: Ref, node: Ref, tags: number): void {
  let words = arena.words[primary >>> SEGMENT_SHIFT];
  let at = (primary & SEGMENT_MASK) << 1;
  const newest = words[at + OVERFLOW];
  if (newest !== NONE) {
    words = arena.words[newest >>> SEGMENT_SHIFT];
    at = (newest & SEGMENT_MASK) << 1;
  }
  let slots = slotsWith(words, at, NO_TAGS);
  if (slots === 0) {
    const added = addNewest(arena, table, primary);
    words = arena.words[added >>> SEGMENT_SHIFT];
    at = (added & SEGMENT_MASK) << 1;
    slots = 1;
  }
  const slot = firstSlot(slots);
  setTag(words, at, slot, tags);
  words[at + REFS + slot] = node;
}

function addNewest(arena: Arena, table: Ref, primary: Ref): Ref {
  const added = arena.allocate(LINE_BYTES);
  assertAligned(added);
  const words = arena.words[added >>> SEGMENT_SHIFT];
  clearLine(words, (added & SEGMENT_MASK) << 1, arena.word(primary, OVERFLOW));
  arena.setWord(primary, OVERFLOW, added);
  arena.setWord(table, OVERFLOWS, arena.word(table, OVERFLOWS) + 1);
  return added;
}

/** Frees the newest overflow bucket of a chain, which must have one, whatever it holds. O(1). */
export function dropNewest(arena: Arena, table: Ref, primary: Ref): void {
  const newest = arena.word(primary, OVERFLOW);
  arena.setWord(primary, OVERFLOW, arena.word(newest, OVERFLOW));
  arena.setWord(table, OVERFLOWS, arena.word(table, OVERFLOWS) - 1);
  arena.free(newest);
}

/** Takes a node out of a chain: one of the newest bucket comes in its place. O(chain). */
export function takeNode(arena: Arena, table: Ref, primary: Ref, node: Ref, tags: number): void {
  const segments = arena.words;
  const line = lineWith(segments, primary, node, tags);
  const words = segments[line >>> SEGMENT_SHIFT];
  const at = (line & SEGMENT_MASK) << 1;
  const slot = slotOf(words, at, node, tags);
  const newest = line === primary ? words[at + OVERFLOW] : arena.word(primary, OVERFLOW);
  if (newest === NONE) setTag(words, at, slot, NO_TAGS);
  else if (newest === line) emptySlot(arena, table, primary, slot);
  else {
    const newestWords = segments[newest >>> SEGMENT_SHIFT];
    const newestAt = (newest & SEGMENT_MASK) << 1;
    const last = firstSlot(occupiedSlots(newestWords, newestAt));
    setTag(words, at, slot, tagsAt(newestWords, newestAt, last));
    words[at + REFS + slot] = newestWords[newestAt + REFS + last];
    emptySlot(arena, table, primary, last);
  }
}

/** Empties a slot of the newest overflow bucket, which goes with its last node. */
function emptySlot(arena: Arena, table: Ref, primary: Ref, slot: number): void {
  const newest = arena.word(primary, OVERFLOW);
  const words = arena.words[newest >>> SEGMENT_SHIFT];
  const at = (newest & SEGMENT_MASK) << 1;
  setTag(words, at, slot, NO_TAGS);
  if (isEmptyLine(words, at)) dropNewest(arena, table, primary);
}
