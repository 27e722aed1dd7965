/**
 * Bytes as a string of one character a byte and back, by the runtime's own decoder where that pays.
 *
 * ```
 * length      0    1    2 … 12              13 …
 *             ""   a    String.fromCharCode  the runtime: 100 ns, however long
 *                  table
 * ```
 */

import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { latin1Slice, latin1Write } from "./deno/latin1.ts";

/** Longer strings are made by the runtime. */
const SHORT_BYTES = 12;
/** Longer ones are written by it. */
const SHORT_WRITTEN_BYTES = 40;

const CHARACTERS = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

/** The `length` bytes from `start` on, which may lie in shared memory. O(length). */
export function latin1Of(bytes: Uint8Array, start: number, length: number): ByteString {
  return length <= SHORT_BYTES
    ? shortString(bytes, start, length)
    : latin1Slice(bytes, start, start + length);
}

/** Writes a text of one character a byte from `at` on; there is room. O(length). */
export function writeLatin1(bytes: Uint8Array, at: number, text: ByteString): void {
  const { length } = text;
  if (length > SHORT_WRITTEN_BYTES) return latin1Write(bytes, at, text);
  for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
}

/** A call with so many arguments makes the string without an array. */
function shortString(b: Uint8Array, s: number, length: number): ByteString {
  const { fromCharCode } = String;
  switch (length) {
    case 0:
      return "";
    case 1:
      return CHARACTERS[b[s]];
    case 2:
      return fromCharCode(b[s], b[s + 1]);
    case 3:
      return fromCharCode(b[s], b[s + 1], b[s + 2]);
    case 4:
      return fromCharCode(b[s], b[s + 1], b[s + 2], b[s + 3]);
    case 5:
      return fromCharCode(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4]);
    case 6:
      return fromCharCode(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5]);
    case 7:
      return fromCharCode(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5], b[s + 6]);
    default:
      return fromCharCode(
        b[s],
        b[s + 1],
        b[s + 2],
        b[s + 3],
        b[s + 4],
        b[s + 5],
        b[s + 6],
        b[s + 7],
      ) + shortString(b, s + 8, length - 8);
  }
}
