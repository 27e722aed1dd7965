// CRC-64 and SHA-1, against known sums and the runtime's own.

import { assertEquals } from "@std/assert";
import { Crc64 } from "../../structures/crc64.ts";
import { sha1, SHA1_BYTES } from "../../structures/sha1.ts";

const NOISE = Uint8Array.from({ length: 2000 }, (_, i) => (i * i * 31 + i * 7) >> 3 & 0xff);

function hexOf({ high, low }: Crc64): string {
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

Deno.test("CRC-64 of Redis's own example", () => {
  const crc = new Crc64();
  crc.add(new TextEncoder().encode("x123456789x"), 1, 9);
  assertEquals(hexOf(crc), "e9c6d914c4b8d9ca");
  crc.reset();
  assertEquals(hexOf(crc), "0000000000000000");
});

Deno.test("CRC-64 of pieces is that of the whole, bit by bit", () => {
  const polynomial = 0x95ac9329ac4bc9b5n;
  for (let length = 0; length < 40; length++) {
    let expected = 0n;
    for (let i = 0; i < length; i++) {
      expected ^= BigInt(NOISE[i + 3]);
      for (let bit = 0; bit < 8; bit++) {
        expected = expected >> 1n ^ (expected & 1n ? polynomial : 0n);
      }
    }
    for (let split = 0; split <= length; split++) {
      const crc = new Crc64();
      crc.add(NOISE, 3, split);
      crc.add(NOISE, 3 + split, length - split);
      assertEquals(hexOf(crc), expected.toString(16).padStart(16, "0"), `${split} of ${length}`);
    }
  }
});

Deno.test("SHA-1 is the runtime's, for every length around a block's", async () => {
  const target = new Uint8Array(SHA1_BYTES + 2);
  for (const length of [...Array(200).keys(), 1000, 1900]) {
    sha1(NOISE, 7, length, target, 1);
    const expected = await crypto.subtle.digest("SHA-1", NOISE.slice(7, 7 + length));
    assertEquals(target.slice(1, -1), new Uint8Array(expected), `${length} bytes`);
  }
  // The digest may take the place of what is digested.
  const own = NOISE.slice();
  sha1(own, 0, 20, own, 0);
  const expected = await crypto.subtle.digest("SHA-1", NOISE.slice(0, 20));
  assertEquals(own.slice(0, 20), new Uint8Array(expected));
});
