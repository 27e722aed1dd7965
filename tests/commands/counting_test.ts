// Hits, misses and idle times as redis-server counts them, asked after each command.

import { assertEquals } from "@std/assert";
import { comparison, wordsOf } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { serve } from "../../server/mod.ts";

const SETUP = ["SET s v", "RPUSH l a b", "SADD set a b", "HSET h f v", "ZADD z 1 a"];

/** Commands, each of which counts hits and misses in its own way. */
const COUNTED = `
GET s
GET no
GET l
SET s w GET
SET no2 w GET
SET s w NX
SET l w GET
SET s w XX GET
MGET s no l
EXISTS s no s
TYPE s
TYPE no
TTL s
PTTL no
OBJECT ENCODING s
OBJECT ENCODING no
OBJECT IDLETIME s
OBJECT REFCOUNT no
EXPIRE s 100
EXPIRE no 100
PERSIST s
RENAME s t
RENAME no t
INCR n
INCR l
LPUSH l x
LPUSH set x
LRANGE l 0 -1
LRANGE no 0 -1
LRANGE set 0 -1
LLEN l
LPOP l
LSET l 0 y
SADD set c
SISMEMBER set a
SMOVE set set2 c
SPOP set2
SPOP set 0
SPOP set 9
SPOP set 9
SPOP l 9
SRANDMEMBER no
HGET h f
HGET h no
HSET h f w
HGETALL no
HDEL h f
ZADD z 2 b
ZRANGE z 0 -1
ZRANGE l 0 -1
ZPOPMIN z 9
ZADD z 1 a 2 b 3 c 4 d
ZRANGEBYSCORE z 1 2
ZRANGEBYSCORE no 1 2
ZRANGEBYSCORE z x 2
ZREVRANGE z 0 1
ZREVRANGEBYSCORE no 1 2
ZRANGEBYLEX z - +
ZCOUNT z 1 2
ZCOUNT no 1 2
ZLEXCOUNT z - +
ZMSCORE z a b
ZMSCORE no a b
ZREVRANK z a
ZREVRANK no a
ZINCRBY z 1 a
ZINCRBY s 1 a
ZREMRANGEBYRANK z 0 0
ZREMRANGEBYSCORE z 2 2
ZREMRANGEBYLEX no - +
SETEX e 100 v
SETEX e 0 v
PSETEX e 10000 v
SETNX e v
SETNX e2 v
SETNX z v
GETSET e w
GETSET no3 w
GETSET z w
GETEX e
GETEX e PERSIST
GETEX e EX 0
GETEX no4 EX 0
GETEX z
APPEND e more
APPEND no5 more
APPEND z more
SETRANGE e 1 x
SETRANGE no6 1 ""
GETRANGE e 0 1
GETRANGE no6 0 1
GETRANGE z 0 1
GETRANGE z x 1
STRLEN e
STRLEN no6
STRLEN z
INCRBYFLOAT f 1
INCRBYFLOAT f x
MSETNX e 1 e3 2
MSETNX e3 1 e4 2
TOUCH e no6 z
RENAMENX e e3
RENAMENX e e5
RENAMENX no6 e5
GETDEL e5
GETDEL e5
GETDEL z
DEL z e e2 e3 e4 e5 f no3 no5
RANDOMKEY
KEYS *
SCAN 0
SCAN 0 TYPE string
SCAN 0 MATCH t TYPE list
DEL t no
UNLINK no
`;

/** Hits and misses, in a line. */
function countsOf(info: string): string {
  return [...info.matchAll(/keyspace_(?:hits|misses):\d+/g)].map(([field]) => field).join(" ");
}

Deno.test({
  name: "each command counts hits and misses as redis-server does",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start();
    await using ravel = await serve({ port: 0, onLogLine() {} });
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const different: string[] = [];
    for (const line of [...SETUP, ...COUNTED.trim().split("\n")]) {
      const counts: string[] = [];
      for (const peer of [theirs, ours]) {
        await peer.ask("CONFIG", "RESETSTAT");
        await peer.ask(...wordsOf(line));
        counts.push(countsOf(await peer.ask("INFO", "stats")));
      }
      if (counts[0] !== counts[1]) different.push(`${line}: ${counts.join(" but ")}`);
    }
    assertEquals(different, []);
  },
});

