// Bitmaps against redis-server, and against a model in plain JavaScript; and what a client may name
// that no string can have.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const BITS = `
  SETBIT k 7 1
  SETBIT k 7 1
  GET k
  OBJECT ENCODING k
  SETBIT k 7 0
  GET k
  SETBIT k 100 0
  STRLEN k
  SETBIT k 100 1
  GETBIT k 100
  GETBIT k 99
  GETBIT k 1000000
  GETBIT missing 5
  SETBIT k -1 1
  SETBIT k x 1
  SETBIT k 4294967296 1
  SETBIT k 9223372036854775807 1
  SETBIT k 9223372036854775808 1
  SETBIT k 01 1
  SETBIT k "" 1
  SETBIT k #1 1
  SETBIT k 1 2
  SETBIT k 1 -1
  SETBIT k 1 x
  SETBIT k 1 ""
  SETBIT k x 2
  SETBIT k 1
  SETBIT k 1 1 1
  GETBIT k
  GETBIT k x
  GETBIT k -1
  GETBIT k 4294967296
  GETBIT k 1 1
  SET n 12345
  OBJECT ENCODING n
  GETBIT n 3
  GETBIT n 0
  SETBIT n 7 0
  GET n
  OBJECT ENCODING n
  SETBIT n 6 1
  GET n
  SET e embedded EX 1000
  SETBIT e 0 0
  OBJECT ENCODING e
  GET e
  TTL e
  RPUSH l a
  SETBIT l 0 1
  GETBIT l 0
  SETBIT l x 1
`;

const COUNTS = `
  SET k "\\xff\\x00\\x0f\\x80\\x01foobar"
  BITCOUNT k
  BITCOUNT k 0 0
  BITCOUNT k 1 2
  BITCOUNT k -3 -1
  BITCOUNT k -1 -3
  BITCOUNT k 5 2
  BITCOUNT k 0 -100
  BITCOUNT k -100 0
  BITCOUNT k 100 200
  BITCOUNT k 0 100
  BITCOUNT k 0 -1 BYTE
  BITCOUNT k 0 -1 bit
  BITCOUNT k 3 20 BIT
  BITCOUNT k 3 3 BIT
  BITCOUNT k 9 12 BIT
  BITCOUNT k -20 -3 BIT
  BITCOUNT k -3 -20 BIT
  BITCOUNT k 1000 2000 BIT
  BITCOUNT k 0
  BITCOUNT k 0 1 BITS
  BITCOUNT k 0 1 BIT BIT
  BITCOUNT k a 1
  BITCOUNT k 1 a
  BITCOUNT k a 1 BITS
  BITCOUNT k -1 -2 BITS
  BITCOUNT k -9223372036854775808 9223372036854775807
  BITCOUNT k -9223372036854775553 -9223372036854775700
  BITCOUNT k 9223372036854775808 1
  BITCOUNT missing
  BITCOUNT missing 1
  BITCOUNT missing a b c
  BITCOUNT
  SET empty ""
  BITCOUNT empty
  BITCOUNT empty 0 -1
  BITCOUNT empty 0 -1 BIT
  SET n 1234567
  BITCOUNT n
  BITCOUNT n 1 2
  RPUSH l a
  BITCOUNT l
  BITCOUNT l x y z
