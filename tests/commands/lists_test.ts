// List commands against redis-server, in both encodings, and what each encoding is called.

import { assert, assertEquals } from "@std/assert";
import { comparison, type ComparisonOptions } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const LARGE = "x".repeat(10_000);

const PUSH_AND_POP = `
  LPUSH l a
  LPUSH l b c
  RPUSH l d e 5
  LRANGE l 0 -1
  LLEN l
  TYPE l
  LPUSHX l x y
  RPUSHX l z
  LPUSHX missing x
  RPUSHX missing x y
  EXISTS missing
  LLEN missing
  LPOP l
  RPOP l
  LPOP l 2
  RPOP l 2
  LRANGE l 0 -1
  LPOP l 0
  RPOP l 0
  LPOP l 100
  EXISTS l
  LPOP l
  RPOP l
  LPOP l 0
  LPOP l 3
  RPOP missing 1
  RPUSH l 1 2 3 4 5 6 7 8 9 10
  RPOP l 3
  LPOP l 9223372036854775807
  RPUSH l a
  LPOP l -1
  LPOP l abc
  LPOP l 1.5
  LPOP l 9223372036854775808
  LPOP l ""
  LPOP l 1 2
  RPOP l -1
  RPOP l x
  RPOP l 1 1
  LPOP missing -1
  RPUSH l ""
  RPUSH "" "\\x00\\xff\\r\\n" ""
  LRANGE "" 0 -1
  RPUSH ints 0 -0 00 +1 1 -1 127 128 -128 4095 4096 -4096 -4097 32767 32768 -32769
  RPUSH ints 8388607 8388608 2147483647 -2147483648 2147483648 9007199254740993
  RPUSH ints 9223372036854775807 -9223372036854775808 9223372036854775808 1e3 " 1" 1.0
  LRANGE ints 0 -1
  LPOP ints 40
  # arity and types
  LPUSH
  LPUSH l
  RPUSH l
  LPUSHX l
  RPUSHX l
  LPOP
  RPOP
  LLEN
  LLEN a b
  SET s v
  LPUSH s a
  RPUSH s a
  LPUSHX s a
  RPUSHX s a
  LPOP s
  LPOP s 1
  LPOP s -1
  RPOP s 0
  LLEN s
  GET l
`;

const BY_INDEX = `
  RPUSH l a b c d e 1 2 3 4 5
  LINDEX l 0
  LINDEX l 4
  LINDEX l 5
  LINDEX l 9
  LINDEX l 10
  LINDEX l -1
  LINDEX l -10
  LINDEX l -11
  LINDEX l 9223372036854775807
  LINDEX l -9223372036854775808
  LINDEX l 9223372036854775808
  LINDEX l x
  LINDEX l 1.5
  LINDEX l ""
  LINDEX missing 0
  LINDEX missing x
  LINDEX l
  LINDEX l 1 2
  LRANGE l 0 -1
  LRANGE l 0 0
  LRANGE l 2 4
  LRANGE l -3 -1
  LRANGE l -100 2
  LRANGE l 7 100
  LRANGE l 5 3
  LRANGE l 10 20
  LRANGE l -1 -3
  LRANGE l 0 -11
  LRANGE l -9223372036854775808 9223372036854775807
  LRANGE l 0 9223372036854775808
  LRANGE l a 1
  LRANGE l 1 b
  LRANGE missing a 1
  LRANGE missing 0 -1
  LRANGE l 0
  LRANGE l 0 1 2
  LSET l 0 first
  LSET l -1 last
  LSET l 5 ""
  LSET l 6 12345
  LSET l 10 x
  LSET l -11 x
  LSET l x x
  LSET l 9223372036854775808 x
  LSET missing 0 x
  LSET missing x x
  LSET l 0
  LSET l 0 a b
  LRANGE l 0 -1
  LSET l 3 ${LARGE}
  LSET l 4 ${LARGE}
  LRANGE l 0 -1
  LSET l 3 small
  LSET l 4 small
  LRANGE l 0 -1
  SET s v
  LINDEX s 0
  LINDEX s x
  LRANGE s 0 1
  LRANGE s x 1
  LSET s 0 v
  LSET s x v
`;

