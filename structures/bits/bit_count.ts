/**
 * How many ones a range of bits has. Bit 0 is the highest of the first byte, as everywhere in this
 * folder.
 *
 * ```
 * bits from 3 to 20   │ 0 0 0 1 1 0 1 0 │ 1 1 0 0 0 1 0 1 │ 1 0 0 1 0 1 1 0 │
 *                             └ edge ─┘ └─ whole bytes ─┘ └ edge ─┘
 * ```
 *
 * Whole bytes are counted four at a time, by sums of neighbours: of bits, of pairs, of fours (H. S.
 * Warren, "Hacker's Delight", 5-1); where they are many, by the kernel.
 */

import type { Bytes } from "../bytes/bytes.ts";
import { countOnesByKernel } from "./popcount_kernel.ts";

/** From so many bytes on the kernel is quicker, what it costs to begin included. */
const KERNEL_MIN_BYTES = 1024;

/** Ones of 32 bits. */
function onesOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The ones of `bytes[start, start + length)`. O(length). */
export function countOnes(bytes: Bytes, start: number, length: number): number {
  if (length >= KERNEL_MIN_BYTES) return countOnesByKernel(bytes, start, length);
  const { view } = bytes;
  const end = start + length;
  let at = start;
  let ones = 0;
  if (view !== undefined) {
    for (; at + 4 <= end; at += 4) ones += onesOf(view.getInt32(at, true));
  }
  for (; at < end; at++) ones += onesOf(bytes[at]);
  return ones;
}

/**
 * The ones among the bits from `first` to `last`, both included, of the string that begins at byte
 * `start`. O(last - first).
 */
export function countOnesInRange(
  bytes: Bytes,
  start: number,
  first: number,
  last: number,
): number {
  const firstByte = Math.floor(first / 8);
  const lastByte = Math.floor(last / 8);
  const before = bytes[start + firstByte] & ~(0xff >> (first & 7));
  const behind = bytes[start + lastByte] & (0x7f >> (last & 7));
  const whole = countOnes(bytes, start + firstByte, lastByte - firstByte + 1);
  return whole - onesOf(before) - onesOf(behind);
}
