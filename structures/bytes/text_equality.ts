/**
 * Whether bytes in the arena are a given text: asked once or more in nearly every lookup.
 *
 * Reading a byte costs as much as reading a word, so the arena's side is read by words, wherever it
 * begins: each is put together from the two aligned words that it lies across.
 *
 * ```
 * words    │ . . . e │ l e m e │ n t : . │      a text from byte 3 on
 *                └────────┴────────┘            is compared as  "elem" "ent" …
 * ```
 */

import type { Bytes } from "./bytes.ts";

/**
 * Whether the bytes from `at` on, which `words` hold, are `bytes[start, start + length)`. The word
 * behind them may be read too. O(length).
 */
export function textIs(
  words: Int32Array,
  at: number,
  bytes: Bytes,
  start: number,
  length: number,
): boolean {
  const { view } = bytes;
  const shift = (at & 3) << 3;
  let word = at >> 2;
  let low = words[word] >>> shift;
  const end = start + length;
  const wordsEnd = end - (length & 3);
  let i = start;
  for (; i < wordsEnd; i += 4) {
    const next = words[++word];
    // Shifted in two steps: by 32 bits, where there is nothing to add, a shift would do nothing.
    const own = low | (next << 1 << (31 - shift));
    const four = view !== undefined
      ? view.getInt32(i, true)
      : bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    if (own !== four) return false;
    low = next >>> shift;
  }
  if (i === end) return true;
  const own = low | (words[word + 1] << 1 << (31 - shift));
  for (let bit = 0; i < end; i++, bit += 8) {
    if (bytes[i] !== ((own >>> bit) & 0xff)) return false;
  }
  return true;
}
