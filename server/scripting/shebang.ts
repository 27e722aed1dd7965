/**
 * The first line of a script or library, which says what runs it and how:
 *
 * ```
 * #!lua name=mylib ⏎ redis.register_function(…)
 *   └engine        └─ `end`: from here on it is Lua, line breaks and all, so that lines keep their numbers
 * ```
 *
 * Its words are split and quoted as those of an inline request.
 */

import { RequestBatch } from "../../protocol/arguments.ts";
import { splitWords } from "../../protocol/inline_request.ts";
import {
  bytesOfByteString,
  type ByteString,
  byteStringOf,
} from "../../structures/bytes/byte_string.ts";

const MARK = "#!";
const MAX_WORDS = 65_536;

/** A first line in its parts. */
export interface Shebang {
  /** The first word, without `#!`. */
  readonly engine: ByteString;
  /** The other words. */
  readonly words: readonly ByteString[];
  /** Where the line ends: the index of its line break. */
  readonly end: number;
}

/** Whether a text begins with such a line. */
export function hasShebang(source: ByteString): boolean {
  return source.startsWith(MARK);
}

/** The first line of a text that has one; undefined where it has no end, or quotes are left open. */
export function parseShebang(source: ByteString): Shebang | undefined {
  const end = source.indexOf("\n");
  const nul = source.indexOf("\0");
  // As in C, a text ends at its first NUL.
  if (end === -1 || nul !== -1 && nul < end) return undefined;
  const bytes = bytesOfByteString(source.slice(0, end));
  const batch = new RequestBatch();
  const count = splitWords(batch, 0, bytes, 0, bytes.length, MAX_WORDS);
  if (count < 1) return undefined;
  const all = Array.from(
    { length: count },
    (_, i) => byteStringOf(bytes, batch.offsets[i], batch.lengths[i]),
  );
  return { engine: all[0].slice(MARK.length), words: all.slice(1), end };
}
