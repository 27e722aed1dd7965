/**
 * XXH3, 64 bits, without a seed: the hash by which clients compare values that they do not send.
 *
 * It is not keyed, so nothing in here may be found by it; KeyHasher is for that.
 *
 * ```
 * 0 … 16 bytes     a formula for each of four lengths
 * … 128, … 240     pieces of 16 bytes, from both ends or from the front, multiplied and added
 * more             8 accumulators of 64 bits, fed with stripes of 64 bytes
 *
 *   stripe  │ 8 bytes │ 8 bytes │ …      key = bytes ^ secret, which moves on by 8 bytes a stripe
 *               │  ╲ ╱                    the accumulator gets the product of the key's halves,
 *   accu-   │   0 │ ╳ 1 │ …                and its neighbour the bytes as they are
 *   mulators                              16 stripes are a block, behind which all are scrambled
 * ```
 *
 * JavaScript's numbers multiply 32 bits at the most, so each integer of 64 bits is two of 32, the low
 * half first, and products are put together from halves of halves.
 *
 * Written from Y. Collet's description of the XXH3 algorithm (xxHash's specification, version 0.2).
 */

import type { Bytes } from "./bytes.ts";

/** Two words: the low half, then the high half. */
export type Word64 = Int32Array;

/** The algorithm's own secret, from which whoever uses no other takes its keys. */
const SECRET = hexBytes(
  "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f" +
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c" +
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8" +
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364" +
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e" +
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e",
);
/** The word of the secret that begins at each of its bytes: keys are at odd places too. */
const KEYS = wordsAt(SECRET);

const STRIPE_BYTES = 64;
const STRIPES_A_BLOCK = 16;
/** By how many bytes the keys of a stripe are behind those of the stripe before. */
const KEY_STEP = 8;

// Where keys are taken from. The last stripe's are 7 bytes before the block's last.
const SCRAMBLE_KEYS = SECRET.length - STRIPE_BYTES;
const LAST_STRIPE_KEYS = SCRAMBLE_KEYS - 7;
const MERGE_KEYS = 11;
const TAIL_KEYS = 3;
const LAST_PIECE_KEYS = 136 - 17;

const MAX_HALVES_BYTES = 128;
const MAX_PIECES_BYTES = 240;

// Multipliers, low half and high half.
const PRIME32_1 = 0x9e3779b1 | 0;
const PRIME32_2 = 0x85ebca77 | 0;
const PRIME32_3 = 0xc2b2ae3d | 0;
const [P1_LOW, P1_HIGH] = [0x85ebca87 | 0, 0x9e3779b1 | 0];
const [P2_LOW, P2_HIGH] = [0x27d4eb4f | 0, 0xc2b2ae3d | 0];
const [P3_LOW, P3_HIGH] = [0x9e3779f9 | 0, 0x165667b1 | 0];
const [P4_LOW, P4_HIGH] = [0xc2b2ae63 | 0, 0x85ebca77 | 0];
const [P5_LOW, P5_HIGH] = [0x165667c5 | 0, 0x27d4eb2f | 0];
const [MX1_LOW, MX1_HIGH] = [0x9e3779f9 | 0, 0x16566791 | 0];
const [MX2_LOW, MX2_HIGH] = [0x1e98df25 | 0, 0x9fb21c65 | 0];

/** What the accumulators begin with. */
const FIRST_SUMS = Int32Array.of(
  PRIME32_3,
  0,
  P1_LOW,
  P1_HIGH,
  P2_LOW,
  P2_HIGH,
  P3_LOW,
  P3_HIGH,
  P4_LOW,
  P4_HIGH,
  PRIME32_2,
  0,
  P5_LOW,
  P5_HIGH,
  PRIME32_1,
  0,
);
const LANES = FIRST_SUMS.length / 2;
const sums = new Int32Array(FIRST_SUMS.length);

/** Hashes `bytes[start, start + length)` into `hash`. O(length), no allocation. */
export function xxh3(bytes: Bytes, start: number, length: number, hash: Word64): void {
  if (length > MAX_PIECES_BYTES) return hashStripes(bytes, start, length, hash);
  if (length > 16) return hashPieces(bytes, start, length, hash);
  if (length > 8) return hashTwoWords(bytes, start, length, hash);
  if (length >= 4) return hashOneWord(bytes, start, length, hash);
  hash[0] = KEYS[56] ^ KEYS[64];
  hash[1] = KEYS[60] ^ KEYS[68];
  if (length > 0) {
    const first = bytes[start];
    const middle = bytes[start + (length >>> 1)];
    const last = bytes[start + length - 1];
    hash[0] = KEYS[0] ^ KEYS[4] ^ (first << 16 | middle << 24 | last | length << 8);
    hash[1] = 0;
  }
  mixAs64(hash);
}

