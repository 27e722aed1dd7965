/**
 * A copy of a hash table and its nodes, bucket by bucket:
 *
 * ```
 *   bucket   │ tags │ a │ b │ c │        copyNode(a) = a', …
 *               ▼     ▼   ▼   ▼
 *   copy     │ tags │ a'│ b'│ c'│        in the bucket of the same number
 * ```
 *
 * A node's copy has its hash, so none is hashed anew, and no bucket is looked for. Where the table is
 * being resized, so is the copy.
 */

import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { addChunk, chunkOf, createDirectory, lineIn } from "./bucket_array.ts";
import { putNode } from "./bucket_chain.ts";
import { firstSlot, loadNodes, occupiedSlots, tagsAt } from "./bucket_line.ts";
import type { HashTable } from "./hash_table.ts";
import * as tableLayout from "./hash_table_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  CHUNK_MASK,
  COUNT,
  DIRECTORY,
  LINE_SLOTS,
  OLD_DIRECTORY,
  OVERFLOW,
  POSITION,
} = tableLayout;

const nodes = new Int32Array(LINE_SLOTS);

/**
 * Copies a table. O(nodes + buckets).
 *
 * @param tables what the table is one of
 * @param copyNode makes a node of the same hash
 * @param freeNode frees one that it has made
 * @throws {ArenaFullError} also what `copyNode` throws; nothing is left of the copy then
 */
export function copyTable(
  arena: Arena,
  tables: HashTable,
  table: Ref,
  copyNode: (node: Ref) => Ref,
  freeNode: (node: Ref) => void,
): Ref {
  const copy = tables.create();
  const put = (node: Ref, line: Ref, tags: number) => {
    const copied = copyNode(node);
    try {
      putNode(arena, copy, line, copied, tags);
    } catch (error) {
      freeNode(copied);
      throw error;
    }
    arena.setWord(copy, COUNT, arena.word(copy, COUNT) + 1);
  };
  try {
    copyArray(arena, table, copy, DIRECTORY, put);
    copyArray(arena, table, copy, OLD_DIRECTORY, put);
  } catch (error) {
    tables.forEach(copy, freeNode);
    tables.destroy(copy);
    throw error;
  }
  return copy;
}

/** Copies a node and puts the copy into a bucket; the copy is a whole table after each. */
type Put = (node: Ref, line: Ref, tags: number) => void;

function copyArray(arena: Arena, table: Ref, copy: Ref, field: number, put: Put): void {
  const directory = arena.word(table, field);
  const mask = arena.word(table, field + 1);
  // The copy is a whole table at any time: its words change together.
  const copiedDirectory = createDirectory(arena, mask);
  arena.setWord(copy, field, copiedDirectory);
  arena.setWord(copy, field + 1, mask);
  if (field === OLD_DIRECTORY) arena.setWord(copy, POSITION, arena.word(table, POSITION));
  if (directory === NONE) return;
  for (let first = 0; first <= mask; first += CHUNK_MASK + 1) {
    const chunk = chunkOf(arena.words, directory, mask, first);
    if (chunk === NONE) continue;
    const copiedChunk = addChunk(arena, copy, field, first);
    const last = Math.min(mask, first + CHUNK_MASK);
    for (let bucket = first; bucket <= last; bucket++) {
      copyChain(arena, lineIn(chunk, bucket), lineIn(copiedChunk, bucket), put);
    }
  }
}

/** Copies a bucket with its overflow buckets. */
function copyChain(arena: Arena, primary: Ref, copiedPrimary: Ref, put: Put): void {
  const segments = arena.words;
  for (let line = primary; line !== NONE; line = arena.word(line, OVERFLOW)) {
    const words = segments[line >>> SEGMENT_SHIFT];
    const at = (line & SEGMENT_MASK) << 1;
    loadNodes(segments, line, nodes);
    let index = 0;
    for (let slots = occupiedSlots(words, at); slots !== 0; slots &= slots - 1) {
      put(nodes[index++], copiedPrimary, tagsAt(words, at, firstSlot(slots)));
    }
  }
}
