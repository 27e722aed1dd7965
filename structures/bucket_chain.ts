/**
 * A bucket with its overflow buckets, as one place for any number of nodes: the changes of it, which
 * keep what bucket_line.ts says of a chain. `table` is whose overflow buckets are counted.
 */

import { assert } from "@std/assert/assert";
import { type Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "./arena.ts";
import { assertAligned } from "./bucket_array.ts";
import {
  clearLine,
  firstSlot,
  isEmptyLine,
  LINE_BYTES,
  NO_TAGS,
  occupiedSlots,
  OVERFLOW,
  REFS,
  setTag,
  slotOf,
  slotsWith,
  tagsAt,
} from "./bucket_line.ts";
import { OVERFLOWS } from "./hash_table_layout.ts";

/** The bucket that holds a node, in the chain from `line` on. @throws {AssertionError} if none does */
export function lineWith(
  segments: readonly Int32Array[],
  line: Ref,
  node: Ref,
  tags: number,
): Ref {
  for (;;) {
    assert(line !== NONE, "a node that is not in its table");
    const words = segments[line >>> SEGMENT_SHIFT];
    const at = (line & SEGMENT_MASK) << 1;
    if (slotOf(words, at, node, tags) !== -1) return line;
    line = words[at + OVERFLOW];
  }
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
  const line = lineWith(arena.words, primary, node, tags);
  const words = arena.words[line >>> SEGMENT_SHIFT];
  const at = (line & SEGMENT_MASK) << 1;
  const slot = slotOf(words, at, node, tags);
  const newest = arena.word(primary, OVERFLOW);
  if (newest === NONE) return setTag(words, at, slot, NO_TAGS);
  const newestWords = arena.words[newest >>> SEGMENT_SHIFT];
  const newestAt = (newest & SEGMENT_MASK) << 1;
  let hole = slot;
  if (line !== newest) {
    hole = firstSlot(occupiedSlots(newestWords, newestAt));
    setTag(words, at, slot, tagsAt(newestWords, newestAt, hole));
    words[at + REFS + slot] = newestWords[newestAt + REFS + hole];
  }
  setTag(newestWords, newestAt, hole, NO_TAGS);
  if (isEmptyLine(newestWords, newestAt)) dropNewest(arena, table, primary);
}
