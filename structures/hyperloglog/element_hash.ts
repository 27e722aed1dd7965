/**
 * What an element does to a HyperLogLog: the register that its hash chooses, and the run of zeros
 * that the register is to keep.
 *
 * ```
 * hash   │ 63 …                              14 │ 13 … 0 │
 *          run: place of the lowest 1, from 1 on  index
 * ```
 *
 * The hash is MurmurHash64A with Redis's seed, by A. Appleby, who put it into the public domain. It
 * multiplies 64 bits by 64, which here are two halves each. The product of two halves is put
 * together from products of 16 bits, each of which 32 bits hold:
 *
 * ```
 *              a1 · b0  a0 · b0
 *     a1 · b1  a0 · b1
 *   └── high ──┘└── low ───────┘   low = imul(a, b); what is carried out of it is in the sums
 * ```
 */

import type { Bytes } from "../bytes/bytes.ts";
import * as layout from "./hyperloglog_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { INDEX_BITS, REGISTER_COUNT, RUN_BITS } = layout;

const SEED = 0xadc83b19;
/** The factor of the hash in two halves, and the lower half in two. */
const FACTOR_HIGH = 0xc6a4a793 | 0;
const FACTOR_LOW = 0x5bd1e995;
const FACTOR_LOW_0 = FACTOR_LOW & 0xffff;
const FACTOR_LOW_1 = FACTOR_LOW >>> 16;
/** The hash moves by 47 bits: only the upper half is left, by so many. */
const SHIFT = 47 - 32;
const LOW_RUN_BITS = 32 - INDEX_BITS;

/** The upper half of `high:low` times the factor; the lower is `Math.imul(low, FACTOR_LOW)`. */
function upperProduct(high: number, low: number): number {
  const low0 = low & 0xffff;
  const low1 = low >>> 16;
  // Neither sum has more than 32 bits.
  const middle = (Math.imul(low1, FACTOR_LOW_0) + (Math.imul(low0, FACTOR_LOW_0) >>> 16)) | 0;
  const carried = (Math.imul(low0, FACTOR_LOW_1) + (middle & 0xffff)) | 0;
  return (Math.imul(low1, FACTOR_LOW_1) + (middle >>> 16) + (carried >>> 16) +
    Math.imul(high, FACTOR_LOW) + Math.imul(low, FACTOR_HIGH)) | 0;
}

/**
 * What `bytes[start, start + length)` does: the register in the low {@linkcode INDEX_BITS}, the run
 * above them. O(length), no allocation.
 */
export function registerOf(bytes: Bytes, start: number, length: number): number {
  const { view } = bytes;
  // A seed of 32 bits, and the length times the factor.
  let high = upperProduct(0, length);
  let low = Math.imul(length, FACTOR_LOW) ^ SEED;
  let at = start;
  const wholeEnd = start + (length & ~7);
  let nextHigh = 0;
  let nextLow = 0;
  for (; at < wholeEnd; at += 8) {
    nextLow = view !== undefined ? view.getInt32(at, true) : wordAt(bytes, at);
    nextHigh = view !== undefined ? view.getInt32(at + 4, true) : wordAt(bytes, at + 4);
    nextHigh = upperProduct(nextHigh, nextLow);
    nextLow = Math.imul(nextLow, FACTOR_LOW);
    nextLow ^= nextHigh >>> SHIFT;
    nextHigh = upperProduct(nextHigh, nextLow);
    nextLow = Math.imul(nextLow, FACTOR_LOW);
    high = upperProduct(high ^ nextHigh, low ^ nextLow);
    low = Math.imul(low ^ nextLow, FACTOR_LOW);
  }
  const rest = length & 7;
  if (rest !== 0) {
    for (let i = rest - 1; i >= 0; i--) {
      if (i >= 4) high ^= bytes[at + i] << ((i - 4) * 8);
      else low ^= bytes[at + i] << (i * 8);
    }
    high = upperProduct(high, low);
    low = Math.imul(low, FACTOR_LOW);
  }
  low ^= high >>> SHIFT;
  high = upperProduct(high, low);
  low = Math.imul(low, FACTOR_LOW);
  low ^= high >>> SHIFT;
  return (low & (REGISTER_COUNT - 1)) | runOf(high, low >>> INDEX_BITS) << INDEX_BITS;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
}

/** The place of the lowest 1 of 50 bits, counted from 1; one behind the last where there is none. */
function runOf(high: number, low: number): number {
  if (low !== 0) return 32 - Math.clz32(low & -low);
  if (high !== 0) return LOW_RUN_BITS + 32 - Math.clz32(high & -high);
  return RUN_BITS + 1;
}
