/**
 * SHA-1 (FIPS 180-4), synchronous and without an object for each message: for digests that are
 * compared between servers, and for names of scripts. Nothing is kept secret by it: SHA-1 is broken
 * for that.
 *
 * ```
 *   message │ 0x80 │ 0 … 0 │ its length in bits, 64     in blocks of 64 bytes, each of which
 *                                                        80 rounds mix into five words
 * ```
 */

/** Bytes of a digest. */
export const SHA1_BYTES = 20;

const BLOCK_BYTES = 64;
/** Where the length begins in the last block. */
const LENGTH_AT = 56;
const ROUNDS = 80;

const words = new Int32Array(ROUNDS);
const state = new Int32Array(5);
const tail = new Uint8Array(2 * BLOCK_BYTES);

/**
 * Writes the digest of `bytes[start, start + length)` to `target[at, at + 20)`, which may lie within
 * what is digested. O(length).
 */
export function sha1(
  bytes: Uint8Array,
  start: number,
  length: number,
  target: Uint8Array,
  at: number,
): void {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  state[4] = 0xc3d2e1f0;
  const whole = length - length % BLOCK_BYTES;
  for (let i = 0; i < whole; i += BLOCK_BYTES) mixBlock(bytes, start + i);
  const rest = length - whole;
  for (let i = 0; i < rest; i++) tail[i] = bytes[start + whole + i];
  const tailBytes = rest < LENGTH_AT ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  tail.fill(0, rest, tailBytes);
  tail[rest] = 0x80;
  const lengthAt = tailBytes - 8;
  writeWord(tail, lengthAt, Math.floor(length / 2 ** 29));
  writeWord(tail, lengthAt + 4, length << 3);
  for (let i = 0; i < tailBytes; i += BLOCK_BYTES) mixBlock(tail, i);
  for (let i = 0; i < 5; i++) writeWord(target, at + 4 * i, state[i]);
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

function mixBlock(bytes: Uint8Array, start: number): void {
  for (let i = 0; i < 16; i++) {
    const at = start + 4 * i;
    words[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
  }
  for (let i = 16; i < ROUNDS; i++) {
    const word = words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16];
    words[i] = word << 1 | word >>> 31;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  for (let i = 0; i < ROUNDS; i++) {
    let mixed: number;
    if (i < 20) mixed = (b & c | ~b & d) + 0x5a827999;
    else if (i < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) mixed = (b & c | b & d | c & d) + 0x8f1bbcdc;
    else mixed = (b ^ c ^ d) + 0xca62c1d6;
    const next = (a << 5 | a >>> 27) + mixed + e + words[i] | 0;
    e = d;
    d = c;
    c = b << 30 | b >>> 2;
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

const digest = new Uint8Array(SHA1_BYTES);
const digits: number[] = Array.from({ length: 2 * SHA1_BYTES }, () => 0);
const DIGITS = Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** The digest in forty hexadecimal digits. O(bytes). */
export function sha1Hex(bytes: Uint8Array): string {
  sha1(bytes, 0, bytes.length, digest, 0);
  for (let i = 0; i < SHA1_BYTES; i++) {
    digits[2 * i] = DIGITS[digest[i] >> 4];
    digits[2 * i + 1] = DIGITS[digest[i] & 15];
  }
  return String.fromCharCode(...digits);
}