const REMOVE_AND_INSERT = `
  RPUSH l a b a c a 1 2 1 a
  LREM l 1 a
  LRANGE l 0 -1
  LREM l -1 a
  LRANGE l 0 -1
  LREM l 0 1
  LREM l -5 a
  LREM l 0 nothing
  LREM l 3 01
  LREM missing 0 a
  LREM missing x a
  LREM l x a
  LREM l 9223372036854775808 a
  LREM l -9223372036854775807 b
  LREM l 1
  LREM l 0 a b
  LRANGE l 0 -1
  RPUSH l same same same
  LREM l 2 same
  LREM l 0 same
  LREM l 0 2
  LREM l 0 c
  EXISTS l
  RPUSH l 0 1 2 3 4 5 6 7 8 9
  LTRIM l 1 -2
  LRANGE l 0 -1
  LTRIM l -100 100
  LTRIM l 2 4
  LRANGE l 0 -1
  LTRIM l x 1
  LTRIM l 1 x
  LTRIM missing 0 1
  LTRIM missing x 1
  LTRIM l 0
  LTRIM l 0 1 2
  LTRIM l 0 9223372036854775808
  LTRIM l -1 -1
  LRANGE l 0 -1
  LTRIM l 5 10
  EXISTS l
  RPUSH l a b
  LTRIM l 1 0
  EXISTS l
  RPUSH l a b c 100 d
  LINSERT l BEFORE a first
  LINSERT l after d last
  LINSERT l Before 100 ninety
  LINSERT l AFTER 100 101
  LINSERT l BEFORE missing x
  LINSERT l AFTER 0100 x
  LINSERT missing BEFORE a b
  LINSERT l AROUND a b
  LINSERT missing AROUND a b
  LINSERT l BEFORE a
  LINSERT l BEFORE a b c
  LINSERT l BEFORE b ""
  LINSERT l AFTER "" "\\x00"
  LINSERT l AFTER "\\x00" ${LARGE}
  LINSERT l BEFORE ${LARGE} ${LARGE}
  LRANGE l 0 -1
  LREM l -1 ${LARGE}
  LREM l 0 ${LARGE}
  LRANGE l 0 -1
  SET s v
  LREM s 0 a
  LREM s x a
  LTRIM s 0 1
  LTRIM s x 1
  LINSERT s BEFORE a b
  LINSERT s NEAR a b
`;

const AS_A_KEY = `
  RPUSH l a b c
  RENAME l m
  LRANGE m 0 -1
  EXPIRE m 100
  RPUSH m d
  TTL m
  PERSIST m
  SET m now-a-string
  GET m
  RPUSH n 1 2 3
  DEL n
  EXISTS n
  RPUSH n 1 2 3
  UNLINK n
  LLEN n
  RPUSH n 4
  PEXPIRE n -1
  LLEN n
  RPUSH n 5 6
  SCAN 0 TYPE list COUNT 100
  LPOP n 2
  SCAN 0 TYPE list COUNT 100
  DBSIZE
`;

/** A list of hundreds of elements, changed at its ends and in its middle. */
const LONG = [
  ...Array.from({ length: 40 }, (_, i) => {
    const words = Array.from(
      { length: 25 },
      (_, j) => (i * 25 + j) % 7 === 0 ? `${j}` : `e:${i}:${j}`,
    );
    return `${i % 3 === 0 ? "LPUSH" : "RPUSH"} long ${words.join(" ")}`;
  }),
  "LLEN long",
  "LRANGE long 0 -1",
  ...[0, 1, 24, 25, 333, 499, 500, 501, 700, 998, 999, 1000, -1, -2, -333, -500, -999, -1000, -1001]
    .flatMap((index) => [
      `LINDEX long ${index}`,
      `LRANGE long ${index} ${index + 30}`,
      `LSET long ${index} set:${index}`,
    ]),
  `LSET long 500 ${LARGE}`,
  `LSET long 200 ${LARGE}`,
  "LINSERT long BEFORE e:20:10 before",
  "LINSERT long AFTER e:20:10 after",
  `LINSERT long AFTER e:30:1 ${LARGE}`,
  "LREM long 3 5",
  "LREM long -3 5",
  "LREM long 0 12",
  `LREM long 2 ${LARGE}`,
  "LRANGE long 0 -1",
  "LTRIM long 100 -51",
  "LRANGE long 0 -1",
  "LPOP long 10",
  "RPOP long 300",
  ...Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? "LPOP long" : "RPOP long")),
  "LRANGE long 0 -1",
  "RPUSH long a b c",
  "LPUSH long a b c",
  "LTRIM long 2 20",
  "LRANGE long 0 -1",
  "LPOP long 1000",
  "EXISTS long",
].join("\n");

