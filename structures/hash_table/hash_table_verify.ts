/** The check of a hash table's invariants, for tests. */

import { assert } from "../assert.ts";
import { type Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../arena/arena.ts";
import { lineOf } from "./bucket_array.ts";
import { firstSlot, isEmptyLine, occupiedSlots, tagsAt, tagsOf } from "./bucket_line.ts";
import {
  ALL_SLOTS,
  CHUNK_MASK,
  COUNT,
  DIRECTORY,
  MASK,
  OLD_DIRECTORY,
  OLD_MASK,
  OVERFLOW,
  OVERFLOWS,
  PAUSES,
  POSITION,
  REFS,
} from "./hash_table_layout.ts";

/**
 * Checks that every node is in the bucket and array that its hash calls for, under its tag; that
 * only the newest bucket of a chain has empty slots and no overflow bucket is empty; the counts; that
 * no block is kept for buckets that have moved. O(nodes + buckets).
 *
 * @param hashOf what a node's hash must be
 * @throws {AssertionError} at the first that does not hold
 */
export function verifyTable(arena: Arena, table: Ref, hashOf: (node: Ref) => number): void {
  const count = arena.word(table, COUNT) >>> 0;
  const mask = arena.word(table, MASK);
  const oldMask = arena.word(table, OLD_MASK);
  const position = arena.word(table, POSITION);
  assert(((mask + 1) & mask) === 0 && ((oldMask + 1) & oldMask) === 0, "a mask with holes");
  assert(arena.word(table, PAUSES) === 0, "a walk that has not ended");
  if (oldMask === 0) {
    assert(position === 1, "a position without a resize");
    assert(arena.word(table, OLD_DIRECTORY) === NONE, "an old array without a resize");
  } else {
    assert(position >= 0 && position <= oldMask, "a resize past its end");
  }
  const seen = new Set<Ref>();
  let overflows = 0;
  for (const field of [DIRECTORY, OLD_DIRECTORY]) {
    const directory = arena.word(table, field);
    const arrayMask = arena.word(table, field + 1);
    const isOld = field === OLD_DIRECTORY;
    if (isOld && oldMask === 0) continue;
    for (let bucket = 0; bucket <= arrayMask; bucket++) {
      const primary = lineOf(arena.words, directory, arrayMask, bucket);
      if (primary === NONE) {
        bucket |= CHUNK_MASK;
        continue;
      }
      assert(!isOld || (bucket | CHUNK_MASK) >= position, "a chunk kept behind a resize");
      const newest = arena.word(primary, OVERFLOW);
      let line = primary;
      for (; line !== NONE; line = arena.word(line, OVERFLOW)) {
        const words = arena.words[line >>> SEGMENT_SHIFT];
        const at = (line & SEGMENT_MASK) << 1;
        const occupied = occupiedSlots(words, at);
        const mayHaveHoles = line === newest || newest === NONE;
        assert(mayHaveHoles || occupied === ALL_SLOTS, "holes before the newest bucket");
        assert(line === primary || !isEmptyLine(words, at), "an empty overflow bucket");
        if (line !== primary) assert(++overflows <= count, "a chain in a circle");
        for (let slots = occupied; slots !== 0; slots &= slots - 1) {
          const slot = firstSlot(slots);
          const node = words[at + REFS + slot];
          const hash = hashOf(node);
          assert((hash & arrayMask) === bucket, "a node in a foreign bucket");
          assert(((hash & oldMask) >= position) === isOld, "a node in the wrong array");
          assert(tagsAt(words, at, slot) === tagsOf(hash), "a node under a wrong tag");
          assert(!seen.has(node), "a node that is there twice");
          seen.add(node);
        }
      }
    }
  }
  assert(seen.size === count, `${seen.size} nodes are in the table, ${count} counted`);
  assert(overflows === arena.word(table, OVERFLOWS), `${overflows} overflow buckets, not counted`);
}
