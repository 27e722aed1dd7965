/** The digest of a string as clients see it: sixteen hexadecimal digits. */

import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { type Word64, xxh3 } from "../../structures/bytes/xxh3.ts";

export const DIGEST_DIGITS = 16;

const ZERO = 0x30;
const LETTER_A = 0x61;
const LARGE_A = 0x41;
const LARGE_F = 0x46;

const hash: Word64 = new Int32Array(2);

/** Writes the digest of a string into `digits`. O(length). */
export function writeDigest({ bytes, start, length }: ByteView, digits: Uint8Array): void {
  xxh3(bytes, start, length, hash);
  for (let i = 0; i < DIGEST_DIGITS; i++) {
    const word = hash[i < DIGEST_DIGITS / 2 ? 1 : 0];
    const digit = word >>> (28 - 4 * (i & 7)) & 0xf;
    digits[i] = digit < 10 ? ZERO + digit : LETTER_A + digit - 10;
  }
}

/** Whether `bytes` from `start` on, of the length of a digest, are these digits, in any case. */
export function isDigest(digits: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < DIGEST_DIGITS; i++) {
    const byte = bytes[start + i];
    const isLarge = byte >= LARGE_A && byte <= LARGE_F;
    if ((isLarge ? byte - LARGE_A + LETTER_A : byte) !== digits[i]) return false;
  }
  return true;
}