const SCRIPTS = { PUSH_AND_POP, BY_INDEX, REMOVE_AND_INSERT, AS_A_KEY, LONG };

const FORMS: Record<string, ComparisonOptions> = {
  "one listpack": { directives: { "list-max-listpack-size": "-5" } },
  "chain of listpacks of 3": { directives: { "list-max-listpack-size": "3" } },
  "chain of single elements": { directives: { "list-max-ziplist-size": "1" } },
  "chain of 4 KiB": { directives: { "list-max-listpack-size": "-1" } },
  "RESP3": { resp3: true, directives: { "list-max-listpack-size": "2" } },
};

for (const [form, options] of Object.entries(FORMS)) {
  for (const [name, script] of Object.entries(SCRIPTS)) {
    const title = name.toLowerCase().replaceAll("_", " ");
    comparison(`lists, ${title}: ${form}`, script, options);
  }
}

// The installed redis-server knows no listpack encoding of lists, so these are Redis 7.2's answers.
comparison(
  "lists: encodings as in Redis 7.2, by number of elements",
  `
  RPUSH l 1 2 3 4 => :4
  OBJECT ENCODING l => $8|listpack
  RPUSH l 5 => :5
  OBJECT ENCODING l => $9|quicklist
  LPOP l => $1|1
  LPOP l => $1|2
  OBJECT ENCODING l => $9|quicklist
  LREM l 1 3 => :1
  OBJECT ENCODING l => $9|quicklist
  LPOP l => $1|4
  OBJECT ENCODING l => $8|listpack
  LINSERT l BEFORE 5 x => :2
  LINSERT l AFTER 5 z => :3
  LINSERT l BEFORE 5 y => :4
  OBJECT ENCODING l => $8|listpack
  LINSERT l BEFORE missing y => :-1
  OBJECT ENCODING l => $9|quicklist
  LTRIM l 0 1 => +OK
  OBJECT ENCODING l => $8|listpack
  LPUSH l 1 2 3 => :5
  OBJECT ENCODING l => $9|quicklist
  RPOP l 3 => *3|$1|y|$1|x|$1|1
  OBJECT ENCODING l => $9|quicklist
  LPUSH l 4 5 => :4
  LSET l 0 v => +OK
  OBJECT ENCODING l => $9|quicklist
  DEL l => :1
  RPUSH l a b c d e => :5
  LPOP l 3 => *3|$1|a|$1|b|$1|c
  OBJECT ENCODING l => $9|quicklist
  LSET l 0 v => +OK
  OBJECT ENCODING l => $9|quicklist
  LTRIM l 1 -1 => +OK
  OBJECT ENCODING l => $8|listpack
  DEL l => :1
  RPUSH l a b c d => :4
  LINSERT l AFTER b x => :5
  LRANGE l 0 -1 => *5|$1|a|$1|b|$1|x|$1|c|$1|d
  LTRIM l 2 3 => +OK
  OBJECT ENCODING l => $8|listpack
  LPUSH l f g h => :5
  LINSERT l BEFORE x i => :6
  LRANGE l 0 -1 => *6|$1|h|$1|g|$1|f|$1|i|$1|x|$1|c
  LTRIM l 1 2 => +OK
  OBJECT ENCODING l => $8|listpack
  `,
  { directives: { "list-max-listpack-size": "4" } },
);

comparison(
  "a list that only grows does not become packed again",
  `
  RPUSH l a
  LSET l 1 ${"x".repeat(9000)} => -ERR index out of range
  OBJECT ENCODING l => $9|quicklist
  LINSERT l BEFORE a b
  OBJECT ENCODING l => $9|quicklist
  RPUSHX l c
  LPUSHX l d
  LPUSH l e
  OBJECT ENCODING l => $9|quicklist
  LPOP l
  OBJECT ENCODING l => $8|listpack
  LINSERT missing BEFORE a b
  RPUSHX missing c
  `,
);

comparison(
  "a full list stays packed when an element goes from one of its ends to the other",
  `
  RPUSH l a b c d
  OBJECT ENCODING l => $8|listpack
  LMOVE l l LEFT RIGHT
  OBJECT ENCODING l => $8|listpack
  RPOPLPUSH l l
  BLMOVE l l RIGHT LEFT 0
  LMOVE l l LEFT LEFT
  OBJECT ENCODING l => $8|listpack
  LRANGE l 0 -1
  RPUSH l e
  OBJECT ENCODING l => $9|quicklist
  LMOVE l l LEFT RIGHT
  OBJECT ENCODING l => $9|quicklist
  LRANGE l 0 -1
  RPUSH one a
  LMOVE one one LEFT RIGHT
  LRANGE one 0 -1
  `,
  { directives: { "list-max-listpack-size": "4" } },
);

