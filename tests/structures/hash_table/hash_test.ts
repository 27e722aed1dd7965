import { assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { withView } from "../../../structures/bytes/bytes.ts";
import { KeyHasher } from "../../../structures/hash_table/hash.ts";

/** HalfSipHash with any numbers of rounds, in BigInt, as plain as its description. */
function halfSipHash(
  k0: number,
  k1: number,
  input: Uint8Array,
  wordRounds: number,
  lastRounds: number,
): number {
  const bits32 = 0xffffffffn;
  const key0 = BigInt(k0 >>> 0);
  const key1 = BigInt(k1 >>> 0);
  const v = [key0, key1, key0 ^ 0x6c796765n, key1 ^ 0x74656462n];
  const mix = (a: number, b: number, by: bigint) => {
    v[a] = (v[a] + v[b]) & bits32;
    v[b] = (((v[b] << by) | (v[b] >> (32n - by))) & bits32) ^ v[a];
  };
  const swapHalves = (a: number) => v[a] = ((v[a] << 16n) | (v[a] >> 16n)) & bits32;
  const rounds = (count: number) => {
    for (let i = 0; i < count; i++) {
      mix(0, 1, 5n);
      swapHalves(0);
      mix(2, 3, 8n);
      mix(0, 3, 7n);
      mix(2, 1, 13n);
      swapHalves(2);
    }
  };
  const padded = new Uint8Array((input.length & ~3) + 4);
  padded.set(input);
  padded[padded.length - 1] = input.length;
  const view = new DataView(padded.buffer);
  for (let i = 0; i < padded.length; i += 4) {
    const word = BigInt(view.getUint32(i, true));
    v[3] ^= word;
    rounds(wordRounds);
    v[0] ^= word;
  }
  v[2] ^= 0xffn;
  rounds(lastRounds);
  return Number(v[1] ^ v[3]) | 0;
}

function countingBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i);
}

Deno.test("the model of HalfSipHash agrees with the published vectors of its 2-4 variant", () => {
  const published = [0x5b9f35a9, 0xb85a4727, 0x03a662fa, 0x04e7fe8a, 0x89466e2a, 0x69b6fac5];
  published.push(0x23fc6358, 0xc563cf8b, 0x8f84b8d0, 0x79e706f8, 0x3479b094, 0x50300808);
  published.push(0x2f87f057, 0xff63e677, 0x7cf8ffd6, 0x972bfe74, 0x84acb5d9, 0x5b6474c4);
  for (let length = 0; length < published.length; length++) {
    const tag = halfSipHash(0x03020100, 0x07060504, countingBytes(length), 2, 4);
    assertEquals(tag >>> 0, published[length]);
  }
});

Deno.test("KeyHasher is HalfSipHash-1-3 for every length and offset", () => {
  for (const [k0, k1] of [[0x03020100, 0x07060504], [0, 0], [-1, 0x80000000]]) {
    const hasher = new KeyHasher(k0, k1);
    for (let length = 0; length < 80; length++) {
      const bytes = countingBytes(length + 300).map((byte) => byte * 151);
      const start = length % 7;
      const input = bytes.subarray(start, start + length);
      const expected = halfSipHash(k0, k1, input, 1, 3);
      assertEquals(hasher.hash(bytes, start, length), expected);
      assertEquals(hasher.hash(withView(bytes), start, length), expected);
    }
    const long = countingBytes(1000);
    assertEquals(hasher.hash(long, 0, 1000), halfSipHash(k0, k1, long, 1, 3));
  }
});

Deno.test("hashes depend on the seed and spread over the low bits", () => {
  const text = new TextEncoder();
  const a = new KeyHasher(1, 2);
  const b = new KeyHasher(1, 3);
  assertNotEquals(a.hash(text.encode("key"), 0, 3), b.hash(text.encode("key"), 0, 3));
  const buckets = new Int32Array(256);
  for (let i = 0; i < 25_600; i++) {
    const key = text.encode(`key:${i}`);
    buckets[a.hash(key, 0, key.length) & 255]++;
  }
  const chiSquare = buckets.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
  assertLess(chiSquare, 255 + 6 * Math.sqrt(2 * 255));
});