`;

const POSITIONS = `
  SET k "\\x00\\x00\\x0f\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xf0"
  BITPOS k 1
  BITPOS k 0
  BITPOS k 0 2
  BITPOS k 0 3
  BITPOS k 1 -1
  BITPOS k 0 -1
  BITPOS k 1 0 1
  BITPOS k 0 3 5
  BITPOS k 0 3 -1
  BITPOS k 1 20 -1 BIT
  BITPOS k 1 21 -1 BIT
  BITPOS k 0 20 107 BIT
  BITPOS k 0 20 108 BIT
  BITPOS k 0 22 29 bit
  BITPOS k 1 0 19 BIT
  BITPOS k 1 0 20 BIT
  BITPOS k 1 5 5 BIT
  BITPOS k 0 5 5 BIT
  BITPOS k 1 -8 -1 BIT
  BITPOS k 1 9 3
  BITPOS k 0 100
  BITPOS k 0 100 200
  BITPOS k 2
  BITPOS k -1
  BITPOS k x
  BITPOS k 1 x
  BITPOS k 1 0 x
  BITPOS k 1 0 x BITS
  BITPOS k 1 x 0 BITS
  BITPOS k 1 0 1 BIT BIT
  BITPOS k 1 x 1 BIT BIT
  BITPOS k
  BITPOS missing 1
  BITPOS missing 0
  BITPOS missing 0 x
  BITPOS missing 2
  SET ones "\\xff\\xff\\xff"
  BITPOS ones 0
  BITPOS ones 0 0
  BITPOS ones 0 0 -1
  BITPOS ones 0 3
  BITPOS ones 0 0 -1 BIT
  SET zeros "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
  BITPOS zeros 1
  BITPOS zeros 1 3 -1
  BITPOS zeros 0 3
  SET empty ""
  BITPOS empty 0
  BITPOS empty 1
  BITPOS empty 0 0
  SET n 17
  BITPOS n 1
  BITPOS n 0
  RPUSH l a
  BITPOS l 1
  BITPOS l 2
`;

const OPERATIONS = `
  SET a "\\xff\\x0f\\x55\\x00\\x01\\x02\\x03\\x04\\x05\\x06"
  SET b "\\x0f\\xf0\\xaa"
  SET n 123456
  BITOP AND d a b
  GET d
  BITOP OR d a b
  GET d
  BITOP xor d a b n
  GET d
  OBJECT ENCODING d
  BITOP NOT d a
  GET d
  BITOP NOT d n
  GET d
  BITOP AND d a missing
  GET d
  BITOP OR d missing a
  GET d
  BITOP XOR d missing a a
  GET d
  BITOP AND a a b
  GET a
  BITOP NOT b b
  GET b
  BITOP OR n n
  GET n
  OBJECT ENCODING n
  SET d v EX 1000
  BITOP OR d a b
  TTL d
  RPUSH l x
  BITOP OR l a b
  TYPE l
  RPUSH l2 x
  BITOP OR d a l2
  BITOP NOT d l2
  GET d
  BITOP NOT d a b
  BITOP NAND d a b
  BITOP AND d
  BITOP AND
  BITOP OR d missing missing2
  EXISTS d
  BITOP NOT d missing
  SET empty ""
  BITOP NOT l empty
  EXISTS l
