/**
 * The first one or the first zero in a range of bits. Words in which there is none are passed over
 * 32 bits at a time, four words a turn; in the first that is another, the place is the number of
 * leading zeros of what differs.
 */

import type { Bytes } from "../bytes/bytes.ts";

/** What {@linkcode findBit} answers where there is none. */
export const NO_BIT = -1;

const WORDS_A_TURN = 16;

/**
 * The first bit that is `bit` (0 or 1) among those from `first` to `last`, both included, of the
 * string that begins at byte `start`; {@linkcode NO_BIT} where there is none. O(last - first).
 */
export function findBit(
  bytes: Bytes,
  start: number,
  first: number,
  last: number,
  bit: number,
): number {
  // What all bits are that are passed over, as a byte.
  const passed = bit === 1 ? 0 : 0xff;
  const firstByte = Math.floor(first / 8);
  const lastByte = Math.floor(last / 8);
  let found = (bytes[start + firstByte] ^ passed) & (0xff >> (first & 7));
  let byte = firstByte;
  if (found === 0 && firstByte < lastByte) {
    byte = skip(bytes, start + firstByte + 1, start + lastByte, passed) - start;
    found = bytes[start + byte] ^ passed;
  }
  if (byte === lastByte) found &= ~(0x7f >> (last & 7));
  return found === 0 ? NO_BIT : byte * 8 + Math.clz32(found) - 24;
}

/** The first byte of `bytes[from, last)` that is not `passed`, or `last`. */
function skip(bytes: Bytes, from: number, last: number, passed: number): number {
  const { view } = bytes;
  let at = from;
  if (view !== undefined) {
    const word = passed === 0 ? 0 : -1;
    for (; at + WORDS_A_TURN <= last; at += WORDS_A_TURN) {
      const differs = (view.getInt32(at, true) ^ word) | (view.getInt32(at + 4, true) ^ word) |
        (view.getInt32(at + 8, true) ^ word) | (view.getInt32(at + 12, true) ^ word);
      if (differs !== 0) break;
    }
  }
  while (at < last && bytes[at] === passed) at++;
  return at;
}
