/**
 * The first one or the first zero in a range of bits. Where there is none, 64 bits at a time are
 * passed over; in the first byte that is another, the place is the number of leading zeros of what
 * differs.
 */

import type { Bytes } from "../bytes/bytes.ts";

/** What {@linkcode findBit} answers where there is none. */
export const NO_BIT = -1;

const WORD_BYTES = 8;

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

/** The first byte of `bytes[from, last)` that is not `passed`, 0 or 255, or `last`. */
function skip(bytes: Bytes, from: number, last: number, passed: number): number {
  const { view } = bytes;
  let at = from;
  if (view !== undefined) at = passed === 0 ? skipZeros(view, at, last) : skipOnes(view, at, last);
  while (at < last && bytes[at] === passed) at++;
  return at;
}

// Two functions, as V8 compares 64 bits without an object only where one side is written out.

/** Passes over whole words of zeros. @returns where there are none, or too few bytes, from `from` on */
function skipZeros(view: DataView, from: number, last: number): number {
  const lastWord = last - WORD_BYTES;
  let at = from;
  while (at <= lastWord && view.getBigInt64(at, true) === 0n) at += WORD_BYTES;
  return at;
}

function skipOnes(view: DataView, from: number, last: number): number {
  const lastWord = last - WORD_BYTES;
  let at = from;
  while (at <= lastWord && view.getBigInt64(at, true) === -1n) at += WORD_BYTES;
  return at;
}
