import { assertEquals } from "@std/assert";
import { withView } from "../../../structures/bytes/bytes.ts";
import { copyBytes, moveBytes } from "../../../structures/bytes/copy_bytes.ts";

const CAPACITY = 1400;
const LENGTHS = [...Array(40).keys(), 63, 64, 65, 511, 512, 513, 1030];

function numbered(buffer: ArrayBuffer | SharedArrayBuffer, first: number): Uint8Array {
  const bytes = new Uint8Array(buffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = first + i * 7;
  return bytes;
}

/** An array with a view, in own and shared memory, and one without. */
function arrays(first: number): Uint8Array[] {
  return [
    withView(numbered(new ArrayBuffer(CAPACITY), first)),
    withView(numbered(new SharedArrayBuffer(CAPACITY), first)),
    numbered(new ArrayBuffer(CAPACITY), first),
  ];
}

Deno.test("a copy is what was there, and nothing beside it changes, with and without views", () => {
  for (const length of LENGTHS) {
    for (let at = 100; at < 105; at++) {
      for (const start of [0, 1, 106]) {
        for (const source of arrays(3)) {
          for (const target of arrays(200)) {
            const expected = [...target];
            for (let i = 0; i < length; i++) expected[at + i] = source[start + i];
            copyBytes(target, at, source, start, length);
            assertEquals([...target], expected, `${length} bytes from ${start} to ${at}`);
          }
        }
      }
    }
  }
});

Deno.test("bytes that move within an array may overlap where they were", () => {
  for (const length of LENGTHS.slice(0, -1)) {
    for (const by of [-9, -1, 0, 1, 9]) {
      const bytes = numbered(new ArrayBuffer(CAPACITY), 0);
      const expected = [...bytes];
      expected.splice(20 + by, length, ...expected.slice(20, 20 + length));
      moveBytes(bytes, 20 + by, 20, length);
      assertEquals([...bytes], expected, `${length} bytes by ${by}`);
    }
  }
});

Deno.test("a view shows the bytes of its array, offset for offset", () => {
  const bytes = withView(numbered(new ArrayBuffer(64), 1).subarray(10, 20));
  assertEquals(bytes.view?.byteLength, 10);
  assertEquals(bytes.view?.getUint8(3), bytes[3]);
});
