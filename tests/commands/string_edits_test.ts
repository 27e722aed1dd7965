// The older commands on strings, and those that edit a string in place, against redis-server; and
// strings that grow against a model in plain JavaScript.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

const SETTING = `
  SETEX k 100 v
  GET k
  TTL k
  SETEX k 0 v
  SETEX k -1 v
  SETEX k abc v
  SETEX k 1.5 v
  SETEX k 9223372036854775807 v
  SETEX k 9223372036854775808 v
  SETEX k 9223372036854776 v
  SETEX k 100
  SETEX k
  SETEX k 100 v w
  PSETEX k 250000 12
  GET k
  TTL k
  OBJECT ENCODING k
  PSETEX k 0 v
  PSETEX k -5 v
  PSETEX k x v
  PSETEX k 9223372036854775807 v
  PSETEX k 100
  ZADD z 1 a
  SETEX z 100 now-a-string
  GET z
  SETNX k other
  GET k
  TTL k
  SETNX new ""
  SETNX new x
  GET new
  ZADD z2 1 a
  SETNX z2 x
  SETNX a
  SETNX a b c
  GETSET k next
  TTL k
  GETSET missing first
  GETSET missing 10
  OBJECT ENCODING missing
  GETSET z2 x
  TYPE z2
  GETSET a
  GETSET a b c
  GETDEL k
  GETDEL k
  EXISTS k
  GETDEL z2
  EXISTS z2
  SET n 17
  GETDEL n
  GETDEL
  GETDEL a b
  SET kept v EX 1000
  GETDEL kept
  SET kept v
  TTL kept
`;

const EXPIRING = `
  GETEX missing
  GETEX missing EX 10
  GETEX missing EX abc
  GETEX missing FOO
  SET k v
  GETEX k
  TTL k
  GETEX k EX 1000
  TTL k
  GETEX k PERSIST
  TTL k
  GETEX k PERSIST
  GETEX k PX 1000000 PX 500000
  TTL k
  GETEX k EXAT 33177117420
  EXPIRETIME k
  GETEX k PXAT 33177117420123
  PEXPIRETIME k
  GETEX k ex 100
  TTL k
  GETEX k EX 0
  GETEX k EX -1
  GETEX k PX abc
  GETEX k EX 9223372036854775807
  GETEX k EX
  GETEX k EX 10 PERSIST
  GETEX k PERSIST EX 10
  GETEX k EX 10 PX 10
  GETEX k KEEPTTL
  GETEX k NX
  GETEX k persist persist
  TTL k
  GETEX k PXAT 1
  EXISTS k
  SET k v
  GETEX k EXAT 1
  EXISTS k
  ZADD z 1 a
  GETEX z
  GETEX z EX 10
  GETEX z EX abc
  GETEX
`;

const EDITING = `
  APPEND a Hello
  OBJECT ENCODING a
  APPEND a ", "
  OBJECT ENCODING a
  APPEND a "you\\x00\\xff"
  GET a
  STRLEN a
  APPEND n 12
  OBJECT ENCODING n
  INCR n
  APPEND n 34
  OBJECT ENCODING n
  GET n
  INCR n
  OBJECT ENCODING n
  GET n
  APPEND n ""
  OBJECT ENCODING n
  DECRBY n 5
  APPEND n x
  INCR n
  SET big 922337203685477580
  APPEND big 7
  DECR big
  SET big 922337203685477580
  APPEND big 8
  DECR big
  APPEND empty ""
  EXISTS empty
  STRLEN empty
  OBJECT ENCODING empty
  APPEND empty ""
  OBJECT ENCODING empty
  SET e 1 EX 1000
  APPEND e 2
  TTL e
  APPEND e 3
  RENAME e f
  TTL f
  GET f
  APPEND f 4
  GET f
  SET f now-short
  OBJECT ENCODING f
  APPEND f more
  SET f 5 KEEPTTL
  OBJECT ENCODING f
  TTL f
  APPEND f 6
  EXPIRE f 100
  PERSIST f
  GET f
  APPEND
  APPEND a
  APPEND a b c
  ZADD z 1 a
  APPEND z x
  STRLEN z
  STRLEN missing
  STRLEN
  STRLEN a b
  SET i -1234
  STRLEN i
  SETRANGE r 3 abc
  OBJECT ENCODING r
  GET r
  SETRANGE r 0 xy
  GET r
  SETRANGE r 10 Z
  GET r
  SETRANGE r 2 ""
  SETRANGE none 5 ""
  EXISTS none
  SETRANGE none -1 ""
  SETRANGE r -1 x
  SETRANGE r abc x
  SETRANGE r 9223372036854775808 x
  SETRANGE r 9223372036854775807 x
  SETRANGE r 536870912 x
  SETRANGE r 536870911 xy
  SETRANGE none 536870912 x
  EXISTS none
  SETRANGE z 0 x
  SETRANGE z 0 ""
  SETRANGE z -1 ""
  SETRANGE r 0
  SETRANGE r 0 a b
  SET i 1234
  SETRANGE i 1 9
  GET i
  OBJECT ENCODING i
  INCR i
  SET t value EX 1000
  SETRANGE t 5 s
  TTL t
  GET t
`;