/** Up to 8 bytes. */
function hashOneWord(bytes: Bytes, start: number, length: number, hash: Word64): void {
  const low = word(bytes, start + length - 4) ^ KEYS[8] ^ KEYS[16];
  const high = word(bytes, start) ^ KEYS[12] ^ KEYS[20];
  // Turned left by 49 and by 24 bits.
  hash[0] = low ^ (high << 17 | low >>> 15) ^ (low << 24 | high >>> 8);
  hash[1] = high ^ (low << 17 | high >>> 15) ^ (high << 24 | low >>> 8);
  multiply(hash, MX2_LOW, MX2_HIGH);
  // It is shifted by 35 bits, so that nothing is carried into the high half.
  hash[0] ^= (hash[1] >>> 3) + length;
  multiply(hash, MX2_LOW, MX2_HIGH);
  xorShifted(hash, 28);
}

/** Up to 16 bytes. */
function hashTwoWords(bytes: Bytes, start: number, length: number, hash: Word64): void {
  const end = start + length;
  const low = word(bytes, start) ^ KEYS[24] ^ KEYS[32];
  const high = word(bytes, start + 4) ^ KEYS[28] ^ KEYS[36];
  const endLow = word(bytes, end - 8) ^ KEYS[40] ^ KEYS[48];
  const endHigh = word(bytes, end - 4) ^ KEYS[44] ^ KEYS[52];
  hash[0] = length;
  hash[1] = 0;
  add(hash, reversed(high), reversed(low));
  add(hash, endLow, endHigh);
  addFolded(hash, low, high, endLow, endHigh);
  mix(hash);
}

/** Up to 240 bytes. */
function hashPieces(bytes: Bytes, start: number, length: number, hash: Word64): void {
  const end = start + length;
  hash[0] = length;
  hash[1] = 0;
  multiply(hash, P1_LOW, P1_HIGH);
  if (length <= MAX_HALVES_BYTES) {
    // From both ends inwards; of an odd rest in the middle, both take all.
    for (let i = (length - 1) >>> 5; i >= 0; i--) {
      addPiece(hash, bytes, start + 16 * i, 32 * i);
      addPiece(hash, bytes, end - 16 * (i + 1), 32 * i + 16);
    }
    return mix(hash);
  }
  const pieces = length >>> 4;
  for (let i = 0; i < 8; i++) addPiece(hash, bytes, start + 16 * i, 16 * i);
  mix(hash);
  for (let i = 8; i < pieces; i++) {
    addPiece(hash, bytes, start + 16 * i, 16 * (i - 8) + TAIL_KEYS);
  }
  addPiece(hash, bytes, end - 16, LAST_PIECE_KEYS);
  mix(hash);
}

/** Adds the product of both halves of 16 bytes. */
function addPiece(hash: Word64, bytes: Bytes, at: number, key: number): void {
  addFolded(
    hash,
    word(bytes, at) ^ KEYS[key],
    word(bytes, at + 4) ^ KEYS[key + 4],
    word(bytes, at + 8) ^ KEYS[key + 8],
    word(bytes, at + 12) ^ KEYS[key + 12],
  );
}

/** More than 240 bytes. */
function hashStripes(bytes: Bytes, start: number, length: number, hash: Word64): void {
  sums.set(FIRST_SUMS);
  // The last stripe comes by itself, even where a block ends with it.
  const stripes = Math.floor((length - 1) / STRIPE_BYTES);
  for (let i = 0, inBlock = 0; i < stripes; i++) {
    addStripe(bytes, start + i * STRIPE_BYTES, inBlock * KEY_STEP);
    if (++inBlock < STRIPES_A_BLOCK) continue;
    scramble();
    inBlock = 0;
  }
  addStripe(bytes, start + length - STRIPE_BYTES, LAST_STRIPE_KEYS);
  // A length may have more than 32 bits.
  hash[0] = length | 0;
  hash[1] = Math.floor(length / 2 ** 32);
  multiply(hash, P1_LOW, P1_HIGH);
  for (let lane = 0; lane < LANES; lane += 2) {
    const at = 2 * lane;
    const key = MERGE_KEYS + 8 * lane;
    addFolded(
      hash,
      sums[at] ^ KEYS[key],
      sums[at + 1] ^ KEYS[key + 4],
      sums[at + 2] ^ KEYS[key + 8],
      sums[at + 3] ^ KEYS[key + 12],
    );
  }
  mix(hash);
}

