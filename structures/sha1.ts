/**
 * SHA-1 (FIPS 180-4), at once and without the runtime's own, which answers later. It names scripts,
 * and protects nothing.
 */

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 80;

const words = new Int32Array(ROUNDS);
const state = new Int32Array(5);
const tail = new Uint8Array(2 * BLOCK_BYTES);

/** The digest in forty hexadecimal digits. O(bytes). */
export function sha1Hex(bytes: Uint8Array): string {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  state[4] = 0xc3d2e1f0;
  const { length } = bytes;
  let at = 0;
  for (; at + BLOCK_BYTES <= length; at += BLOCK_BYTES) mix(bytes, at);
  // The rest, a bit, zeros, and the number of bits: one block or two.
  const rest = length - at;
  tail.fill(0);
  for (let i = 0; i < rest; i++) tail[i] = bytes[at + i];
  tail[rest] = 0x80;
  const end = rest + 1 + LENGTH_BYTES <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  for (let i = 1, left = length * 8; left > 0; i++) {
    tail[end - i] = left % 256;
    left = Math.floor(left / 256);
  }
  for (let block = 0; block < end; block += BLOCK_BYTES) mix(tail, block);
  let text = "";
  for (const word of state) text += (word >>> 0).toString(16).padStart(8, "0");
  return text;
}

function mix(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const from = at + 4 * i;
    words[i] = bytes[from] << 24 | bytes[from + 1] << 16 | bytes[from + 2] << 8 | bytes[from + 3];
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
    let sum = (a << 5 | a >>> 27) + e + words[i];
    if (i < 20) sum += (d ^ b & (c ^ d)) + 0x5a827999;
    else if (i < 40) sum += (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) sum += (b & c | d & (b | c)) + 0x8f1bbcdc;
    else sum += (b ^ c ^ d) + 0xca62c1d6;
    e = d;
    d = c;
    c = b << 30 | b >>> 2;
    b = a;
    a = sum | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}