`;

const FIELDS = `
  BITFIELD k SET u8 0 255 GET u8 0 INCRBY u8 0 1 GET u8 0
  BITFIELD k SET i8 0 -1 GET u8 0 GET i8 0 GET u4 2 GET i4 6
  BITFIELD k
  BITFIELD missing GET u8 0
  BITFIELD missing
  EXISTS missing
  BITFIELD k SET u8 #2 77 GET u8 16 GET u8 #2
  GET k
  BITFIELD k OVERFLOW SAT INCRBY u8 0 300 INCRBY i8 8 -300 INCRBY u8 16 -500
  BITFIELD k OVERFLOW FAIL INCRBY u8 0 300 INCRBY i8 8 -300 OVERFLOW WRAP INCRBY u8 0 300
  BITFIELD k OVERFLOW SAT SET u8 0 -1 SET u8 8 256 SET i8 16 128 SET i8 24 -129 GET i8 16 GET i8 24
  BITFIELD k OVERFLOW WRAP SET u8 0 -1 SET u8 8 256 SET i8 16 128 SET i8 24 -129 GET i8 16 GET i8 24
  BITFIELD k OVERFLOW SAT SET i8 0 -9223372036854775808 GET i8 0
  BITFIELD k OVERFLOW SAT SET i8 0 -9223372036854775681 GET i8 0
  BITFIELD k OVERFLOW SAT SET i8 0 -9223372036854775680 GET i8 0
  BITFIELD k SET i64 3 -9223372036854775808 INCRBY i64 3 -1 GET i64 3 GET u63 4
  BITFIELD k OVERFLOW SAT INCRBY i64 3 9223372036854775807 INCRBY i64 3 9223372036854775807
  BITFIELD k OVERFLOW FAIL INCRBY i64 3 9223372036854775807 SET u63 5 -1
  BITFIELD k SET u63 5 9223372036854775807 INCRBY u63 5 1 OVERFLOW SAT INCRBY u63 5 -1
  BITFIELD k SET u53 1 9007199254740991 INCRBY u53 1 -9007199254740991 INCRBY i53 9 4503599627370496
  BITFIELD k SET u1 1000 1
  STRLEN k
  BITFIELD k GET u8 100000 GET i64 4294967295
  BITFIELD k GET u8 4294967296
  BITFIELD k SET u8 4294967296 1
  BITFIELD k GET u8 #536870912
  BITFIELD k GET u4 #4611686018427387904
  BITFIELD k GET u2 #9223372036854775807
  BITFIELD k GET u8 -1
  BITFIELD k GET u8 #-1
  BITFIELD k GET u8 #
  BITFIELD k GET u8 ""
  BITFIELD k GET u64 0
  BITFIELD k GET i65 0
  BITFIELD k GET u0 0
  BITFIELD k GET U8 0
  BITFIELD k GET u08 0
  BITFIELD k GET "u8\\x00x" 0
  BITFIELD k GET "" 0
  BITFIELD k GET u 0
  BITFIELD k GET x8 0
  BITFIELD k GET u8
  BITFIELD k GET
  BITFIELD k SET u8 0
  BITFIELD k SET u8 0 x
  BITFIELD k SET u8 x y
  BITFIELD k INCRBY u8 0 9223372036854775808
  BITFIELD k OVERFLOW
  BITFIELD k OVERFLOW MAYBE
  BITFIELD k OVERFLOW MAYBE GET u8
  BITFIELD k FOO
  BITFIELD k GET u8 0 FOO
  BITFIELD new SET u8 0 1 FOO
  EXISTS new
  BITFIELD
  BITFIELD failed OVERFLOW FAIL INCRBY u8 0 300
  EXISTS failed
  BITFIELD_RO k GET u8 0 GET i8 8
  BITFIELD_RO k
  BITFIELD_RO k SET u8 0 1
  BITFIELD_RO k GET u8 0 INCRBY u8 0 1
  BITFIELD_RO k OVERFLOW FAIL GET u8 0
  BITFIELD_RO missing GET u8 5
  SET n 12345
  BITFIELD n GET u16 3
  OBJECT ENCODING n
  BITFIELD n SET u8 0 50
  GET n
  OBJECT ENCODING n
  RPUSH l a
  BITFIELD l GET u8 0
  BITFIELD l SET u8 0 1
  BITFIELD l GET u8 x
  BITFIELD_RO l GET u8 0
  BITFIELD_RO l SET u8 0 1
`;

const DECLARATIONS = `
  COMMAND GETKEYSANDFLAGS BITFIELD k GET u8 0
  COMMAND GETKEYSANDFLAGS BITFIELD k OVERFLOW SAT GET u8 0
  COMMAND GETKEYSANDFLAGS BITFIELD k SET u8 0 1
  COMMAND GETKEYSANDFLAGS BITOP AND d a b
  COMMAND INFO setbit getbit bitcount bitpos bitop bitfield_ro