/** Feeds the accumulators. The hot loop for long strings: the arithmetic is written out. */
function addStripe(bytes: Bytes, at: number, key: number): void {
  const { view } = bytes;
  for (let i = 0; i < 16; i += 2, at += 8, key += 8) {
    const low = view !== undefined ? view.getInt32(at, true) : word(bytes, at);
    const high = view !== undefined ? view.getInt32(at + 4, true) : word(bytes, at + 4);
    // The neighbour gets the bytes.
    const other = i ^ 2;
    const before = sums[other];
    const sum = (before + low) | 0;
    sums[other] = sum;
    sums[other + 1] += high + (((before & low) | ((before | low) & ~sum)) >>> 31);
    // The lane gets the product of the key's halves.
    const a = low ^ KEYS[key];
    const b = high ^ KEYS[key + 4];
    const product = Math.imul(a, b);
    const own = sums[i];
    const ownSum = (own + product) | 0;
    sums[i] = ownSum;
    sums[i + 1] += highProduct(a, b) + (((own & product) | ((own | product) & ~ownSum)) >>> 31);
  }
}

/** Mixes each accumulator with itself and its key. */
function scramble(): void {
  for (let i = 0, key = SCRAMBLE_KEYS; i < 16; i += 2, key += 8) {
    const high = sums[i + 1];
    const low = sums[i] ^ (high >>> 15) ^ KEYS[key];
    sums[i] = Math.imul(low, PRIME32_1);
    sums[i + 1] = highProduct(low, PRIME32_1) + Math.imul(high ^ KEYS[key + 4], PRIME32_1);
  }
}

/** The last mixture of most lengths. */
function mix(hash: Word64): void {
  hash[0] ^= hash[1] >>> 5; // By 37 bits.
  multiply(hash, MX1_LOW, MX1_HIGH);
  hash[0] ^= hash[1];
}

/** The last mixture of XXH64, for the shortest. */
function mixAs64(hash: Word64): void {
  hash[0] ^= hash[1] >>> 1; // By 33 bits.
  multiply(hash, P2_LOW, P2_HIGH);
  xorShifted(hash, 29);
  multiply(hash, P3_LOW, P3_HIGH);
  hash[0] ^= hash[1];
}

/** `x ^= x >>> bits`, below 32 of them. */
function xorShifted(x: Word64, bits: number): void {
  x[0] ^= x[0] >>> bits | x[1] << (32 - bits);
  x[1] ^= x[1] >>> bits;
}

function add(sum: Word64, low: number, high: number): void {
  const before = sum[0];
  const after = (before + low) | 0;
  sum[0] = after;
  sum[1] += high + (((before & low) | ((before | low) & ~after)) >>> 31);
}

/** Multiplies, and keeps the low 64 bits. */
function multiply(x: Word64, low: number, high: number): void {
  const [ownLow, ownHigh] = [x[0], x[1]];
  x[0] = Math.imul(ownLow, low);
  x[1] = highProduct(ownLow, low) + Math.imul(ownLow, high) + Math.imul(ownHigh, low);
}

/**
 * Adds the low half of a product of 128 bits, xor its high half.
 *
 * ```
 *                   │ aLow × bLow  │
 *           │ aHigh × bLow │
 *           │ aLow × bHigh │
 *   │ aHigh × bHigh│
 *   └ high half ───┴── low half ───┘
 * ```
 */
function addFolded(sum: Word64, aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const crossLow = Math.imul(aHigh, bLow);
  const otherLow = Math.imul(aLow, bHigh);
  // Sums of words as doubles, which are exact: what is beyond 32 bits is carried.
  const second = (highProduct(aLow, bLow) >>> 0) + (crossLow >>> 0) + (otherLow >>> 0);
  const third = (highProduct(aHigh, bLow) >>> 0) + (highProduct(aLow, bHigh) >>> 0) +
    (Math.imul(aHigh, bHigh) >>> 0) + Math.floor(second / 2 ** 32);
  const fourth = highProduct(aHigh, bHigh) + Math.floor(third / 2 ** 32);
  add(sum, Math.imul(aLow, bLow) ^ third, second ^ fourth);
}

/** The high 32 bits of the product of two unsigned words. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const other = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) | 0;
}

/** The four bytes from `at` on, the first one lowest. */
function word(bytes: Bytes, at: number): number {
  const { view } = bytes;
  if (view !== undefined) return view.getInt32(at, true);
  return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
}

/** A word with its bytes in the opposite order. */
function reversed(x: number): number {
  return x << 24 | (x & 0xff00) << 8 | x >>> 8 & 0xff00 | x >>> 24;
}

function hexBytes(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g)!, (pair) => parseInt(pair, 16));
}

function wordsAt(bytes: Uint8Array): Int32Array {
  return Int32Array.from({ length: bytes.length - 3 }, (_, at) => word(bytes, at));
}
