import { assert, assertEquals } from "@std/assert";
import { compressLzf, decompressLzf } from "../../structures/lzf.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { SeededRandom } from "./seeded_random.ts";

/** Bytes around what may be written, to see that nothing else is. */
const FENCE = 9;
const FENCE_BYTE = 0xa5;

function fenced(length: number): Uint8Array {
  return new Uint8Array(length + 2 * FENCE).fill(FENCE_BYTE);
}

function assertFence(bytes: Uint8Array): void {
  const around = [...bytes.subarray(0, FENCE), ...bytes.subarray(bytes.length - FENCE)];
  assertEquals(around, Array(2 * FENCE).fill(FENCE_BYTE), "written outside of the bounds");
}

/** What a value is compressed to within `maxBytes`, from and to the middle of larger arrays. */
function compressed(value: Uint8Array, maxBytes: number): Uint8Array {
  const source = fenced(value.length);
  source.set(value, FENCE);
  const target = fenced(maxBytes);
  const length = compressLzf(source, FENCE, value.length, target, FENCE, maxBytes);
  assertFence(target);
  assert(length <= maxBytes);
  assertEquals(source.subarray(FENCE, FENCE + value.length), value);
  return target.slice(FENCE, FENCE + length);
}

function decompressed(packed: Uint8Array, expected: number): Uint8Array | undefined {
  const source = fenced(packed.length);
  source.set(packed, FENCE);
  const target = fenced(expected);
  const made = decompressLzf(source, FENCE, packed.length, target, FENCE, expected);
  assertFence(target);
  return made ? target.slice(FENCE, FENCE + expected) : undefined;
}

/** Of few symbols, with pieces of what came before, far and near, and runs: much to be found. */
function randomValue(random: SeededRandom, length: number): Uint8Array {
  const symbols = random.pick([2, 4, 30, 256]);
  const value = new Uint8Array(length);
  for (let i = 0; i < length;) {
    const kind = random.below(4);
    const run = Math.min(1 + random.below(random.pick([4, 40, 400])), length - i);
    const from = kind === 0 ? Math.max(0, i - 1 - random.below(9000)) : -1;
    for (let n = 0; n < run; n++, i++) {
      if (kind === 0 && i > 0) value[i] = value[from + n];
      else value[i] = kind === 1 && i > 0 ? value[i - 1] : random.below(symbols);
    }
  }
  return value;
}

const LENGTHS = [
  ...Array(80).keys(),
  ...[262, 263, 264, 265, 266, 267, 268, 300, 8190, 8191, 8192, 8193, 8194, 30_000],
];

Deno.test("what is compressed comes back, of every length and kind", () => {
  const random = new SeededRandom(1);
  for (const length of LENGTHS) {
    for (let round = 0; round < 20; round++) {
      const value = randomValue(random, length);
      const packed = compressed(value, length * 2 + 40);
      assertEquals(packed.length > 0, length > 0);
      assertEquals(decompressed(packed, length), value, `${length} bytes`);
    }
  }
});

Deno.test("lengths of matches around each bound of the format come back", () => {
  for (let match = 1; match < 600; match++) {
    for (const tail of [0, 1, 2, 3]) {
      const value = new Uint8Array(10 + 2 * match + tail);
      for (let i = 0; i < match; i++) value[10 + i] = 7 + i * i % 251;
      value.copyWithin(10 + match, 10, 10 + match);
      value.fill(3, 10 + 2 * match);
      assertEquals(decompressed(compressed(value, 4096), value.length), value);
    }
  }
});

Deno.test("a match may be as far as 8192 bytes before, and no farther", () => {
  const lengthAt = (distance: number) => {
    const value = new Uint8Array(distance + 40);
    const random = new SeededRandom(5);
    for (let i = 0; i < value.length; i++) value[i] = random.below(256);
    value.copyWithin(distance + 8, 8, 40);
    const packed = compressed(value, value.length * 2);
    assertEquals(decompressed(packed, value.length), value);
    return packed.length - distance;
  };
  assertEquals(lengthAt(8191) + 20 < lengthAt(8193), true);
  assertEquals(lengthAt(8192) + 20 < lengthAt(8193), true);
});

Deno.test("what does not fit within the bound is refused, whatever the bound", () => {
  const random = new SeededRandom(2);
  for (const length of [1, 3, 5, 33, 70, 300, 1000]) {
    for (let round = 0; round < 4; round++) {
      const value = randomValue(random, length);
      const whole = compressed(value, length * 2 + 40);
      for (let most = 0; most < whole.length + 8; most++) {
        const packed = compressed(value, most);
        if (packed.length > 0) assertEquals(packed, whole);
        if (most < whole.length) assertEquals(packed.length, 0);
        if (most >= whole.length + 4) assertEquals(packed.length, whole.length);
      }
    }
  }
  const noise = Uint8Array.from({ length: 1000 }, () => random.below(256));
  assertEquals(compressed(noise, noise.length).length, 0);
});

