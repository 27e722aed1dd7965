// COPY, MOVE, SWAPDB, DUMP, RESTORE and OBJECT, beside redis-server.

import { assertEquals } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import { WireClient } from "../harness/wire_client.ts";

/** Redis 7.0 has no short lists, which is not asked for, and other limits of hashes. */
const directives = { "enable-debug-command": "yes", "hash-max-listpack-entries": "128" };

const LETTERS = Array.from({ length: 200 }, (_, i) => `w${i}`).join(" ");
const PAIRS = Array.from({ length: 200 }, (_, i) => `${i} w${i}`).join(" ");

const VALUES = `
  SET s hello
  SET i 12345
  SET raw ${"x".repeat(100)}
  SET ap 12
  APPEND ap 3
  SET f 1.5
  INCRBYFLOAT f 1.5
  RPUSH l a b 1 ${"y".repeat(100)}
  RPUSH ql ${LETTERS} ${"z".repeat(9000)} ${LETTERS}
  SADD is 1 2 3
  SADD hs ${LETTERS}
  HSET h a 1 b 2
  HSET hh ${PAIRS}
  ZADD z 1 a 2 b
  ZADD zt ${PAIRS}
`;

const KEYS = ["s", "i", "raw", "ap", "f", "l", "ql", "is", "hs", "h", "hh", "z", "zt"];

comparison(
  "COPY",
  `
  ${VALUES}
  ${
    KEYS.map((key) => `
      COPY ${key} c:${key}
      ${key === "l" ? "" : `OBJECT ENCODING c:${key}`}
      DEBUG DIGEST-VALUE ${key} c:${key}
      COPY ${key} t:${key} DB 3
      COPY ${key} s
      COPY ${key} ap REPLACE
      ${key === "l" ? "" : "OBJECT ENCODING ap"}
      TTL ap
      EXPIRE ${key} 1000
      COPY ${key} c:${key} REPLACE
      TTL c:${key}
    `).join("")
  }
  SELECT 3
  DBSIZE
  ~KEYS *
  SELECT 0
  DEBUG DIGEST
  # a copy is by itself
  RPUSH l more
  LRANGE c:l 0 -1
  SREM hs w1 w2
  SCARD c:hs
  HDEL hh 1 2
  HLEN c:hh
  ZREM zt w1
  ZCARD c:zt
  APPEND ap x
  DEL c:ql
  LLEN ql
  # and takes the place of what expires
  SET gone v PX 1
  DEBUG SLEEP 0.01
  COPY s gone
  GET gone
  SET gone v PX 1
  DEBUG SLEEP 0.01
  COPY gone s REPLACE
  COPY missing s REPLACE
  GET s
  COPY
  COPY s
  COPY s s
  COPY s s REPLACE
  COPY s s DB 0
  COPY s s DB 1
  COPY s s DB 1
  COPY s s DB 1 REPLACE
  COPY s new DB 99
  COPY s new DB -1
  COPY s new DB x
  COPY s new DB 9999999999
  COPY s new DB 99999999999999999999
  COPY s new DB
  COPY s new DB 1 DB
  COPY s new REPLACE REPLACE
  COPY s new FOO
  COPY s new DB 1 FOO
  COPY missing missing
  copy s new2 db 1 replace
  `,
  { directives },
);

comparison(
  "MOVE",
  `
  ${VALUES}
  EXPIRE s 1000
  ${KEYS.map((key) => `MOVE ${key} 1`).join("\n")}
  DBSIZE
  SELECT 1
  DBSIZE
  TTL s
  TTL i
  DEBUG DIGEST
  MOVE s 0
  SELECT 0
  TTL s
  SET k a
  SELECT 1
  SET k b PX 1
  SELECT 0
  DEBUG SLEEP 0.01
  MOVE k 1
  SET k c
  MOVE k 1
  GET k
  MOVE k 0
  MOVE missing 0
  MOVE missing 1
  MOVE k 99
  MOVE k -1
  MOVE k x
  MOVE k 9999999999
  MOVE k 99999999999999999999
  MOVE
  MOVE k
  MOVE k 1 2
  SET gone v PX 1
  DEBUG SLEEP 0.01
  MOVE gone 1
  DEBUG DIGEST
  `,
  { directives },
);

comparison(
  "SWAPDB",
  `
  SET a 1
  SET both zero EX 1000
  SELECT 1
  SET b 2
  SET both one
  SWAPDB 0 1
  ~KEYS *
  TTL both
  SELECT 0
  ~KEYS *
  TTL both
  SWAPDB 0 0
  GET b
  SWAPDB 1 0
  GET a
  SWAPDB 3 4
  DBSIZE
  SWAPDB
  SWAPDB 0
  SWAPDB 0 1 2
  SWAPDB a 0
  SWAPDB 0 a
  SWAPDB 0 99
  SWAPDB 99 0
  SWAPDB 0 -1
  SWAPDB 0 9999999999
  SWAPDB 9999999999 0
  SWAPDB 0 99999999999999999999
  DEBUG DIGEST
  `,
  { directives },
);

