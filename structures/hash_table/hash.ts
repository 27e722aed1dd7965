/**
 * The keyed hash of keys and members: HalfSipHash-1-3, 32 bits.
 *
 * A server hashes what strangers send. With a hash that they can compute, a few thousand chosen
 * keys all land in one bucket and every access walks them; with a secret seed they cannot find such
 * keys. SipHash was made for this, and HalfSipHash is its member with 32-bit words, which is what
 * JavaScript's integers are.
 *
 * ```
 * state   v0 v1 v2 v3 = k0, k1, k0 ^ "lyge", k1 ^ "tedb"
 * input   ┌ word ┬ word ┬ … ┬ 0–3 bytes, 0s, length & 255 ┐   words are little-endian
 * word    v3 ^= word · 1 round · v0 ^= word
 * end     v2 ^= 255 · 3 rounds · result v1 ^ v3
 * ```
 *
 * Written from J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF" (INDOCRYPT
 * 2012) and the description of HalfSipHash that its authors publish with it. One round a word and
 * three at the end is the choice of other hash tables (Rust, Ruby, Python use SipHash-1-3).
 */

import type { Bytes } from "../bytes/bytes.ts";

/**
 * Hashes byte strings under a secret seed. Equal bytes give equal hashes under equal seeds only, so
 * all threads of one store must share the seed.
 */
export class KeyHasher {
  readonly #k0: number;
  readonly #k1: number;

  /** @param seed0 first half of the secret, 32 random bits  @param seed1 second half, 32 random bits */
  constructor(seed0: number, seed1: number) {
    this.#k0 = seed0 | 0;
    this.#k1 = seed1 | 0;
  }

  /**
   * Hash of `bytes[start .. start + length)` as an int32. O(length), no allocation. The rounds are
   * written out because four locals stay in registers, where a call would spill them.
   */
  hash(bytes: Bytes, start: number, length: number): number {
    const { view } = bytes;
    let v0 = this.#k0;
    let v1 = this.#k1;
    let v2 = v0 ^ 0x6c796765;
    let v3 = v1 ^ 0x74656462;
    const end = start + (length & ~3);
    for (let i = start; i < end; i += 4) {
      const word = view !== undefined
        ? view.getInt32(i, true)
        : bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v2 = (v2 + v3) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (((v0 << 16) | (v0 >>> 16)) + v3) | 0;
      v2 = (v2 + v1) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    let last = length << 24;
    const rest = length & 3;
    if (rest > 0) last |= bytes[end];
    if (rest > 1) last |= bytes[end + 1] << 8;
    if (rest > 2) last |= bytes[end + 2] << 16;
    v3 ^= last;
    for (let round = 0; round < 4; round++) {
      v0 = (v0 + v1) | 0;
      v2 = (v2 + v3) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (((v0 << 16) | (v0 >>> 16)) + v3) | 0;
      v2 = (v2 + v1) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      if (round === 0) {
        v0 ^= last;
        v2 ^= 0xff;
      }
    }
    return v1 ^ v3;
  }
}
