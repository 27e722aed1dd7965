// Set commands against redis-server, in every encoding.

import { assert, assertEquals } from "@std/assert";
import { serve } from "../../server/mod.ts";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { Type } from "../../server/keyspace/entry.ts";

const MEMBERS = `
  SADD s a
  SADD s a
  ~SMEMBERS s
  SADD s b c a d
  SCARD s
  ~SMEMBERS s
  SISMEMBER s a
  SISMEMBER s z
  SMISMEMBER s a z b
  SREM s a z
  SREM s a
  SCARD s
  SMISMEMBER s a
  SREM s b c d e
  EXISTS s
  TYPE s
  # integers
  SADD i 3 1 2 1
  SMEMBERS i
  SADD i -5 70000 -70000 5000000000 -5000000000
  SMEMBERS i
  SADD i 9223372036854775807 -9223372036854775808 9007199254740993
  SMEMBERS i
  SISMEMBER i 9223372036854775807
  SISMEMBER i 9223372036854775808
  SISMEMBER i 01
  SISMEMBER i +1
  SISMEMBER i "1 "
  SISMEMBER i ""
  SREM i 1 70000
  SMEMBERS i
  SADD i -0
  SADD i 007 "" "\\x00\\xff\\r\\n"
  ~SMEMBERS i
  SISMEMBER i "\\x00\\xff\\r\\n"
  SISMEMBER i ""
  SISMEMBER i 3
  SMISMEMBER i 2 02 -0 0
  SCARD i
  TYPE i
  # long members
  SADD long 0123456789012345678901234567890123456789012345678901234567890123
  SADD long 01234567890123456789012345678901234567890123456789012345678901234
  SCARD long
  # many at once
  SADD many ${Array.from({ length: 600 }, (_, i) => i).join(" ")}
  SCARD many
  SISMEMBER many 599
  SISMEMBER many 600
  SADD many 600 x
  ~SMEMBERS many
  SADD words ${Array.from({ length: 200 }, (_, i) => `w${i}`).join(" ")}
  ~SMEMBERS words
  SREM words ${Array.from({ length: 199 }, (_, i) => `w${i}`).join(" ")}
  SMEMBERS words
  # nothing there
  SMEMBERS none
  SCARD none
  SISMEMBER none a
  SMISMEMBER none a b
  SREM none a
  SPOP none
  SPOP none 3
  SPOP none 0
  SRANDMEMBER none
  SRANDMEMBER none 3
  SRANDMEMBER none -3
  SRANDMEMBER none 0
  SMOVE none i a
  SSCAN none 0
  SSCAN none 5
  SSCAN none abc
  SSCAN none 0 FOO
`;

const MOVES = `
  SADD a 1 2 x
  SADD b 2 3
  SMOVE a b 1
  SMOVE a b 1
  SMOVE a b 2
  SMEMBERS b
  SMOVE a b x
  EXISTS a
  ~SMEMBERS b
  SMOVE b c x
  SMEMBERS c
  SMOVE b b 1
  SMOVE b b nope
  SMOVE c c x
  SMOVE nope nope x
  SET string v
  SMOVE string b 1
  SMOVE b string 1
  SMOVE nope string 1
  SMOVE b string nope
  SMOVE string string v
  ~SMEMBERS b
  # expiry stays with the key that stays
  EXPIRE b 1000
  SADD b more
  TTL b
  SMOVE b d more
  TTL d
  RENAME b e
  TTL e
  ~SMEMBERS e
  SREM e 1 2 3
  TTL e
`;