const PARTS = `
  SET k "Hello, world"
  GETRANGE k 0 4
  GETRANGE k 0 -1
  GETRANGE k -5 -1
  GETRANGE k -1 -5
  GETRANGE k 5 2
  GETRANGE k 0 100
  GETRANGE k 100 200
  GETRANGE k -100 3
  GETRANGE k -100 -50
  GETRANGE k -50 -100
  GETRANGE k 3 -100
  GETRANGE k 0 -100
  GETRANGE k 11 11
  GETRANGE k 12 12
  GETRANGE k -9223372036854775808 9223372036854775807
  GETRANGE k -9223372036854775807 -9223372036854775808
  GETRANGE k -9223372036854775808 -9223372036854775807
  GETRANGE k -9223372036854775807 -9007199254740993
  GETRANGE k 9223372036854775808 1
  GETRANGE k a 1
  GETRANGE k 0 b
  GETRANGE k 0
  GETRANGE k 0 1 2
  GETRANGE missing 0 -1
  GETRANGE missing a 1
  SET n 123456
  GETRANGE n 1 3
  SET e ""
  GETRANGE e 0 -1
  GETRANGE e -1 -1
  GETRANGE e 0 0
  ZADD z 1 a
  GETRANGE z 0 1
  GETRANGE z x 1
  SUBSTR k 7 -1
  SUBSTR missing 0 1
  SUBSTR k 0
  SUBSTR k x 0
  APPEND k "! And more"
  GETRANGE k 10 14
`;

const FLOATS = `
  INCRBYFLOAT n 1
  OBJECT ENCODING n
  INCR n
  OBJECT ENCODING n
  INCRBYFLOAT n 0.25
  INCRBYFLOAT n -1.5
  INCRBYFLOAT n 1e15
  GET n
  OBJECT ENCODING n
  SET n 3.0e3
  INCRBYFLOAT n 200
  SET n 17 EX 1000
  INCRBYFLOAT n 0.1
  TTL n
  INCRBYFLOAT n 5.0e3
  APPEND n 5
  INCRBYFLOAT n 1
  INCRBYFLOAT n x
  INCRBYFLOAT n ""
  INCRBYFLOAT n " 1"
  INCRBYFLOAT n "1 "
  INCRBYFLOAT n nan
  INCRBYFLOAT n inf
  INCRBYFLOAT n +inf
  INCRBYFLOAT n -inf
  INCRBYFLOAT n 1e5000
  SET s "  11"
  INCRBYFLOAT s 1.0
  SET s 11x
  INCRBYFLOAT s x
  SET s inf
  INCRBYFLOAT s 1
  INCRBYFLOAT s -inf
  SET s ""
  INCRBYFLOAT s 1
  ZADD z 1 a
  INCRBYFLOAT z 1
  INCRBYFLOAT z x
  INCRBYFLOAT n
  INCRBYFLOAT n 1 2
  INCRBYFLOAT absent nan
  EXISTS absent
`;

const MANY = `
  MSETNX a 1 b two
  MGET a b
  MSETNX c 3 a 4
  EXISTS c
  MSETNX c 3 c 4
  GET c
  MSETNX
  MSETNX a
  MSETNX a 1 b
  MSETNX d 1 d
  ZADD z 1 m
  MSETNX z 1
  MSETNX x 1 z 1
  EXISTS x
  SET s v EX 1000
  RENAMENX s a
  RENAMENX s t
  TTL t
  RENAMENX t t
  RENAMENX s s
  RENAMENX s u
  RENAMENX t z
  RENAMENX z y
  TYPE y
  RENAMENX t
  RENAMENX t a b
  TOUCH
  TOUCH a a b missing y
  TOUCH missing
  MODULE
  MODULE LIST
  MODULE LIST x
  MODULE LOAD /lib/none.so
  MODULE LOAD
  MODULE LOADEX /lib/none.so CONFIG a b ARGS c
  MODULE UNLOAD none
  MODULE UNLOAD
  MODULE UNLOAD a b
  MODULE NOSUCH
  MODULE HELP x
`;

for (const resp3 of [false, true]) {
  const dialect = resp3 ? "RESP3" : "RESP2";
  comparison(`SETEX, PSETEX, SETNX, GETSET and GETDEL, ${dialect}`, SETTING, { resp3 });
  comparison(`GETEX, ${dialect}`, EXPIRING, { resp3 });
  comparison(`APPEND, SETRANGE and STRLEN, ${dialect}`, EDITING, { resp3 });
  comparison(`GETRANGE and SUBSTR, ${dialect}`, PARTS, { resp3 });
  comparison(`INCRBYFLOAT, ${dialect}`, FLOATS, { resp3 });
  comparison(`MSETNX, RENAMENX, TOUCH and MODULE, ${dialect}`, MANY, { resp3 });
}

