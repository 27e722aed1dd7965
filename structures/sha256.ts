/**
 * SHA-256 (FIPS 180-4), synchronous: for passwords, of which only the digest is kept. Who can read the
 * digests can try passwords quickly, as with any plain hash; long random ones withstand that.
 *
 * ```
 *   message │ 0x80 │ 0 … 0 │ its length in bits, 64     in blocks of 64 bytes, each of which
 *                                                        64 rounds mix into eight words
 * ```
 */

const BLOCK_BYTES = 64;
/** Where the length begins in the last block. */
const LENGTH_AT = 56;
const ROUNDS = 64;
const WORDS = 8;

/** The first 32 bits behind the point of the cube roots of the first 64 primes, one a round. */
const constants = new Int32Array(ROUNDS);
/** The same of the square roots of the first eight: what the words begin with. */
const beginning = new Int32Array(WORDS);

for (let candidate = 2, found = 0; found < ROUNDS; candidate++) {
  if (hasDivisor(candidate)) continue;
  constants[found] = fractionBits(Math.cbrt(candidate));
  if (found < WORDS) beginning[found] = fractionBits(Math.sqrt(candidate));
  found++;
}

function hasDivisor(candidate: number): boolean {
  for (let i = 2; i * i <= candidate; i++) if (candidate % i === 0) return true;
  return false;
}

function fractionBits(root: number): number {
  return (root - Math.floor(root)) * 2 ** 32 | 0;
}

const words = new Int32Array(ROUNDS);
const state = new Int32Array(WORDS);
const tail = new Uint8Array(2 * BLOCK_BYTES);

/** The digest in 64 hexadecimal digits. O(bytes). */
export function sha256Hex(bytes: Uint8Array): string {
  state.set(beginning);
  const { length } = bytes;
  const rest = length % BLOCK_BYTES;
  for (let i = 0; i < length - rest; i += BLOCK_BYTES) mixBlock(bytes, i);
  for (let i = 0; i < rest; i++) tail[i] = bytes[length - rest + i];
  const tailBytes = rest < LENGTH_AT ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  tail.fill(0, rest, tailBytes);
  tail[rest] = 0x80;
  writeWord(tailBytes - 8, Math.floor(length / 2 ** 29));
  writeWord(tailBytes - 4, length << 3);
  for (let i = 0; i < tailBytes; i += BLOCK_BYTES) mixBlock(tail, i);
  // What was digested may be a secret.
  tail.fill(0);
  words.fill(0);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function writeWord(at: number, word: number): void {
  tail[at] = word >>> 24;
  tail[at + 1] = word >>> 16;
  tail[at + 2] = word >>> 8;
  tail[at + 3] = word;
}

function rotated(word: number, bits: number): number {
  return word >>> bits | word << 32 - bits;
}

function mixBlock(bytes: Uint8Array, start: number): void {
  for (let i = 0; i < 16; i++) {
    const at = start + 4 * i;
    words[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
  }
  for (let i = 16; i < ROUNDS; i++) {
    const early = words[i - 15];
    const late = words[i - 2];
    const fromEarly = rotated(early, 7) ^ rotated(early, 18) ^ early >>> 3;
    const fromLate = rotated(late, 17) ^ rotated(late, 19) ^ late >>> 10;
    words[i] = words[i - 16] + fromEarly + words[i - 7] + fromLate;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < ROUNDS; i++) {
    const chosen = e & f ^ ~e & g;
    const majority = a & b ^ a & c ^ b & c;
    const first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + chosen + constants[i] +
        words[i] | 0;
    const second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority | 0;
    h = g;
    g = f;
    f = e;
    e = d + first | 0;
    d = c;
    c = b;
    b = a;
    a = first + second | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}