const POPS = `
  SADD one m
  SRANDMEMBER one
  SRANDMEMBER one 1
  SRANDMEMBER one 5
  SRANDMEMBER one -3
  SRANDMEMBER one 0
  SRANDMEMBER one -0
  SPOP one
  EXISTS one
  SADD one m
  SPOP one 0
  SPOP one 1
  EXISTS one
  SADD s a b c
  ~SRANDMEMBER s 3
  ~SRANDMEMBER s 100
  ~SRANDMEMBER s 9223372036854775807
  ~SPOP s 3
  EXISTS s
  SADD s 1 2 3
  SRANDMEMBER s 3
  ~SPOP s 9223372036854775807
  SADD s a
  SPOP s -1
  SPOP s abc
  SPOP s 1.5
  SPOP s 9223372036854775808
  SPOP s 1 2
  SPOP s ""
  SRANDMEMBER s abc
  SRANDMEMBER s 1.5
  SRANDMEMBER s -9223372036854775808
  SRANDMEMBER s 9223372036854775808
  SRANDMEMBER s 1 2
`;

const SCANS = `
  SADD i 3 1 2 10 20
  SSCAN i 0
  SSCAN i 0 COUNT 1
  SSCAN i 0 MATCH *0
  SSCAN i 0 MATCH 1? COUNT 100
  SSCAN i 0 MATCH nope
  SSCAN i 7
  SSCAN i -1
  SSCAN i abc
  SSCAN i 0 COUNT 0
  SSCAN i 0 COUNT -1
  SSCAN i 0 COUNT abc
  SSCAN i 0 COUNT
  SSCAN i 0 MATCH
  SSCAN i 0 TYPE set
  SSCAN i 0 FOO bar
  SSCAN i 0 match * count 3
  SADD w apple banana
  ~SSCAN w 0 COUNT 100 MATCH *an*
`;

const ERRORS = `
  SADD
  SADD s
  SREM s
  SCARD
  SCARD a b
  SMEMBERS
  SMEMBERS a b
  SISMEMBER s
  SISMEMBER s a b
  SMISMEMBER s
  SMOVE a b
  SMOVE a b c d
  SPOP
  SRANDMEMBER
  SSCAN s
  SET string v
  SADD string a
  SREM string a
  SCARD string
  SMEMBERS string
  SISMEMBER string a
  SMISMEMBER string a b
  SPOP string
  SPOP string 2
  SPOP string -2
  SPOP string 0
  SRANDMEMBER string
  SRANDMEMBER string 2
  SRANDMEMBER string abc
  SSCAN string 0
  SSCAN string abc
  SSCAN string 0 FOO
  SADD s a
  GET s
  INCR s
  ZADD s 1 a
  SET s v
  GET s
`;

const TINY = { "set-max-intset-entries": "2", "set-max-listpack-entries": "3" };
const TABLES = { "set-max-intset-entries": "0", "set-max-listpack-entries": "0" };
const PACKED = {
  "set-max-intset-entries": "100000",
  "set-max-listpack-entries": "100000",
  "set-max-listpack-value": "1000",
};

for (
  const [encodings, directives] of Object.entries({ default: {}, tiny: TINY, packed: PACKED })
) {
  for (const resp3 of [false, true]) {
    const name = (what: string) => `sets, ${what}, ${encodings} limits${resp3 ? ", RESP3" : ""}`;
    const options = { resp3, serve: { directives } };
    // A table's order is its own; redis-server's intsets are sorted as ours are.
    const ordered = (script: string) =>
      encodings === "default" ? script : script.replace(/^ *(SMEMBERS|SRANDMEMBER s 3)/gm, "  ~$1")
        .replace(/^ *SSCAN/gm, "  ~SSCAN");
    comparison(name("members"), ordered(MEMBERS), options);
    comparison(name("moves"), ordered(MOVES), options);
    comparison(name("pops"), ordered(POPS), options);
    comparison(name("errors"), ERRORS, options);
    if (encodings !== "tiny") comparison(name("scans"), SCANS, options);
  }
}

const NUMBERS = Array.from({ length: 513 }, (_, i) => i);
const WORDS = Array.from({ length: 129 }, (_, i) => `w${i}`);