`;

for (const resp3 of [false, true]) {
  const dialect = resp3 ? "RESP3" : "RESP2";
  comparison(`bits one at a time (${dialect})`, BITS, { resp3 });
  comparison(`counting bits (${dialect})`, COUNTS, { resp3 });
  comparison(`finding bits (${dialect})`, POSITIONS, { resp3 });
  comparison(`BITOP (${dialect})`, OPERATIONS, { resp3 });
  comparison(`BITFIELD (${dialect})`, FIELDS, { resp3 });
}
comparison("what bitmap commands declare", DECLARATIONS);

/** A string of bits, with the operations that the commands have on it. */
class Model {
  bits: number[] = [];

  static of(bytes: Uint8Array): Model {
    const model = new Model();
    for (const byte of bytes) for (let i = 7; i >= 0; i--) model.bits.push(byte >> i & 1);
    return model;
  }

  count(first: number, last: number): number {
    return this.bits.slice(first, last + 1).filter((bit) => bit === 1).length;
  }

  find(bit: number, first: number, last: number): number {
    const found = this.bits.slice(first, last + 1).indexOf(bit);
    return found === -1 ? -1 : found + first;
  }

  /** An unsigned integer of `width` bits. */
  field(offset: number, width: number): bigint {
    let value = 0n;
    for (let i = offset; i < offset + width; i++) value = value * 2n + BigInt(this.bits[i] ?? 0);
    return value;
  }
}

/** Bytes of which many are all zeros or all ones, and none begins at a word. */
const manyBytes = fc.array(
  fc.oneof(
    fc.constantFrom(0, 255).chain((byte) =>
      fc.nat(40).map((length) => new Array<number>(length).fill(byte))
    ),
    fc.array(fc.nat(255), { maxLength: 20 }),
  ),
  { maxLength: 60 },
).map((parts) => Uint8Array.from(parts.flat()));

Deno.test("bits are counted and found as a model does, in strings of any length", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await fc.assert(
    fc.asyncProperty(manyBytes, fc.nat(), fc.nat(), fc.nat(1), async (bytes, a, b, bit) => {
      const model = Model.of(bytes);
      const total = model.bits.length;
      await peer.ask("SET", "k", bytes);
      assertEquals(await peer.ask("BITCOUNT", "k"), `:${model.count(0, total)}\r\n`);
      const [first, last] = [a, b].map((at) => at % (total + 1)).sort((x, y) => x - y);
      const range = [String(first), String(last), "BIT"];
      const count = model.count(first, last);
      assertEquals(await peer.ask("BITCOUNT", "k", ...range), `:${count}\r\n`);
      const found = model.find(bit, first, last);
      assertEquals(await peer.ask("BITPOS", "k", String(bit), ...range), `:${found}\r\n`);
      await peer.ask("BITFIELD", "k", "GET", "u8", String(first));
      for (const width of [1, 8, 13, 32, 33, 52, 53, 63]) {
        const reply = await peer.ask("BITFIELD_RO", "k", "GET", `u${width}`, String(first));
        assertEquals(reply, `*1\r\n:${model.field(first, width)}\r\n`);
      }
    }),
    { numRuns: 200, seed: 20261126 },
  );
  server.keyspace.arena.verify();
});

Deno.test("integers of any width come back, and leave the bits beside them alone", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const field = fc.record({
    isSigned: fc.boolean(),
    width: fc.integer({ min: 1, max: 63 }),
    offset: fc.nat(300),
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  });
  await fc.assert(
    fc.asyncProperty(manyBytes, field, async (bytes, { isSigned, offset, value, width }) => {
      await peer.ask("SET", "k", bytes);
      const type = `${isSigned ? "i" : "u"}${width}`;
      const where = [type, String(offset)];
      const before = Model.of(bytes);
      const old = before.field(offset, width);
      const shown = (pattern: bigint) => isSigned ? BigInt.asIntN(width, pattern) : pattern;
      const written = BigInt.asUintN(width, value);
      assertEquals(
        await peer.ask("BITFIELD", "k", "SET", ...where, String(value), "GET", ...where),
        `*2\r\n:${shown(old)}\r\n:${shown(written)}\r\n`,
      );
      const summed = BigInt.asUintN(width, written + value);
      assertEquals(
        await peer.ask("BITFIELD", "k", "INCRBY", ...where, String(value)),
        `*1\r\n:${shown(summed)}\r\n`,
      );
      const length = Math.max(bytes.length, Math.ceil((offset + width) / 8));
      const expected = before;
      while (expected.bits.length < length * 8) expected.bits.push(0);
      for (let i = 0; i < width; i++) {
        expected.bits[offset + i] = Number(summed >> BigInt(width - 1 - i) & 1n);
      }
      const reply = await peer.ask("GET", "k");
      const body = reply.slice(reply.indexOf("\n") + 1, -2);
      const found = Model.of(Uint8Array.from(body, (byte) => byte.charCodeAt(0)));
      assertEquals(found.bits.join(""), expected.bits.join(""));
    }),
    { numRuns: 300, seed: 20261126 },
  );
  server.keyspace.arena.verify();
});

Deno.test("BITOP combines strings of any lengths and places", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const operation = fc.constantFrom("AND", "OR", "XOR", "NOT");
  await fc.assert(
    fc.asyncProperty(operation, fc.array(manyBytes, { minLength: 1, maxLength: 4 }), async (
      name,
      all,
    ) => {
      const sources = name === "NOT" ? all.slice(0, 1) : all;
      const keys = sources.map((_, i) => `key:${"x".repeat(i)}`);
      await peer.ask("FLUSHALL");
      for (const [i, source] of sources.entries()) await peer.ask("SET", keys[i], source);
      const length = Math.max(...sources.map((source) => source.length));
      const expected = Uint8Array.from({ length }, (_, at) => {
        const column = sources.map((source) => source[at] ?? 0);
        if (name === "NOT") return ~column[0];
        return column.reduce((a, b) => name === "AND" ? a & b : name === "OR" ? a | b : a ^ b);
      });
      // One of the sources gives way to the result.
      assertEquals(await peer.ask("BITOP", name, keys[0], ...keys), `:${length}\r\n`);
      const reply = await peer.ask("GET", keys[0]);
      const text = String.fromCharCode(...expected);
      assertEquals(reply, length === 0 ? "$-1\r\n" : `$${length}\r\n${text}\r\n`);
    }),
    { numRuns: 200, seed: 20261126 },
  );
  server.keyspace.arena.verify();
});

Deno.test("a bit far out is refused before room is made for it, by the limit of strings", async () => {
  await using server = await serveQuietly({ directives: { "proto-max-bulk-len": "1mb" } });
  using peer = await Peer.connect(server.address.port);
  const before = server.keyspace.arena.usedBytes;
  const refused = "-ERR bit offset is not an integer or out of range\r\n";
  assertEquals(await peer.ask("SETBIT", "k", "8388608", "1"), refused);
  assertEquals(await peer.ask("BITFIELD", "k", "SET", "u8", "#1048576", "1"), refused);
  assertEquals(await peer.ask("BITFIELD", "k", "GET", "u8", "8388608"), refused);
  assertEquals(await peer.ask("GETBIT", "k", "8388608"), refused);
  assertEquals(server.keyspace.arena.usedBytes, before);
  assertEquals(await peer.ask("SETBIT", "k", "8388607", "1"), ":0\r\n");
  assertEquals(await peer.ask("STRLEN", "k"), ":1048576\r\n");
  // A field may end behind the last bit, as in Redis, by the bytes that it has.
  assertEquals(
    await peer.ask("BITFIELD", "k", "SET", "i64", "8388607", "-1"),
    "*1\r\n:-9223372036854775808\r\n",
  );
  assertEquals(await peer.ask("STRLEN", "k"), ":1048584\r\n");
});

Deno.test("a long string is edited where it is", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const { databases: [db], entries } = server.keyspace;
  const block = () => {
    let found = 0;
    db.forEach((entry) => found = entries.slot(entry, 0));
    return found;
  };
  await peer.ask("SET", "k", new Uint8Array(3_000_000).fill(0x55));
  const before = block();
  assertEquals(await peer.ask("SETBIT", "k", "8000000", "1"), ":0\r\n");
  assertEquals(await peer.ask("SETRANGE", "k", "1000001", "abc"), ":3000000\r\n");
  assertEquals(await peer.ask("BITFIELD", "k", "SET", "u16", "#1000", "7"), "*1\r\n:21845\r\n");
  assertEquals(block(), before);
  assertEquals(await peer.ask("GETRANGE", "k", "1000000", "1000004"), "$5\r\n\xd5abcU\r\n");
  assertEquals(await peer.ask("GETRANGE", "k", "1999", "2002"), "$4\r\nU\0\x07U\r\n");
});