/** What a client watches, what it finds there, and whether EXEC runs. */
comparison(
  "SWAPDB and what is watched",
  ["same", "onlyhere", "onlythere", "nowhere"].map((key) => `
    FLUSHALL
    SET same 1
    SET onlyhere 1
    SELECT 1
    SET same 1
    SET onlythere 1
    SELECT 0
    @2 WATCH ${key}
    SWAPDB 0 1
    @2 MULTI
    @2 PING
    @2 EXEC
    @2 WATCH ${key}
    SWAPDB 0 0
    @2 MULTI
    @2 PING
    @2 EXEC
    @2 WATCH ${key}
    SWAPDB 3 4
    @2 MULTI
    @2 PING
    @2 EXEC
  `).join("") + `
    # in the other database
    FLUSHALL
    @2 SELECT 1
    SET k 1
    @2 WATCH k
    SWAPDB 1 0
    @2 MULTI
    @2 GET k
    @2 EXEC
    # there and back is a change as well
    @2 WATCH k
    SWAPDB 1 0
    SWAPDB 1 0
    @2 MULTI
    @2 GET k
    @2 EXEC
    # one that has expired is not there
    DEBUG SET-ACTIVE-EXPIRE 0
    FLUSHALL
    SET gone v PX 1
    DEBUG SLEEP 0.01
    @2 WATCH gone
    SWAPDB 0 1
    @2 MULTI
    @2 PING
    @2 EXEC
    @3 WATCH gone
    SWAPDB 0 1
    @3 MULTI
    @3 PING
    @3 EXEC
  `,
  { directives },
);

comparison(
  "DUMP and RESTORE: errors in their order",
  `
  SET k v
  DUMP
  DUMP a b
  DUMP missing
  RESTORE
  RESTORE k
  RESTORE k 0
  RESTORE k 0 x
  RESTORE k -1 x
  RESTORE k x x
  RESTORE new 0 x
  RESTORE new -1 x
  RESTORE new x x
  RESTORE new 99999999999999999999 x
  RESTORE new 0 ""
  RESTORE new 0 0123456789
  RESTORE new 0 x FOO
  RESTORE new 0 x REPLACE FOO
  RESTORE new 0 x IDLETIME
  RESTORE new 0 x IDLETIME x
  RESTORE new 0 x IDLETIME -1
  RESTORE new 0 x FREQ
  RESTORE new 0 x FREQ x
  RESTORE new 0 x FREQ -1
  RESTORE new 0 x FREQ 256
  RESTORE new 0 x FREQ 1 IDLETIME 1
  RESTORE new 0 x IDLETIME 1 FREQ 1
  RESTORE k 0 x IDLETIME 1 IDLETIME 2
  RESTORE k x x REPLACE
  RESTORE k -1 x REPLACE
  RESTORE k 0 x REPLACE
  RESTORE-ASKING k 0 x
  RESTORE-ASKING new 0 x
  GET k
  `,
);

comparison(
  "OBJECT",
  `
  ${VALUES}
  ${KEYS.map((key) => `OBJECT REFCOUNT ${key}`).join("\n")}
  ${KEYS.filter((key) => key !== "l").map((key) => `OBJECT ENCODING ${key}`).join("\n")}
  SET small 9999
  OBJECT REFCOUNT small
  SET larger 10000
  OBJECT REFCOUNT larger
  SET below -1
  OBJECT REFCOUNT below
  OBJECT IDLETIME s
  OBJECT FREQ s
  OBJECT FREQ missing
  OBJECT IDLETIME missing
  OBJECT ENCODING missing
  OBJECT REFCOUNT missing
  OBJECT
  OBJECT x
  OBJECT ENCODING
  OBJECT ENCODING a b
  CONFIG SET maxmemory-policy allkeys-lru
  SET small 9998
  OBJECT REFCOUNT small
  CONFIG SET maxmemory 1gb
  SET small 9997
  OBJECT REFCOUNT small
  CONFIG SET maxmemory-policy volatile-ttl
  SET small 9996
  OBJECT REFCOUNT small
  CONFIG SET maxmemory-policy volatile-lfu
  SET new 1
  OBJECT FREQ new
  OBJECT IDLETIME new
  OBJECT IDLETIME missing
  OBJECT FREQ missing
  CONFIG SET lfu-decay-time 0
  CONFIG SET lfu-log-factor 0
  GET new
  GET new
  OBJECT FREQ new
  SET new 2
  OBJECT FREQ new
  SET new ${"x".repeat(100)}
  OBJECT FREQ new
  TOUCH new new new
  OBJECT FREQ new
  CLIENT NO-TOUCH on => +OK
  GET new
  OBJECT FREQ new => :12
  `,
  { directives },
);