comparison(
  "lists: encodings as in Redis 7.2, by bytes",
  `
  RPUSH l ${"v".repeat(4089)} => :1
  OBJECT ENCODING l => $8|listpack
  RPUSH l v => :2
  OBJECT ENCODING l => $9|quicklist
  LSET l 0 small => +OK
  OBJECT ENCODING l => $9|quicklist
  LPOP l => $5|small
  OBJECT ENCODING l => $8|listpack
  RPUSH l a b c => :4
  LSET l 1 ${LARGE} => +OK
  OBJECT ENCODING l => $9|quicklist
  RPOP l => $1|c
  OBJECT ENCODING l => $9|quicklist
  LREM l 1 ${LARGE} => :1
  OBJECT ENCODING l => $8|listpack
  LRANGE l 0 -1 => *2|$1|v|$1|b
  `,
  { directives: { "list-max-listpack-size": "-1" } },
);

Deno.test("lists: limits and compression follow CONFIG SET", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("RPUSH", "l", ..."abcdefgh");
  assertEquals(await peer.ask("CONFIG", "SET", "list-max-ziplist-size", "2"), "+OK\r\n");
  await peer.ask("RPUSH", "l", "i");
  assertEquals(await peer.ask("OBJECT", "ENCODING", "l"), "$9\r\nquicklist\r\n");
  assertEquals(
    await peer.ask("CONFIG", "GET", "list-max-listpack-size"),
    "*2\r\n$22\r\nlist-max-listpack-size\r\n$1\r\n2\r\n",
  );
  await peer.ask("DEL", "l");
  const bytesOf = async () => {
    for (let i = 0; i < 500; i++) await peer.ask("RPUSH", "l", `element ${i % 7} `.repeat(9));
    const reply = await peer.ask("MEMORY", "USAGE", "l");
    await peer.ask("DEL", "l");
    return Number(reply.slice(1));
  };
  assertEquals(await peer.ask("CONFIG", "SET", "list-max-ziplist-size", "-1"), "+OK\r\n");
  const plain = await bytesOf();
  assertEquals(await peer.ask("CONFIG", "SET", "list-compress-depth", "1"), "+OK\r\n");
  assert(await bytesOf() < plain / 3);
  assertEquals(server.config.withoutEffect(), []);
  await flushAndDrain(server);
});

Deno.test("lists: memory is measured, and comes back however a list goes", async () => {
  const clock = { nowMs: 1_700_000_000_000 };
  await using server = await serveQuietly({ environment: { now: () => clock.nowMs } });
  using peer = await Peer.connect(server.address.port);
  const { arena } = server.keyspace;
  const before = arena.usedBytes;
  const element = "element of a long list";
  const fill = async (key: string) => {
    for (let i = 0; i < 2000; i++) peer.queue("RPUSH", key, element);
    await peer.flush();
    for (let i = 0; i < 2000; i++) await peer.receive();
  };
  const endings: (readonly string[])[] = [
    ["DEL", "l"],
    ["UNLINK", "l"],
    ["FLUSHALL", "ASYNC"],
    ["FLUSHALL", "SYNC"],
    ["SET", "l", "v"],
    ["LTRIM", "l", "1", "0"],
    ["LREM", "l", "0", element],
    ["LPOP", "l", "2000"],
    ["PEXPIRE", "l", "-1"],
  ];
  for (const ending of endings) {
    await fill("l");
    const usage = Number((await peer.ask("MEMORY", "USAGE", "l")).slice(1));
    assert(usage >= 2000 * element.length && usage <= arena.usedBytes - before, `${usage} bytes`);
    await peer.ask(...ending);
    await peer.ask("FLUSHALL", "SYNC");
    await until("all memory is back", () => {
      arena.collectFreedChains();
      return arena.usedBytes === before;
    });
  }
  await fill("l");
  await peer.ask("PEXPIRE", "l", "5");
  clock.nowMs += 1000;
  assertEquals(await peer.ask("LLEN", "l"), ":0\r\n");
  await flushAndDrain(server);
  assertEquals(arena.usedBytes, before);
});