Deno.test("what was compressed before leaves no trace", () => {
  const random = new SeededRandom(3);
  const value = randomValue(random, 3000);
  const packed = compressed(value, 6000);
  for (let round = 0; round < 50; round++) {
    compressed(randomValue(random, random.below(5000)), 10_000);
    compressed(value.subarray(random.below(2000)), 6000);
    assertEquals(compressed(value, 6000), packed);
  }
});

Deno.test("the positions of many calls run over, and the next is right", () => {
  const large = new Uint8Array(2 ** 24);
  const target = new Uint8Array(2 ** 18);
  const value = randomValue(new SeededRandom(4), 2000);
  const packed = compressed(value, 4000);
  for (let total = 0; total <= 2 ** 31; total += large.length) {
    assert(compressLzf(large, 0, large.length, target, 0, target.length) > 0);
    assertEquals(compressed(value, 4000), packed);
  }
});

Deno.test("decompression refuses what is cut short, too long, or reaches outside", () => {
  const literals = (...bytes: number[]) => [bytes.length - 1, ...bytes];
  const cases: [name: string, packed: number[], expected: number, made?: number[]][] = [
    ["nothing of nothing", [], 0, []],
    ["nothing of one", [], 1],
    ["literals", literals(1, 2, 3), 3, [1, 2, 3]],
    ["literals, one too many", literals(1, 2, 3), 2],
    ["literals, one too few", literals(1, 2, 3), 4],
    ["literals cut short", [3, 1, 2, 3], 4],
    ["literals with nothing behind", [31], 32],
    ["a reference", [...literals(1, 2, 3), 0x20, 2], 6, [1, 2, 3, 1, 2, 3]],
    ["a reference to itself", [...literals(9), 0xe0, 0, 0], 10, Array(10).fill(9)],
    ["a reference to before the beginning", [...literals(1, 2, 3), 0x20, 3], 6],
    ["a reference to far before", [...literals(1, 2, 3), 0x3f, 255], 6],
    ["a reference first", [0x20, 0], 3],
    ["a reference past the end", [...literals(1, 2, 3), 0x20, 2], 5],
    ["a long reference past the end", [...literals(1, 2, 3), 0xe0, 255, 2], 20],
    ["a reference without its offset", [...literals(1, 2, 3), 0x20], 6],
    ["a long reference without its length", [...literals(1, 2, 3), 0xe0], 12],
    ["a long reference without its offset", [...literals(1, 2, 3), 0xe0, 0], 12],
    ["the longest reference", [...literals(1), 0xe0, 255, 0], 265, Array(265).fill(1)],
  ];
  for (const [name, packed, expected, made] of cases) {
    const bytes = decompressed(Uint8Array.from(packed), expected);
    assertEquals(bytes && [...bytes], made, name);
  }
});

Deno.test("decompression of anything stays within its bounds", () => {
  const random = new SeededRandom(6);
  for (let round = 0; round < 20_000; round++) {
    const packed = Uint8Array.from(
      { length: random.below(60) },
      () => random.pick([random.below(256), random.below(8), 0x20, 0xe0, 0]),
    );
    decompressed(packed, random.below(300));
  }
  const value = randomValue(random, 2000);
  const whole = compressed(value, 4000);
  for (let round = 0; round < 20_000; round++) {
    const packed = whole.slice();
    for (let n = 1 + random.below(3); n > 0; n--) {
      packed[random.below(packed.length)] = random.below(256);
    }
    decompressed(packed.subarray(random.below(3), packed.length - random.below(3)), value.length);
  }
});

/** Payload of a DUMP of a compressed string: behind the type and encoding bytes and both lengths. */
function payloadOfDump(dump: Uint8Array): { packed: Uint8Array; length: number } | undefined {
  if (dump[1] !== 0xc3) return undefined;
  let at = 2;
  const readLength = () => {
    const head = dump[at++];
    if (head >> 6 === 0) return head;
    if (head >> 6 === 1) return (head & 0x3f) << 8 | dump[at++];
    assertEquals(head, 0x80);
    at += 4;
    return dump[at - 4] << 24 | dump[at - 3] << 16 | dump[at - 2] << 8 | dump[at - 1];
  };
  const packedLength = readLength();
  const length = readLength();
  return { packed: dump.slice(at, at + packedLength), length };
}

Deno.test({
  name: "the same bytes as redis-server makes, which are read",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    const random = new SeededRandom(7);
    let packedOnes = 0;
    const lengths = [...Array(80).keys()].map((length) => length + 21);
    for (const length of [...lengths, ...LENGTHS.filter((length) => length > 200)]) {
      for (let round = 0; round < 12; round++) {
        const value = randomValue(random, length);
        await redis.call("SET", "key", value);
        const dump = await redis.call("DUMP", "key");
        assert(dump instanceof Uint8Array);
        const payload = payloadOfDump(dump);
        const own = compressed(value, length - 4);
        assertEquals(own.length > 0 ? own : undefined, payload?.packed, `${length} bytes`);
        if (payload === undefined) continue;
        packedOnes++;
        assertEquals(payload.length, length);
        assertEquals(decompressed(payload.packed, length), value);
      }
    }
    assert(packedOnes > 500);
  },
});