Deno.test("RESTORE keeps when and how often a key was used", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using client = await WireClient.connect(server.address.port);
  await client.call("SET", "k", "123");
  const dump = await client.call("DUMP", "k") as Uint8Array;
  assertEquals(await client.call("RESTORE", "i", "0", dump, "IDLETIME", "1000"), "OK");
  assertEquals(await client.call("OBJECT", "IDLETIME", "i"), 1000);
  clock.nowMs += 5000;
  assertEquals(await client.call("OBJECT", "IDLETIME", "i"), 1005);
  await client.call("RESTORE", "f", "0", dump, "FREQ", "100");
  assertEquals(await client.call("OBJECT", "IDLETIME", "f"), 0);
  // Uses count by another policy, and are forgotten a minute after the other.
  await client.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
  await client.call("RESTORE", "f", "0", dump, "FREQ", "100", "REPLACE");
  assertEquals(await client.call("OBJECT", "FREQ", "f"), 100);
  clock.nowMs += 3 * 60_000;
  assertEquals(await client.call("OBJECT", "FREQ", "f"), 97);
  clock.nowMs += 500 * 60_000;
  assertEquals(await client.call("OBJECT", "FREQ", "f"), 0);
  await client.call("RESTORE", "i", "0", dump, "IDLETIME", "1000", "REPLACE");
  assertEquals(await client.call("OBJECT", "FREQ", "i"), 5);
});

Deno.test("RESTORE gives a key the time that its dump has left", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using client = await WireClient.connect(server.address.port);
  const ask = async (...words: (string | Uint8Array)[]) => await client.call(...words);
  await ask("SET", "k", "123");
  const dump = await ask("DUMP", "k") as Uint8Array;
  await ask("RESTORE", "a", "1500", dump);
  assertEquals(await ask("PTTL", "a"), 1500);
  await ask("RESTORE", "a", "0", dump, "REPLACE");
  assertEquals(await ask("PTTL", "a"), -1);
  await ask("RESTORE", "a", String(clock.nowMs + 70), dump, "REPLACE", "ABSTTL");
  assertEquals(await ask("PTTL", "a"), 70);
  // What is over when it comes takes the old value with it.
  assertEquals(await ask("RESTORE", "a", "1", dump, "REPLACE", "ABSTTL"), "OK");
  assertEquals(await ask("EXISTS", "a"), 0);
  assertEquals(await ask("RESTORE", "b", "1", dump, "ABSTTL"), "OK");
  assertEquals(await ask("EXISTS", "b"), 0);
  // Beyond 64 bits time begins anew, as on redis-server.
  assertEquals(await ask("RESTORE", "b", "9223372036854775807", dump), "OK");
  assertEquals(await ask("EXISTS", "b"), 0);
  assertEquals(await ask("RESTORE", "b", "9223372036854775807", dump, "ABSTTL"), "OK");
  assertEquals(await ask("PEXPIRETIME", "b"), 9223372036854775807n);
  server.keyspace.arena.verify();
});

Deno.test("who waits for a key gets it when its database takes another's place", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using peer = await Peer.connect(port);
  using waiting = await Peer.connect(port);
  using other = await Peer.connect(port);
  await other.ask("SELECT", "1");
  waiting.queue("BLPOP", "l", "0");
  await waiting.flush();
  other.queue("BZPOPMIN", "z", "0");
  await other.flush();
  await until("both wait", () => server.blocking.waitingClients === 2);
  await peer.ask("ZADD", "z", "1", "m");
  await peer.ask("SELECT", "1");
  await peer.ask("RPUSH", "l", "x");
  assertEquals(await peer.ask("SWAPDB", "0", "1"), "+OK\r\n");
  assertEquals(await waiting.receive(), "*2\r\n$1\r\nl\r\n$1\r\nx\r\n");
  assertEquals(await other.receive(), "*3\r\n$1\r\nz\r\n$1\r\nm\r\n$1\r\n1\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  // A key that comes by MOVE, COPY or RESTORE serves as well.
  for (const [request, key] of [["MOVE", "l"], ["COPY", "c"]]) {
    waiting.queue("BLPOP", key, "0");
    await waiting.flush();
    await until("it waits", () => server.blocking.waitingClients === 1);
    await peer.ask("RPUSH", "l", request);
    if (request === "MOVE") await peer.ask("MOVE", "l", "0");
    else await peer.ask("COPY", "l", "c", "DB", "0");
    const expected = `*2\r\n$1\r\n${key}\r\n$4\r\n${request}\r\n`;
    assertEquals(await waiting.receive(), expected);
  }
});
