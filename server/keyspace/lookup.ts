/**
 * The inner loop of every command: from a key to its entry.
 *
 * It is one long function on purpose. V8 puts short functions into those that call them, as long as
 * all of it stays below a limit, and leaves the rest as calls. A lookup that is too long for that
 * becomes a unit of its own, with the steps through the table inside, in place of five calls in the
 * middle of each command.
 */

import type { Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import type { HashTable } from "../../structures/hash_table/hash_table.ts";
import * as entryLayout from "./entry_layout.ts";
import type { Key } from "./key.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD_BIT, KIND_MASK, LENGTHS_WORD, LONG_KEY, META_WORD, SLOT_WORD } = entryLayout;

/**
 * The entry of a key in a table, whether it has expired or not, or NONE. O(key).
 *
 * A key starts at a word of its entry, so it is compared by words, each put together from four of
 * the request's bytes.
 */
export function lookUp(
  segments: readonly Int32Array[],
  table: Pick<HashTable, "first" | "next">,
  root: Ref,
  key: Key,
): Ref {
  const { bytes, hash, length, start } = key;
  const { view } = bytes;
  const end = start + length;
  const wordsEnd = end - (length & 3);
  for (let entry = table.first(root, hash); entry !== NONE; entry = table.next(root, entry, hash)) {
    const words = segments[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const meta = words[at + META_WORD];
    const shortLength = words[at + LENGTHS_WORD] & 0xffff;
    let word = at + SLOT_WORD + ((meta >>> HAS_TTL_WORD_BIT) & 1) +
      ((meta & KIND_MASK) === 0 ? 0 : 2);
    if (shortLength === LONG_KEY) {
      if (words[word++] !== length) continue;
    } else if (shortLength !== length) continue;
    let i = start;
    if (view !== undefined) {
      while (i < wordsEnd && view.getInt32(i, true) === words[word]) {
        i += 4;
        word++;
      }
    } else {
      while (
        i < wordsEnd &&
        (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)) ===
          words[word]
      ) {
        i += 4;
        word++;
      }
    }
    if (i < wordsEnd) continue;
    for (let shift = 0; i < end && bytes[i] === ((words[word] >>> shift) & 0xff); shift += 8) i++;
    if (i === end) return entry;
  }
  return NONE;
}
