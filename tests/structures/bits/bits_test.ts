// Counting, finding and combining bits, against loops over single bits, where pieces, words and edges
// meet.

import { assertEquals } from "@std/assert";
import { countOnes, countOnesInRange } from "../../../structures/bits/bit_count.ts";
import { findBit, NO_BIT } from "../../../structures/bits/bit_search.ts";
import { BitOperation, combineBits, invertBits } from "../../../structures/bits/bit_combination.ts";
import { readWideBits, writeWideBits } from "../../../structures/bits/bit_field.ts";
import { type Bytes, withView } from "../../../structures/bytes/bytes.ts";
import { SeededRandom } from "../seeded_random.ts";

const seeded = new SeededRandom(20261126);
const random = (bound: number) => seeded.below(bound);

function randomBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random(256));
}

/** The same bytes as an array alone, and with a view of its memory, shared or not. */
function kinds(bytes: Uint8Array): Bytes[] {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return [bytes.slice(), withView(bytes.slice()), withView(shared)];
}

function bitAt(bytes: Uint8Array, at: number): number {
  return bytes[Math.floor(at / 8)] >> (7 - at % 8) & 1;
}

Deno.test("ones are counted in pieces of any length, from any byte on", () => {
  const bytes = randomBytes(200_000);
  const before = new Uint32Array(bytes.length + 1);
  for (const [i, byte] of bytes.entries()) {
    before[i + 1] = before[i] + byte.toString(2).replaceAll("0", "").length;
  }
  const lengths = [
    0,
    1,
    3,
    4,
    7,
    1023,
    1024,
    1025,
    65_535,
    65_536,
    65_537,
    65_568,
    131_072,
    190_001,
  ];
  for (const array of kinds(bytes)) {
    for (const length of lengths) {
      for (const start of [0, 1, 5, 9001]) {
        const ones = before[start + length] - before[start];
        assertEquals(countOnes(array, start, length), ones, `${length} bytes from ${start}`);
      }
    }
  }
});

Deno.test("ones and zeros are counted and found in ranges with any edges", () => {
  for (let round = 0; round < 3000; round++) {
    const filling = random(3);
    const bytes = randomBytes(1 + random(40));
    if (filling < 2) bytes.subarray(1, random(40)).fill(filling * 255);
    const total = bytes.length * 8;
    const start = random(4) === 0 ? 0 : random(bytes.length);
    const first = random(total - start * 8);
    const last = first + random(total - start * 8 - first);
    let count = 0;
    const found = [NO_BIT, NO_BIT];
    for (let at = last; at >= first; at--) {
      const bit = bitAt(bytes, start * 8 + at);
      count += bit;
      found[bit] = at;
    }
    for (const array of kinds(bytes)) {
      const where = `${first} to ${last} of ${bytes.join(" ")}`;
      assertEquals(countOnesInRange(array, start, first, last), count, where);
      assertEquals(findBit(array, start, first, last, 0), found[0], where);
      assertEquals(findBit(array, start, first, last, 1), found[1], where);
    }
  }
});

Deno.test("strings are combined and turned around, and nothing beside them changes", () => {
  const single: Readonly<Record<BitOperation, (a: number, b: number) => number>> = {
    [BitOperation.And]: (a, b) => a & b,
    [BitOperation.Or]: (a, b) => a | b,
    [BitOperation.Xor]: (a, b) => a ^ b,
  };
  for (let round = 0; round < 500; round++) {
    const length = random(50);
    const target = randomBytes(length + 20);
    const source = randomBytes(length + 20);
    const at = random(20);
    const start = random(20);
    for (const operation of Object.values(BitOperation)) {
      const expected = target.slice();
      for (let i = 0; i < length; i++) {
        expected[at + i] = single[operation](target[at + i], source[start + i]);
      }
      for (const from of kinds(source)) {
        for (const to of kinds(target)) {
          combineBits(operation, to, at, from, start, length);
          assertEquals([...to], [...expected]);
        }
      }
    }
    const turned = target.map((byte, i) => i >= at && i < at + length ? ~byte : byte);
    for (const bytes of kinds(target)) {
      invertBits(bytes, at, length);
      assertEquals([...bytes], [...turned]);
    }
  }
});

Deno.test("an integer of any width is read as it was written, and leaves its neighbours alone", () => {
  for (let round = 0; round < 5000; round++) {
    const width = 1 + random(64);
    const offset = random(80);
    const before = randomBytes(20);
    const bytes = before.slice();
    let value = 0n;
    for (let i = 0; i < width; i++) value = value * 2n + BigInt(random(2));
    writeWideBits(bytes, 1, offset, width, value);
    assertEquals(readWideBits(bytes, 1, 19, offset, width), value, `${width} bits at ${offset}`);
    for (let at = 0; at < bytes.length * 8; at++) {
      const isInside = at >= offset + 8 && at < offset + 8 + width;
      const expected = isInside
        ? Number(value >> BigInt(width - 1 - (at - offset - 8)) & 1n)
        : bitAt(before, at);
      assertEquals(bitAt(bytes, at), expected, `bit ${at}, ${width} bits at ${offset}`);
    }
  }
});