comparison(
  "the encodings of short values behind long keys, and expiries of 64 bits",
  `
  SET ${"k".repeat(4097)} short
  OBJECT ENCODING ${"k".repeat(4097)}
  SET ${"k".repeat(4097)} ${"v".repeat(45)}
  OBJECT ENCODING ${"k".repeat(4097)}
  SET k v
  PEXPIREAT k 9007199254740993
  PEXPIRETIME k
  EXPIRETIME k
  PEXPIREAT k 9007199254740992 GT
  PEXPIREAT k 9007199254740992 LT
  PEXPIRETIME k
  PEXPIREAT k 9223372036854775807
  PEXPIRETIME k
  EXPIRETIME k
  RENAME k l
  PEXPIRETIME l
  SET l w PXAT 9007199254740995
  PEXPIRETIME l
  SET l 17 KEEPTTL
  PEXPIRETIME l
  EXPIREAT l 9007199254741
  PEXPIRETIME l
  EXPIREAT l 9223372036854775
  PEXPIRETIME l
  EXPIRE l 9223372036854775807
  PERSIST l
  PEXPIRETIME l
  ZADD z 9007199254740993 a 0.1 b 1e17 c 123456789012345678 d 3.0000000000000004 e
  ZRANGE z 9007199254740993 +inf BYSCORE
  ZADD z INCR 1 a
  ZSCORE z c => $18|100000000000000000
  ZSCORE z d => $18|123456789012345680
  `,
);

/** Seconds of idleness that each command leaves, ten seconds after everything was used last. */
const IDLE: readonly (readonly [command: string, key: string, idle: number])[] = [
  ["GET s", "s", 0],
  ["EXPIRE s 100", "s", 0],
  ["EXPIRE s 100 NX", "s", 0],
  ["PERSIST s", "s", 0],
  ["RENAME s t", "t", 0],
  ["RENAME t s", "s", 0],
  ["SET s w NX", "s", 0],
  ["LPUSH s x", "s", 0],
  ["LRANGE s 0 -1", "s", 0],
  ["GET l", "l", 0],
  ["LPUSH set x", "set", 0],
  ["SMOVE set l a", "l", 0],
  ["SMOVE none l a", "l", 0],
  ["SMOVE s l a", "l", 0],
  ["MGET l", "l", 0],
  ["TTL s", "s", 10],
  ["TYPE s", "s", 10],
  ["EXISTS s", "s", 10],
  ["OBJECT ENCODING s", "s", 10],
  ["SCAN 0 TYPE string", "s", 10],
  ["MEMORY USAGE s", "s", 10],
];

Deno.test("idle times are reset by what looks a key up to read or write it", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  for (const line of SETUP) await peer.ask(...line.split(" "));
  for (const [command, key, idle] of IDLE) {
    for (const name of ["s", "t"]) await peer.ask("GET", name);
    await peer.ask("LRANGE", "l", "0", "-1");
    await peer.ask("SCARD", "set");
    clock.nowMs += 10_000;
    await peer.ask(...command.split(" "));
    assertEquals([command, await peer.ask("OBJECT", "IDLETIME", key)], [command, `:${idle}\r\n`]);
  }
});

Deno.test("SCAN collects the expired keys that it meets, and no others", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  for (const key of ["a", "b", "c"]) await peer.ask("SET", key, "v", "PX", "1");
  clock.nowMs += 2;
  assertEquals(await peer.ask("KEYS"), "*0\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":3\r\n");
  assertEquals(await peer.ask("SCAN", "0", "MATCH", "a"), "*2\r\n$1\r\n0\r\n*0\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":2\r\n");
  assertEquals(await peer.ask("SCAN", "0", "TYPE", "list"), "*2\r\n$1\r\n0\r\n*0\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  assertEquals(server.keyspace.expiredKeys, 3);
});
