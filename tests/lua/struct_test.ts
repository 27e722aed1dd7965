// The library `struct`, beside redis-server's.

import fc from "fast-check";
import { withoutRedis } from "../harness/redis_reference.ts";
import { assertSameAsRedis } from "./harness/same_as_redis.ts";

const letters = fc.constantFrom(..."bBhHlLTiIfdxs<>! ");
const options = fc.oneof(
  { weight: 6, arbitrary: letters },
  fc.constantFrom("i1", "I2", "i3", "I5", "i7", "I8", "i9", "i16", "I32", "i0", "I0", "i33"),
  fc.constantFrom("c0", "c1", "c3", "c", "c2147483647", "c2147483648", "c99999999999"),
  fc.constantFrom("!1", "!2", "!4", "!8", "!16", "!3", "!0", "!2147483648"),
  fc.constantFrom("z", "9", "?", "a", "\\\\", "\\0", "\\255"),
);
const formats = fc.array(options, { maxLength: 6 }).map((list) => `"${list.join("")}"`);
const numbers = fc.oneof(
  fc.integer({ min: -300, max: 300 }).map(String),
  fc.integer().map(String),
  fc.maxSafeInteger().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => Math.abs(x) < 1e18).map(String),
  fc.constantFrom("2^31", "2^32", "2^53", "2^62", "2^63", "2^64 - 2^11", "-2^31", "-2^63"),
);
const texts = fc.constantFrom('"a"', '"abc"', '"abcdef"', '""', '"a\\0b"', '"3"', "nil", "{}");
const values = fc.oneof({ weight: 4, arbitrary: numbers }, { weight: 2, arbitrary: texts });

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, count);
}

Deno.test({
  name: "struct: the same bytes, values and errors as redis-server's",
  ignore: withoutRedis,
  async fn() {
    const programs: string[] = [];
    for (const [format, list] of sample(fc.tuple(formats, fc.array(values)), 900)) {
      programs.push(`return struct.pack(${[format, ...list].join(", ")})`);
    }
    for (const format of sample(formats, 500)) programs.push(`return struct.size(${format})`);
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
      .map((list) => `"${list.map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`);
    const positions = fc.constantFrom("", "", "", ", 1", ", 2", ", 5", ", 0", ", -1", ", 2^31");
    for (const [format, data, at] of sample(fc.tuple(formats, bytes, positions), 1500)) {
      programs.push(`return struct.unpack(${format}, ${data}${at})`);
    }
    await assertSameAsRedis(programs);
  },
});

Deno.test({
  name: "struct: the edges of its formats are redis-server's",
  ignore: withoutRedis,
  async fn() {
    await assertSameAsRedis([
      "return struct.pack()",
      "return struct.pack(nil)",
      "return struct.unpack('i4')",
      "return struct.size()",
      "return struct.size('!8bi8'), struct.size('!4bi8'), struct.size('!bd'), struct.size('!16i16b')",
      "return struct.size('c2147483647c2147483647c2147483647')",
      "return struct.size('i3!4i3!8i5i7')",
      "return struct.unpack('i4', struct.pack('i4', -1))",
      "return struct.unpack('>I8', struct.pack('>I8', 2^64))",
      "return struct.unpack('<l', struct.pack('<l', -2^63))",
      "return struct.unpack('<l', struct.pack('<l', -1e300))",
      "return struct.unpack('<L', struct.pack('<L', 1e300))",
      "return struct.unpack('<L', struct.pack('<L', 1/0))",
      "return struct.unpack('f', struct.pack('f', 0.1))",
      "return struct.unpack('>f>d', struct.pack('>f>d', 1e300, -1/0))",
      "return struct.unpack('d', struct.pack('d', 0/0))",
      "return struct.unpack('bc0', '\\003abcdef')",
      "return struct.unpack('bc0', '\\003ab')",
      "return struct.unpack('bc0', '\\255ab')",
      "return struct.unpack('c1c0', '3abcdef')",
      "return struct.unpack('c1c0', 'xabcdef')",
      "return struct.unpack('sc0', '2\\000abcdef')",
      "return struct.unpack('dc0', struct.pack('d', 1e300) .. 'abc')",
      "return struct.unpack('dc0', struct.pack('d', 0/0) .. 'abc')",
      "return struct.unpack('dc0', struct.pack('d', -0.5) .. 'abc')",
      "return struct.unpack('dc0', struct.pack('d', 2.9) .. 'abc')",
      "return struct.unpack('c0', 'abc')",
      "return struct.unpack('s', 'abc')",
      "return struct.unpack('ss', 'abc\\000d\\000')",
      "return struct.unpack('>', 'abc', 4)",
      "return struct.unpack('>', 'abc', 5)",
      "return struct.unpack('c2147483647', 'abc')",
      "return struct.unpack('x', '', 1)",
      "return struct.unpack('b', 'abc', 2^53)",
      "return struct.unpack('b', 'abc', 1e300)",
      "return struct.unpack('b', 'abc', -2^53)",
      "return select('#', struct.unpack(('b'):rep(7990), ('x'):rep(9000)))",
      "return select('#', struct.unpack(('b'):rep(7996), ('x'):rep(9000)))",
      "return select('#', struct.unpack(('b'):rep(7997), ('x'):rep(9000)))",
      "return select('#', struct.unpack(('b'):rep(7998), ('x'):rep(9000)))",
      "return select('#', struct.unpack(('b'):rep(9000), ('x'):rep(9000)))",
      "return struct.pack('s', 'abc'), struct.pack('c0', 'abc'), struct.pack('c2', 'abc')",
      "return struct.pack('c4', 'abc')",
      "return struct.pack('bbc4', 1, 2, 'abc')",
      "return struct.pack('xxb', 1, 2, 3), struct.pack('', 1)",
      "return struct.pack('b\\000b', 1)",
      "return struct.pack('!8bI8', 1, 2), struct.pack('>!8bI8', 1, 2)",
    ]);
  },
});