comparison(
  "sets, encodings",
  `
  SADD i ${NUMBERS.slice(0, 512).join(" ")} => :512
  OBJECT ENCODING i => $6|intset
  SADD i 512 => :1
  OBJECT ENCODING i => $9|hashtable
  SREM i ${NUMBERS.slice(10).join(" ")} => :503
  OBJECT ENCODING i => $9|hashtable
  SADD hinted ${NUMBERS.slice(0, 512).join(" ")} 1 => :512
  OBJECT ENCODING hinted => $9|hashtable
  SADD hinted-w ${WORDS.slice(0, 128).join(" ")} w1 => :128
  OBJECT ENCODING hinted-w => $9|hashtable
  SADD mixed 1 2 3 => :3
  OBJECT ENCODING mixed => $6|intset
  SADD mixed x => :1
  OBJECT ENCODING mixed => $8|listpack
  SADD mixed ${"y".repeat(64)} => :1
  OBJECT ENCODING mixed => $8|listpack
  SADD mixed ${"y".repeat(65)} => :1
  OBJECT ENCODING mixed => $9|hashtable
  SADD w ${WORDS.slice(0, 128).join(" ")} => :128
  OBJECT ENCODING w => $8|listpack
  SADD w w128 => :1
  OBJECT ENCODING w => $9|hashtable
  SADD big ${NUMBERS.slice(0, 200).join(" ")} => :200
  SADD big x => :1
  OBJECT ENCODING big => $9|hashtable
  CONFIG SET set-max-intset-entries 3 => +OK
  SADD few 1 2 3 => :3
  SADD few 4 => :1
  OBJECT ENCODING few => $9|hashtable
  SADD packed 1 2 3 4 => :4
  OBJECT ENCODING packed => $8|listpack
  CONFIG GET set-max-listpack-value => *2|$22|set-max-listpack-value|$2|64
`,
);

Deno.test("sets: pops and samples of many members, in every encoding", async () => {
  for (const directives of [{}, TABLES, PACKED]) {
    await using server = await serve({ port: 0, onLogLine() {}, directives });
    using peer = await Peer.connect(server.address.port);
    const start = server.keyspace.arena.usedBytes;
    const all = Array.from({ length: 2000 }, (_, i) => String(i * 7));
    const left = new Set(all);
    assertEquals(await peer.ask("SADD", "s", ...all), ":2000\r\n");
    for (const count of ["3", "500", "0", "1200", "1"]) {
      const drawn = elementsOf(await peer.ask("SRANDMEMBER", "s", count));
      assertEquals(new Set(drawn).size, Math.min(Number(count), left.size));
      assertEquals(elementsOf(await peer.ask("SRANDMEMBER", "s", `-${count}`)).length, +count);
      const popped = elementsOf(await peer.ask("SPOP", "s", count));
      assertEquals(popped.length, Number(count));
      for (const member of popped) assert(left.delete(member));
      assertEquals(new Set(elementsOf(await peer.ask("SMEMBERS", "s"))), left);
    }
    while (left.size > 0) {
      const [member] = elementsOf("*1\r\n" + await peer.ask("SPOP", "s"));
      assert(left.delete(member));
    }
    assertEquals(await peer.ask("EXISTS", "s"), ":0\r\n");
    await peer.ask("FLUSHALL", "SYNC");
    assertEquals(server.keyspace.arena.usedBytes, start);
    server.keyspace.arena.verify();
  }
});

