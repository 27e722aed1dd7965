/**
 * AND, OR, XOR and NOT of byte strings, a word of 32 bits at a time, in the place of the first.
 */

import type { Bytes } from "../bytes/bytes.ts";

/** How two bits make one. */
export const BitOperation = { And: 0, Or: 1, Xor: 2 } as const;
export type BitOperation = typeof BitOperation[keyof typeof BitOperation];
const { And: AND, Or: OR } = BitOperation;

/**
 * Combines `target[at, at + length)` with `source[start, start + length)`, which does not overlap
 * it. O(length).
 */
export function combineBits(
  operation: BitOperation,
  target: Bytes,
  at: number,
  source: Bytes,
  start: number,
  length: number,
): void {
  const to = target.view;
  const from = source.view;
  let i = 0;
  if (to !== undefined && from !== undefined) {
    const words = length & ~3;
    if (operation === AND) {
      for (; i < words; i += 4) {
        to.setInt32(at + i, to.getInt32(at + i, true) & from.getInt32(start + i, true), true);
      }
    } else if (operation === OR) {
      for (; i < words; i += 4) {
        to.setInt32(at + i, to.getInt32(at + i, true) | from.getInt32(start + i, true), true);
      }
    } else {
      for (; i < words; i += 4) {
        to.setInt32(at + i, to.getInt32(at + i, true) ^ from.getInt32(start + i, true), true);
      }
    }
  }
  for (; i < length; i++) {
    const byte = source[start + i];
    if (operation === AND) target[at + i] &= byte;
    else if (operation === OR) target[at + i] |= byte;
    else target[at + i] ^= byte;
  }
}

/** Turns every bit of `bytes[at, at + length)` around. O(length). */
export function invertBits(bytes: Bytes, at: number, length: number): void {
  const { view } = bytes;
  let i = 0;
  if (view !== undefined) {
    for (; i + 4 <= length; i += 4) view.setInt32(at + i, ~view.getInt32(at + i, true), true);
  }
  for (; i < length; i++) bytes[at + i] = ~bytes[at + i];
}