const MAX = 1024 * 1024;

comparison(
  "strings as long as proto-max-bulk-len",
  `
  SETRANGE k ${MAX - 1} x
  STRLEN k
  APPEND k y
  SETRANGE k ${MAX} x
  SETRANGE k ${MAX - 1} xy
  SETRANGE k ${MAX - 1} y
  STRLEN k
  APPEND k ""
  SETRANGE new ${MAX} x
  EXISTS new
  `,
  { directives: { "proto-max-bulk-len": String(MAX) } },
);

const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "\xff", "\0", "7"), maxLength: 30 }),
  fc.integer().map(String),
  fc.nat(6000).map((length) => "b".repeat(length)),
);
const names = fc.constantFrom("k", "K".repeat(300), "L".repeat(5000));
const requests = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant("APPEND"), names, texts) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant("SETRANGE"), names, fc.nat(9000).map(String), texts),
  },
  fc.tuple(fc.constant("SET"), names, texts),
  fc.tuple(fc.constant("GETDEL"), names),
  fc.tuple(fc.constant("STRLEN"), names),
  fc.tuple(fc.constantFrom("EXPIRE"), names, fc.constant("1000")),
  fc.tuple(
    fc.constant("GETRANGE"),
    names,
    fc.integer({ min: -50, max: 9000 }).map(String),
    fc.integer({ min: -50, max: 9000 }).map(String),
  ),
);

function bulk(text: string | undefined): string {
  return text === undefined ? "$-1\r\n" : `$${text.length}\r\n${text}\r\n`;
}

/** The reply to a request, whose strings have a byte a character. */
function answer(strings: Map<string, string>, [name, key, ...rest]: readonly string[]): string {
  const old = strings.get(key);
  const keep = (text: string) => {
    strings.set(key, text);
    return `:${text.length}\r\n`;
  };
  switch (name) {
    case "APPEND":
      return keep((old ?? "") + rest[0]);
    case "SETRANGE": {
      const [offset, text] = [Number(rest[0]), rest[1]];
      if (text === "") return `:${old?.length ?? 0}\r\n`;
      const padded = (old ?? "").padEnd(offset, "\0");
      return keep(padded.slice(0, offset) + text + padded.slice(offset + text.length));
    }
    case "SET":
      strings.set(key, rest[0]);
      return "+OK\r\n";
    case "GETDEL":
      strings.delete(key);
      return bulk(old);
    case "STRLEN":
      return `:${old?.length ?? 0}\r\n`;
    case "EXPIRE":
      return `:${old === undefined ? 0 : 1}\r\n`;
    default: {
      const text = old ?? "";
      const [first, last] = rest.map(Number);
      if (first < 0 && last < 0 && first > last) return bulk("");
      const place = (at: number) => Math.max(0, at < 0 ? text.length + at : at);
      return bulk(text.slice(place(first), Math.max(place(first), place(last) + 1)));
    }
  }
}

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

Deno.test("strings that are edited at random, against a model", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const { arena } = server.keyspace;
  server.keyspace.flushAll(false);
  const bytesBefore = arena.usedBytes;
  await fc.assert(
    fc.asyncProperty(fc.array(requests, { maxLength: 60, size: "max" }), async (all) => {
      const strings = new Map<string, string>();
      for (const request of all) peer.queue(...request.map(latin1));
      await peer.flush();
      for (const request of all) {
        assertEquals(latin1(await peer.receive()), latin1(answer(strings, request)));
      }
      for (const [key, text] of strings) {
        assertEquals(latin1(await peer.ask("GET", latin1(key))), latin1(bulk(text)));
      }
      arena.verify();
      server.keyspace.flushAll(false);
      assertEquals(arena.usedBytes, bytesBefore);
    }),
    { numRuns: 60 },
  );
});

Deno.test("bytes appended one by one take few blocks, and a quarter more room", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const { arena } = server.keyspace;
  let allocations = 0;
  const allocate = arena.allocate.bind(arena);
  arena.allocate = (bytes) => {
    allocations++;
    return allocate(bytes);
  };
  const pieces = 1000;
  const piece = "p".repeat(10_000);
  for (let i = 0; i < pieces; i++) peer.queue("APPEND", "k", piece);
  await peer.flush();
  for (let i = 1; i <= pieces; i++) assertEquals(await peer.receive(), `:${i * 10_000}\r\n`);
  assert(allocations > 10 && allocations < 60, `${allocations} allocations`);
  const reply = await peer.ask("MEMORY", "USAGE", "k");
  const bytes = Number(reply.slice(1));
  assert(bytes <= pieces * 10_000 * 1.25 + 65536 * 2, `${bytes} bytes`);
});
