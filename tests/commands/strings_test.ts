// String commands against redis-server, and overwrites in every form that a string is held in.

import { assertEquals } from "@std/assert";
import { comparison, type ComparisonOptions } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const GET_AND_SET = `
  GET missing
  SET k v
  GET k
  SET k 123
  GET k
  SET k v2 NX
  SET other v NX
  SET other w XX GET
  GET other
  SET k ""
  GET k
  SET "" empty-key
  GET ""
  SET "\\x00\\xff\\r\\n" "\\x00\\x80\\r\\n"
  GET "\\x00\\xff\\r\\n"
  SET k
  SET
  GET
  GET a b
  gEt k
  # conditions
  DEL k
  SET k v XX
  SET k v XX GET
  SET k v NX GET
  SET k w NX GET
  SET k w nx
  SET k w NX NX
  SET k w XX XX
  SET k w GET GET
  SET k v NX XX
  SET k v XX NX
  SET k v FOO
  SET k v NX FOO
  SET k v NXX
  # expiry
  SET k v EX 0
  SET k v EX -1
  SET k v PX 0
  SET k v EXAT 0
  SET k v PXAT -5
  SET k v EX abc
  SET k v EX 1.5
  SET k v EX " 10"
  SET k v EX
  SET k v PX
  SET k v EX 9223372036854775807
  SET k v EX 9223372036854776
  SET k v EX 9223372036854775
  SET k v PX 9223372036854775807
  SET k v EX 9223372036854775808
  SET k v EXAT 9223372036854775807
  SET k v PXAT 9223372036854775807
  PEXPIRETIME k
  SET k v EX 10 PX 20
  SET k v PX 10 EX 20
  SET k v EX 10 EXAT 20
  SET k v PXAT 10 PX 20
  SET k v EX 10 EX 200
  TTL k
  SET k v PX 10000 PX 300000
  TTL k
  SET k v KEEPTTL
  TTL k
  SET k v KEEPTTL KEEPTTL
  SET k v KEEPTTL EX 10
  SET k v EX 10 KEEPTTL
  SET k v ex 100 nx
  SET k v ex 100 xx get
  TTL k
  SET k v
  TTL k
  SET k v EXAT 33177117420
  EXPIRETIME k
  SET k v PXAT 33177117420123
  PEXPIRETIME k
  SET k v PXAT 1
  GET k
  TTL k
  SET k v KEEPTTL
  TTL k
  # values that look like numbers
  SET k 007
  GET k
  SET k -0
  GET k
  SET k +5
  GET k
  SET k -
  GET k
  SET k 0
  GET k
  SET k -12
  GET k
  SET k 9007199254740991
  GET k
  SET k 9007199254740992
  GET k
  SET k 9007199254740993
  GET k
  SET k -9007199254740993
  GET k
  SET k 9223372036854775807
  GET k
  SET k -9223372036854775808
  GET k
  SET k 9223372036854775808
  GET k
  SET k -9223372036854775809
  GET k
  SET k 12345678901234567890
  GET k
  SET k "12 "
  GET k
  SET k 1e3
  GET k
  # a value of another type
  ZADD z 1 a
  GET z
  SET z v GET
  SET z v NX GET
  SET z v NX
  TYPE z
  SET z v
  TYPE z
  GET z
`;

const COUNTING = `
  INCR n
  INCR n
  DECR n
  INCRBY n 10
  SET expiring 5 EX 1000
  INCR expiring
  GET expiring
  INCRBY expiring -7
  GET expiring
  INCRBY expiring 4294967296
  GET expiring
  PERSIST expiring
  DECRBY n 3
  GET n
  DECR new
  INCRBY new2 -5
  DECRBY new3 -5
  INCR
  INCR a b
  DECR a b
  INCRBY n
  INCRBY n 1 2
  DECRBY n
  INCRBY n abc
  INCRBY n 1.5
  INCRBY n ""
  INCRBY n " 1"
  INCRBY n 01
  INCRBY n +1
  INCRBY n 9223372036854775808
  DECRBY n -9223372036854775808
  DECRBY n -9223372036854775809
  DECRBY n 9223372036854775808
  SET s abc
  INCR s
  INCRBY s 5
  SET s 1.5
  INCR s
  SET s " 1"
  INCR s
  SET s ""
  INCR s
  SET s 99999999999999999999
  INCR s
  SET s 9223372036854775808
  DECR s
  ZADD z 1 a
  INCR z
  INCRBY z abc
  DECRBY z -9223372036854775808
  SET n 9007199254740990
  INCR n
  INCR n
  INCR n
  INCR n
  DECR n
  DECR n
  DECR n
  GET n
  SET n -9007199254740990
  DECR n
  DECR n
  DECR n
  INCR n
  INCR n
  GET n
  SET n 9223372036854775806
  INCR n
  INCR n
  GET n
  DECR n
  INCRBY n 2
  INCRBY n 9223372036854775807
  DECRBY n 9223372036854775807
  GET n
  SET n -9223372036854775807
  DECR n
  DECR n
  GET n
  INCRBY n 9223372036854775807
  GET n
  SET n -1
  INCRBY n -9223372036854775808
  INCRBY n -9223372036854775807
  GET n
  SET n 0
  INCRBY n -9223372036854775808
  GET n
  SET n 9223372036854775807
  INCRBY n -9223372036854775808
  GET n
  SET n 2147483647
  INCR n
  SET n 4294967295
  INCR n
  SET n -4294967296
  DECR n
  SET n 100 EX 1000
  INCR n
  TTL n
  SET n 9223372036854775807 EX 1000
  INCR n
  TTL n
  GET n
`;