Deno.test("sets: what is left of a table of which most was popped is a listpack", async () => {
  await using server = await serve({ port: 0, onLogLine() {} });
  using peer = await Peer.connect(server.address.port);
  const words = Array.from({ length: 300 }, (_, i) => `word:${i}`);
  const numbers = Array.from({ length: 600 }, (_, i) => String(i));
  const long = Array.from({ length: 300 }, (_, i) => `${"x".repeat(70)}${i}`);
  for (
    const [members, count, encoding] of [
      [words, 249, "hashtable"],
      [words, 250, "listpack"],
      [words, 299, "listpack"],
      [numbers, 560, "listpack"],
      [long, 250, "hashtable"],
      [[...words, ...numbers], 749, "hashtable"],
      [[...words, ...numbers], 772, "listpack"],
    ] as const
  ) {
    await peer.ask("DEL", "s");
    await peer.ask("SADD", "s", ...members);
    assertEquals(await peer.ask("OBJECT", "ENCODING", "s"), "$9\r\nhashtable\r\n");
    const popped = elementsOf(await peer.ask("SPOP", "s", String(count)));
    const reply = await peer.ask("OBJECT", "ENCODING", "s");
    assertEquals(reply, `$${encoding.length}\r\n${encoding}\r\n`, `${count} popped`);
    const left = elementsOf(await peer.ask("SMEMBERS", "s"));
    assertEquals(new Set([...popped, ...left]), new Set<string>(members));
    assertEquals(left.length, members.length - count);
  }
  server.keyspace.arena.verify();
});

Deno.test("sets: a scan of a table finds all that stays while it grows and shrinks", async () => {
  await using server = await serve({ port: 0, onLogLine() {}, directives: TABLES });
  using peer = await Peer.connect(server.address.port);
  const stays = Array.from({ length: 300 }, (_, i) => `stays:${i}`);
  await peer.ask("SADD", "s", ...stays);
  const seen = new Set<string>();
  let cursor = "0";
  let round = 0;
  do {
    const elements = elementsOf(await peer.ask("SSCAN", "s", cursor, "MATCH", "stays:*"));
    cursor = elements.shift()!;
    for (const member of elements) seen.add(member);
    const extra = Array.from({ length: 40 }, (_, i) => `extra:${round % 10}:${i}`);
    await peer.ask(round % 20 < 10 ? "SADD" : "SREM", "s", ...extra);
    assert(++round < 5000);
  } while (cursor !== "0");
  assertEquals(seen, new Set(stays));
});

Deno.test("sets: every way of losing a large set gives its memory back", async () => {
  await using server = await serve({ port: 0, onLogLine() {}, directives: TABLES });
  const { keyspace } = server;
  using peer = await Peer.connect(server.address.port);
  const start = keyspace.arena.usedBytes;
  // The keyspace's own table keeps its buckets until it is flushed.
  await peer.ask("SADD", "warm", "up");
  await peer.ask("DEL", "warm");
  const bucketBytes = keyspace.arena.usedBytes - start;
  const members = Array.from({ length: 1000 }, (_, i) => `member:${i}`);
  for (
    const loss of [
      ["DEL", "s"],
      ["UNLINK", "s"],
      ["FLUSHALL"],
      ["FLUSHALL", "ASYNC"],
      [
        "PEXPIREAT",
        "s",
        "1",
      ],
      ["SPOP", "s", "1000"],
      ["SREM", "s", ...members],
    ]
  ) {
    await peer.ask("SADD", "s", ...members);
    const entry = keyspace.databases[0].randomEntry();
    assertEquals(keyspace.entries.type(entry), Type.Set);
    assertEquals(
      keyspace.values.memoryBytes(entry),
      keyspace.arena.usedBytes - start - bucketBytes,
    );
    await peer.ask(...loss);
    assertEquals(await peer.ask("EXISTS", "s"), ":0\r\n");
    await peer.ask("FLUSHALL", "SYNC");
    await keyspace.lazyFree.drained();
    keyspace.arena.collectFreedChains();
    assertEquals(keyspace.arena.usedBytes, start, loss.slice(0, 2).join(" "));
  }
  keyspace.arena.verify();
});

/** The bulk strings and integers of a flat or nested array, in order. */
function elementsOf(reply: string): string[] {
  return reply.split("\r\n").filter((line, i) => i > 0 && line !== "" && !/^[$*]/.test(line));
}