const MANY = `
  MSET a 1 b two c ""
  MGET a b c d
  MGET a a a
  MGET missing
  MGET
  MSET
  MSET a
  MSET a 1 b
  MSET a 1 b 2 a 3
  MGET a b
  ZADD z 1 m
  MGET a z b
  MSET z now-a-string
  MGET z
  SET t v EX 1000
  MSET t w
  TTL t
  MSET "\\x00" "\\xff" "\\xff" "\\x00"
  MGET "\\xff" "\\x00"
  MSET 1 2 3 4 5 6 7 8 9 10
  MGET 1 3 5 7 9 11
`;

for (const resp3 of [false, true]) {
  const dialect = resp3 ? "RESP3" : "RESP2";
  const options: ComparisonOptions = { resp3 };
  comparison(`GET and SET, ${dialect}`, GET_AND_SET, options);
  comparison(`INCR, DECR, INCRBY and DECRBY, ${dialect}`, COUNTING, options);
  comparison(`MGET and MSET, ${dialect}`, MANY, options);
}

/** Bytes of key and value together that an entry has room for, see server/keyspace/entry.ts. */
const INLINE_MAX_TOGETHER = 4096 - 24;

/** Values held in each way: behind the key, as an integer, in a block; around the limits of each. */
function valuesFor(key: string): string[] {
  const longestInline = Math.max(1, INLINE_MAX_TOGETHER - key.length);
  return [
    "",
    "short",
    "7",
    "9223372036854775807",
    ...[45, longestInline - 1, longestInline, longestInline + 1, 5000, 100_000]
      .map((length) => "b".repeat(length)),
  ];
}

/** Keys whose entries have a short or a long length word, and room for a value behind them or not. */
const KEYS: readonly string[] = ["k", "key:12345", "K".repeat(3000), "L".repeat(70_000)];

function preview(text: string): string {
  return text.length <= 20 ? text : `${text.slice(0, 10)}…(${text.length})`;
}

Deno.test("every value overwrites every other, with and without expiry", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const { arena } = server.keyspace;
  server.keyspace.flushAll(false);
  const atStart = arena.usedBytes;
  for (const key of KEYS) {
    const values = valuesFor(key);
    for (const before of values) {
      for (const after of values) {
        const what = `${preview(key)}: ${preview(before)} → ${preview(after)}`;
        const expected = `$${after.length}\r\n${after}\r\n`;
        peer.queue("DEL", key);
        peer.queue("SET", key, before);
        peer.queue("SET", key, after);
        peer.queue("GET", key);
        peer.queue("SET", key, before, "EX", "1000");
        peer.queue("SET", key, after, "KEEPTTL");
        peer.queue("GET", key);
        peer.queue("TTL", key);
        peer.queue("SET", key, before);
        peer.queue("GET", key);
        peer.queue("TTL", key);
        peer.queue("SET", key, after, "PXAT", "99999999999999");
        peer.queue("GET", key);
        peer.queue("PEXPIRETIME", key);
        peer.queue("PERSIST", key);
        peer.queue("SET", key, before, "GET");
        await peer.flush();
        await peer.receive();
        assertEquals(await peer.receive(), "+OK\r\n", what);
        assertEquals(await peer.receive(), "+OK\r\n", what);
        assertEquals(await peer.receive(), expected, what);
        assertEquals(await peer.receive(), "+OK\r\n", what);
        assertEquals(await peer.receive(), "+OK\r\n", what);
        assertEquals(await peer.receive(), expected, what);
        assertEquals(await peer.receive(), ":1000\r\n", what);
        assertEquals(await peer.receive(), "+OK\r\n", what);
        assertEquals(await peer.receive(), `$${before.length}\r\n${before}\r\n`, what);
        assertEquals(await peer.receive(), ":-1\r\n", what);
        assertEquals(await peer.receive(), "+OK\r\n", what);
        assertEquals(await peer.receive(), expected, what);
        assertEquals(await peer.receive(), ":99999999999999\r\n", what);
        assertEquals(await peer.receive(), ":1\r\n", what);
        assertEquals(await peer.receive(), expected, what);
      }
    }
    arena.verify();
  }
  assertEquals(await peer.ask("DBSIZE"), `:${KEYS.length}\r\n`);
  server.keyspace.flushAll(false);
  arena.verify();
  assertEquals(arena.usedBytes, atStart);
});

Deno.test({
  name: "integers around 2^53 and 2^63 count as on redis-server",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using server = await serveQuietly();
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(server.address.port);
    const edges = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n];
    const numbers = [...new Set(edges.flatMap((edge) => [edge - 1n, edge, edge + 1n]))]
      .flatMap((value) => [`${value}`, `${-value}`]);
    for (const peer of [theirs, ours]) {
      for (const value of numbers) {
        for (const amount of numbers) {
          for (const command of ["INCRBY", "DECRBY"]) {
            peer.queue("SET", "n", value);
            peer.queue(command, "n", amount);
            peer.queue("GET", "n");
          }
        }
      }
      await peer.flush();
    }
    for (const value of numbers) {
      for (const amount of numbers) {
        for (const command of ["INCRBY", "DECRBY"]) {
          for (const asked of ["SET", command, "GET"]) {
            const expected = await theirs.receive();
            assertEquals(await ours.receive(), expected, `${asked} ${value} ${amount}`);
          }
        }
      }
    }
    server.keyspace.arena.verify();
  },
});
