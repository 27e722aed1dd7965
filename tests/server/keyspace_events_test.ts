// Keyspace events: the whole stream of what is published while commands run, beside redis-server's.

import { assertEquals } from "@std/assert";
import { event } from "../../server/keyspace/key_event.ts";
import { parseEventMask, printEventMask } from "../../server/events/event_mask.ts";
import { comparison, wordsOf } from "../harness/comparison.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { Hearing } from "../harness/hearing.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";
import { keyOf, nameOf } from "./key_values.ts";

const DIRECTIVES = { "enable-debug-command": "yes" };

/** Runs a script against both servers, and compares the events of each line. */
function sameEvents(name: string, mask: string, script: string): void {
  Deno.test({
    name: `same events as redis-server: ${name}`,
    ignore: withoutRedis,
    async fn() {
      await using redis = await RedisReference.start(DIRECTIVES);
      await using ravel = await serveQuietly({ directives: DIRECTIVES });
      using ours = await Hearing.begin(ravel.address.port, mask);
      using theirs = await Hearing.begin(redis.port, mask);
      const different: string[] = [];
      let heard = 0;
      for (const line of script.split("\n").map((line) => line.trim())) {
        if (line === "" || line.startsWith("#")) continue;
        const words = wordsOf(line);
        const expected = await theirs.ask(...words);
        const actual = await ours.ask(...words);
        heard += expected.length - 1;
        // What is popped at random is not compared.
        const from = line.startsWith("SPOP") ? 1 : 0;
        const [a, b] = [expected, actual].map((lines) => lines.slice(from).join(" | "));
        if (a !== b) different.push(`${line}\n    redis ${a}\n    ravel ${b}`);
      }
      assertEquals(different.join("\n"), "");
      assertEquals(heard > 0, mask !== "", "something was heard");
    },
  });
}

const DUMP_OF_123 = String.raw`"\x00\xc0\x7b\x09\x00\x98\x10\x02\x2d\x54\xfc\x04\x08"`;

const COPIES = `
  SET k v
  COPY k c
  COPY k c
  COPY k c REPLACE
  COPY k c DB 1
  COPY missing c
  MOVE k 2
  MOVE missing 2
  SET k w
  MOVE k 2
  SWAPDB 0 2
  GET k
  EXPIRE k 100
  COPY k d
  MOVE d 3
  DUMP missing
  RESTORE r 0 ${DUMP_OF_123}
  RESTORE r 0 ${DUMP_OF_123}
  RESTORE r 0 ${DUMP_OF_123} REPLACE
  RESTORE k 100000 ${DUMP_OF_123} REPLACE
  RESTORE k 1 ${DUMP_OF_123} REPLACE ABSTTL
  RESTORE k 1 ${DUMP_OF_123} ABSTTL
  RESTORE k 0 x
`;

const STRINGS = `
  SET k v
  SET k w
  SET k 12
  SET k v NX
  SET k v XX
  SET none v XX
  SET new v NX
  SET k v EX 100
  SET k v KEEPTTL
  SET k v PX 100000 GET
  SET k v GET
  SET gone v GET
  SET gone v EXAT 20000000000
  SET gone v PXAT 20000000000000 XX
  SET gone v EX 0
  SET gone v EX x
  SET l x GET EX 10
  RPUSH list a
  SET list v GET
  SET list v
  MSET a 1 b 2 a 3 k 4
  MSET a
  INCR n
  INCR n
  INCRBY n 5000000000
  DECR n
  DECRBY n 7
  DECRBY m 7
  INCR k
  SET text abc
  INCR text
  SET big 9223372036854775807
  INCR big
  GET n
  GET missing
  MGET a missing missing b
  SADD s a
  GET s
  INCR s
`;

const BITS = `
  SETBIT k 7 1
  SETBIT k 7 1
  SETBIT k 7 0
  SETBIT k 70 0
  SETBIT k 70 0
  SETBIT k x 0
  GETBIT missing 1
  BITCOUNT missing
  BITPOS missing 1
  BITFIELD k SET u8 0 1 INCRBY u8 8 2 GET u8 0
  BITFIELD k SET u8 0 1
  BITFIELD k INCRBY u8 0 0
  BITFIELD k SET u8 1000 0
  BITFIELD k OVERFLOW FAIL INCRBY u4 0 100
  BITFIELD made SET u8 0 0
  BITFIELD missing GET u8 0
  BITFIELD_RO missing GET u8 0
  BITFIELD half SET u8 0 1 FOO
  BITOP OR d k made
  BITOP OR d missing missing2 k
  BITOP AND d missing missing2
  BITOP AND d missing missing2
  RPUSH l x
  SETBIT l 0 1
  BITOP OR l k
  BITOP NOT k k
`;

const HYPERLOGLOGS = `
  PFADD h
  PFADD h
  PFADD h a b c
  PFADD h a b c
  PFADD g a b c
  PFCOUNT h
  PFCOUNT missing
  PFCOUNT h missing g missing2
  PFMERGE d h g missing
  PFMERGE h
  PFMERGE e
  PFDEBUG TODENSE h
  PFDEBUG GETREG g
  PFDEBUG ENCODING missing
  PFADD h d
  SET s v
  PFADD s a
  PFCOUNT s
  PFMERGE s h
`;

const MORE_STRINGS = `
  SETEX k 100 v
  SETEX k 0 v
  PSETEX p 100000 v
  SETNX k v
  SETNX fresh v
  GETSET k w
  GETSET gone w
  GETDEL gone
  GETDEL gone
  APPEND k x
  APPEND k ""
  APPEND appended x
  SETRANGE k 2 abc
  SETRANGE ranged 2 abc
  SETRANGE k 2 ""
  SETRANGE none 2 ""
  MSETNX q 1 r 2 q 3
  MSETNX q 1 t 2
  INCRBYFLOAT f 1.5
  INCRBYFLOAT f 1.5
  INCRBYFLOAT k 1.5
  GETEX k EX 100
  GETEX k
  GETEX k PERSIST
  GETEX k PERSIST
  GETEX k EXAT 1
  GETEX k EX 10
  STRLEN none
  GETRANGE none 0 1
  SADD s a
  GETSET s v
  GETDEL s
  SETNX s v
  APPEND s v
  SETRANGE s 1 v
  SETEX s 10 v
`;

const KEYS = `
  SET a 1
  RENAMENX a b
  RENAMENX b b
  RENAMENX a b
  SET a 1
  RENAMENX a b
  DEL a b
  MSET a 1 b 2 c 3
  DEL a missing b a
  UNLINK c c
  SET a 1
  EXPIRE a 100
  EXPIRE a 100
  EXPIRE a 100 NX
  EXPIRE a 200 GT
  EXPIRE a 100 LT
  EXPIRE missing 100
  PEXPIRE a 100000
  EXPIREAT a 20000000000
  PEXPIREAT a 20000000000000
  PERSIST a
  PERSIST a
  PERSIST missing
  EXPIRE a -1
  EXPIRE a 10
  SET a 1
  PEXPIREAT a 1
  SET a 1
  RENAME a b
  RENAME b b
  RENAME missing b
  RENAME b b2
  SET c 1 EX 100
  RENAME b2 c
  RENAME c d
  SADD s a b
  RPUSH l a
  RENAME s l
  TYPE l
  EXISTS l missing missing
  TTL missing
  PTTL missing
  EXPIRETIME missing
  TYPE missing
  OBJECT ENCODING missing
  OBJECT IDLETIME missing
  MEMORY USAGE missing
  DEBUG OBJECT missing
  RANDOMKEY
  KEYS x
  SCAN 0
  SCAN 0 TYPE string
  SELECT 3
  SET elsewhere v
  SADD "\\x00\\xff\\xc3 key" a
  DEL "\\x00\\xff\\xc3 key"
  SET "" v
  DEL ""
  FLUSHDB
  SET x 1
  FLUSHALL
  SELECT 0
  DBSIZE
`;

const EXPIRY = `
  SET k v PXAT 1
  GET k
  SET k v PXAT 1
  SET k v
  SET k v PXAT 1
  SET k v PXAT 1
  DEL k
  RPUSH list a
  SET k v PXAT 1
  LPUSH k a
  SET x v PXAT 1
  EXISTS x x
  SET x v PXAT 1
  TYPE x
  SET x v PXAT 1
  TTL x
  SET x v PXAT 1
  PERSIST x
  SET x v PXAT 1
  EXPIRE x 100
  SET x v PXAT 1
  RENAME x y
  SET x v PXAT 1
  SET y v
  RENAME y x
  SET x v PXAT 1
  SET y v PXAT 1
  RENAME x y
  SET x v PXAT 1
  SET y v PXAT 1
  SMOVE x y a
  SET x v PXAT 1
  SADD y a
  SMOVE x y a
  SET x v PXAT 1
  SMOVE y x a
  SET x v PXAT 1
  INCR x
  SET x v PXAT 1
  SET x v XX
  SET x v PXAT 1
  SET x v GET
  SET a v PXAT 1
  SET b v PXAT 1
  MGET a x b
  SET a v PXAT 1
  OBJECT ENCODING a
  FLUSHALL
  SET a v PXAT 1
  RANDOMKEY
  SET a v PXAT 1
  SCAN 0
  SET a v PXAT 1
  HGET a f
  SET a v PXAT 1
  LPOP a
  SET a v PXAT 1
  HDEL a f
  SET a v PXAT 1
  DEL a
  SET a v PXAT 1
  FLUSHALL
`;

const LISTS = `
  LPUSHX l a
  RPUSHX l a
  LPUSH l a b
  RPUSH l c d
  LPUSHX l a
  RPUSHX l z
  LPOP l
  RPOP l
  LPOP l 0
  LPOP l 2
  RPOP l 9
  LPOP l
  LPOP l 2
  RPUSH l a b c a
  LPOP l 4
  RPUSH l a
  RPOP l
  RPUSH l a b c a b
  LINSERT l BEFORE b x
  LINSERT l AFTER missing x
  LINSERT none AFTER missing x
  LINSERT l BESIDE b x
  LSET l 0 y
  LSET l 0 y
  LSET l 99 y
  LSET none 0 y
  LREM l 0 missing
  LREM l 1 b
  LREM l -1 b
  LREM none 1 b
  LTRIM l 0 -1
  LTRIM l 0 1
  LTRIM none 0 1
  LTRIM l 5 9
  LTRIM l 0 -1
  RPUSH l a a
  LREM l 0 a
  LLEN l
  LRANGE l 0 -1
  LINDEX l 0
  SET s v
  LPUSH s a
  LPUSHX s a
  LPOP s
  LSET s 0 a
  LTRIM s 0 1
  LLEN s
`;

const MOVES = `
  RPUSH a 1 2 3
  LMOVE a b LEFT RIGHT
  LMOVE a b RIGHT LEFT
  LMOVE a b RIGHT RIGHT
  LMOVE a b RIGHT RIGHT
  RPOPLPUSH b a
  LMOVE a a LEFT RIGHT
  LMOVE a a LEFT LEFT
  LMOVE b b LEFT RIGHT
  LMOVE b b RIGHT LEFT
  SET s v
  LMOVE a s LEFT LEFT
  LMOVE s a LEFT LEFT
  BLMOVE a b LEFT LEFT 0
  BRPOPLPUSH b a 0
  LMPOP 3 none a b LEFT
  LMPOP 2 b none RIGHT COUNT 9
  LMPOP 1 b RIGHT
  LMPOP 1 s RIGHT
  RPUSH a 1 2 3 4 5
  BLPOP none a 1
  BRPOP none a 1
  BLMPOP 1 2 none a LEFT COUNT 2
  BLPOP a 1
  ZADD z 1 a 2 b 3 c 4 d 5 e 6 f 7 g
  ZPOPMAX z
  BZPOPMIN none z 1
  BZPOPMAX z 1
  ZMPOP 2 none z MIN
  BZMPOP 1 1 z MAX COUNT 2
  ZMPOP 1 z MAX COUNT 2
  ZMPOP 1 z MAX COUNT 2
  ZADD z 1 a
  ZPOPMAX z 4
`;

const SETS = `
  SADD s a b c
  SADD s a
  SADD s a d
  SREM s missing
  SREM s a missing b
  SREM none a
  SREM s c d
  SREM s c
  SADD s a b c d
  SPOP s
  SPOP s 0
  SPOP s 2
  SPOP s 9
  SPOP s
  SPOP s 1
  SPOP s x
  SADD s a
  SPOP s
  SADD s a b
  SMOVE s t a
  SMOVE s t missing
  SADD t b
  SMOVE s t b
  SMOVE s t b
  SMOVE t t a
  SMOVE t t x
  SET k v
  SMOVE t k a
  SMOVE k t a
  SMOVE missing k a
  SADD k a
  SREM k a
  SPOP k
  SCARD none
  SISMEMBER none a
  SMISMEMBER none a
  SMEMBERS none
  SRANDMEMBER none
  SRANDMEMBER none 2
  SSCAN none 0
`;

const HASHES = `
  HSET h f v
  HSET h f v
  HSET h f w g x
  HSET h f
  HMSET h f v
  HMSET i f v
  HSETNX h f v
  HSETNX h new v
  HSETNX j new v
  HINCRBY h n 5
  HINCRBY h f 5
  HINCRBY new n 5
  HINCRBY h n x
  HINCRBYFLOAT h n 0.5
  HINCRBYFLOAT h f 0.5
  HINCRBYFLOAT newer n 0.5
  HINCRBYFLOAT newer n inf
  HINCRBY newer n 1
  HDEL h f missing
  HDEL h f
  HDEL none f
  HDEL i f
  HDEL h g new n
  SET k v
  HSET k f v
  HDEL k f
  HGET none f
  HMGET none f g
  HGETALL none
  HKEYS none
  HVALS none
  HLEN none
  HEXISTS none f
  HRANDFIELD none
  HSCAN none 0
`;

const SORTED_SETS = `
  ZADD z 1 a 2 b
  ZADD z 1 a
  ZADD z 3 a
  ZADD z NX 9 a
  ZADD z XX 4 a 5 missing
  ZADD none XX 4 a
  ZADD none XX INCR 4 a
  ZADD z GT 1 a
  ZADD z GT CH 9 a
  ZADD z LT 3 a
  ZADD z INCR 2 a
  ZADD z INCR 0 a
  ZADD z NX INCR 2 a
  ZADD new INCR 2 a
  ZADD z x a
  ZADD z inf i
  ZADD z INCR -inf i
  ZADD z NX XX 1 a
  ZREM z missing
  ZREM z a missing
  ZREM none a
  ZREM new a
  ZADD z 1 a 2 b 3 c
  ZPOPMIN z
  ZPOPMIN z 0
  ZPOPMIN z 2
  ZPOPMIN z 9
  ZPOPMIN z
  ZADD z 1 a
  ZPOPMIN z
  SET k v
  ZADD k 1 a
  ZREM k a
  ZPOPMIN k
  ZCARD none
  ZSCORE none a
  ZRANK none a
  ZRANGE none 0 -1
`;

const MORE_SORTED_SETS = `
  ZINCRBY z 1 a
  ZINCRBY z 1 a
  ZINCRBY z 0 a
  ZINCRBY z x a
  ZADD z 1 a 2 b 3 c 4 d 5 e
  ZREMRANGEBYSCORE z 9 10
  ZREMRANGEBYSCORE z 1 1
  ZREMRANGEBYRANK z 0 0
  ZREMRANGEBYRANK z 9 10
  ZREMRANGEBYLEX z [x [z
  ZREMRANGEBYLEX z [a [c
  ZREMRANGEBYRANK z 0 -1
  ZREMRANGEBYRANK z 0 -1
  ZADD z 0 a 0 b
  ZREMRANGEBYLEX z - +
  ZADD z 0 a 0 b
  ZREMRANGEBYSCORE z -inf +inf
  ZMSCORE none a b
  ZCOUNT none 0 1
  ZRANGEBYSCORE none 0 1
  ZREVRANGE none 0 1
`;

const ALGEBRA = `
  SADD a 1 2 3
  SADD b 2 3 4
  SINTER a b
  SINTER a none
  SUNION none other
  SDIFF a none
  SINTERCARD 2 a none
  SINTERSTORE d a b
  SINTERSTORE d a b
  SINTERSTORE d a none
  SINTERSTORE d a none
  SUNIONSTORE d a b
  SDIFFSTORE d a b
  SDIFFSTORE d a a
  SDIFFSTORE a a b
  SUNIONSTORE a none
  SET s v
  EXPIRE s 100
  SUNIONSTORE s b
  SET s v
  SINTERSTORE s b none
  ZADD y 1 a 2 b
  ZADD z 1 b 3 c
  ZUNION 2 y none
  ZINTERCARD 2 y none
  ZUNIONSTORE d 2 y z
  ZINTERSTORE d 2 y z
  ZDIFFSTORE d 2 y z
  ZDIFFSTORE d 2 y y
  ZINTERSTORE d 2 y none
  ZUNIONSTORE y 2 y z
  ZINTERSTORE y 2 none y
  SET s v
  ZUNIONSTORE s 1 s
  ZUNIONSTORE s 1 b
`;

const SCRIPTS: Readonly<Record<string, string>> = {
  strings: STRINGS,
  "more strings": MORE_STRINGS,
  bits: BITS,
  HyperLogLogs: HYPERLOGLOGS,
  moves: MOVES,
  "more sorted sets": MORE_SORTED_SETS,
  keys: KEYS,
  copies: COPIES,
  expiry: EXPIRY,
  lists: LISTS,
  sets: SETS,
  algebra: ALGEBRA,
  hashes: HASHES,
  "sorted sets": SORTED_SETS,
};
const ALL = Object.values(SCRIPTS).map((script) => `FLUSHALL\n${script}`).join("\n");

for (const [name, script] of Object.entries(SCRIPTS)) sameEvents(name, "KEAmn", script);
for (const mask of ["K", "E", "A", ""]) {
  Deno.test(`events: nothing is sent as long as ${mask || "nothing"} alone is asked for`, async () => {
    await using server = await serveQuietly({ directives: DIRECTIVES });
    using hearing = await Hearing.begin(server.address.port, mask);
    assertEquals(await hearing.ask("SET", "k", "v"), ["+OK"]);
    assertEquals(server.keyspace.changes.isHeard, false);
  });
}
for (const mask of ["K$", "El", "KEs", "Kh", "Ez", "KEg", "Ex", "KEn", "Km", "KA"]) {
  sameEvents(`${mask} of all commands`, mask, ALL);
}

comparison(
  "which events are asked for",
  `
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events KEA
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events gKE
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events "$lshzxeKE"
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events "g$lshzxetd"
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events nmdtexzhsl$gEK
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events nmdtezhsl$gEK
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events An
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events mEKAAAA
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events KEq
  CONFIG SET notify-keyspace-events KEa
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events "K\\x00q"
  CONFIG GET notify-keyspace-events
  CONFIG SET notify-keyspace-events " "
  CONFIG SET notify-keyspace-events ""
  CONFIG GET notify-keyspace-events
  `,
);

Deno.test("letters and masks are the same, but for n behind A, which is not shown", () => {
  const letters = "g$lshzxetdnKEm";
  for (let chosen = 0; chosen < 1 << letters.length; chosen += 7) {
    const text = [...letters].filter((_, i) => (chosen >> i & 1) !== 0).join("");
    const mask = parseEventMask(text)!;
    const shown = printEventMask(mask);
    if (shown.startsWith("A")) continue;
    assertEquals(shown, text);
    assertEquals(parseEventMask(shown), mask);
  }
  assertEquals(printEventMask(parseEventMask("AnKEm")!), "AKEm");
  assertEquals(parseEventMask("AnKE") === parseEventMask("AKE"), false);
});

comparison(
  "a list that is trimmed to what it was has changed for who watches it",
  `
  RPUSH l a b
  WATCH l
  @2 LTRIM l 0 -1
  MULTI
  EXEC
  `,
);

Deno.test("who subscribes in RESP3 hears of its own commands behind their replies", async () => {
  await using server = await serveQuietly({ directives: { "notify-keyspace-events": "KA" } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("HELLO", "3");
  await peer.ask("SUBSCRIBE", "__keyspace@0__:k");
  const pushOf = (event: string) =>
    `>3\r\n$7\r\nmessage\r\n$16\r\n__keyspace@0__:k\r\n$${event.length}\r\n${event}\r\n`;
  assertEquals(await peer.ask("SET", "k", "v", "EX", "9"), "+OK\r\n");
  assertEquals(await peer.receive() + await peer.receive(), pushOf("set") + pushOf("expire"));
  // Within a transaction, behind all of it.
  peer.queue("MULTI");
  peer.queue("DEL", "k");
  peer.queue("EXEC");
  await peer.flush();
  assertEquals(await peer.receive(), "+OK\r\n");
  assertEquals(await peer.receive(), "+QUEUED\r\n");
  assertEquals(await peer.receive(), "*1\r\n:1\r\n");
  assertEquals(await peer.receive(), pushOf("del"));
});

Deno.test("a key of any length has its channel", async () => {
  await using server = await serveQuietly({ directives: { "notify-keyspace-events": "KEA" } });
  using peer = await Peer.connect(server.address.port);
  using subscriber = await Peer.connect(server.address.port);
  await subscriber.ask("PSUBSCRIBE", "*");
  for (const length of [0, 4063, 4064, 4065, 4096, 100_000, 1]) {
    const key = "k".repeat(length);
    await peer.ask("SELECT", "15");
    await peer.ask("SET", key, "v");
    for (
      const [channel, message] of [["keyspace@15__:" + key, "set"], ["keyevent@15__:set", key]]
    ) {
      const lines = (await subscriber.receive()).split("\r\n");
      assertEquals([lines[6], lines[8]], ["__" + channel, message]);
    }
  }
});

Deno.test("keys that expire in the background are told of, earliest first", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { "notify-keyspace-events": "Ex" },
    environment: { now: clock.now },
  });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  using subscriber = await Peer.connect(server.address.port);
  await subscriber.ask("PSUBSCRIBE", "__keyevent@*");
  for (const [key, ms] of [["late", "30"], ["soon", "10"], ["later", "900"]]) {
    await peer.ask("SET", key, "v", "PX", ms);
  }
  clock.nowMs += 50;
  server.upkeep.activeExpire = true;
  for (const key of ["soon", "late"]) {
    const lines = (await subscriber.receive()).split("\r\n");
    assertEquals([lines[6], lines[8]], ["__keyevent@0__:expired", key]);
  }
});

Deno.test("a listener hears events by name behind the change, and what is asked for comes and goes", async () => {
  await using server = await serveQuietly();
  const { changes } = server.keyspace;
  const client = new DetachedClient(server);
  const heard: string[] = [];
  const unsubscribe = changes.subscribe({
    changed: (_, key, kind) => heard.push(`${nameOf(key)} is ${["written", "deleted"][kind]}`),
    happened: (database, key, { name }) => heard.push(`${database} ${nameOf(key)} ${name}`),
  });
  client.ask("SADD", "a", "x");
  client.ask("SMOVE", "a", "b", "x");
  assertEquals(heard.splice(0), [
    "a is written",
    "0 a new",
    "0 a sadd",
    "b is written",
    "a is deleted",
    "0 a srem",
    "0 a del",
    "0 b new",
    "0 b sadd",
  ]);
  client.ask("GET", "none");
  assertEquals(heard.splice(0), ["0 none keymiss"]);
  const own = event("module", "own");
  server.keyspace.strings.setInteger(
    { db: server.keyspace.databases[2], key: () => keyOf(server.keyspace, "k") },
    0,
    7,
    server.keyspace.nowMs + 5000,
    own,
  );
  assertEquals(heard.splice(0), ["k is written", "2 k new", "2 k own", "2 k expire"]);
  unsubscribe();
  assertEquals(changes.isHeard, false);
  server.config.set("notify-keyspace-events", "Kn");
  assertEquals(changes.isHeard, true);
  server.config.set("notify-keyspace-events", "n");
  assertEquals(changes.isHeard, false);
});

Deno.test("events of commands that came later are those of the older ones that do the same", async () => {
  await using server = await serveQuietly({ directives: DIRECTIVES });
  using hearing = await Hearing.begin(server.address.port, "AKEmn");
  const eventsOf = async (requests: readonly string[]) => {
    const heard: string[] = [];
    for (const line of requests) heard.push(...(await hearing.ask(...wordsOf(line))).slice(1));
    return heard;
  };
  const same: readonly (readonly [later: readonly string[], older: readonly string[]])[] = [
    [["MSETEX 2 a 1 b 2 EX 100"], ["SET a 1 EX 100", "SET b 2 EX 100"]],
    [["MSETEX 2 a 1 b 2"], ["MSET a 1 b 2"]],
    [["MSETEX 2 a 1 b 2 XX KEEPTTL"], ["MSET a 1 b 2"]],
    [["MSETEX 1 a 1 NX EX 5"], []],
    [["SET a 2 IFEQ 1"], ["SET a 2"]],
    [["SET a 2 IFNE 3 PX 70000"], ["SET a 2 PX 70000"]],
    [["SET a 2 IFEQ nope", "SET none 2 IFEQ x"], []],
    [["SET new 2 IFNE x", "DEL new"], ["SET new 2", "DEL new"]],
    [["DELEX a", "SET a 1"], ["DEL a", "SET a 1"]],
    [["DELEX a IFEQ 1", "SET a 1"], ["DEL a", "SET a 1"]],
    [["DELEX a IFNE 1"], []],
    [["DELEX none IFEQ 1"], ["GET none"]],
    [["DIGEST a", "LCS a b"], []],
    [["DIGEST none"], ["GET none"]],
    [["LCS a none IDX"], ["GET none"]],
  ];
  for (const [later, older] of same) {
    await eventsOf(["FLUSHALL", "MSET a 1 b 2"]);
    const actual = await eventsOf(later);
    await eventsOf(["FLUSHALL", "MSET a 1 b 2"]);
    assertEquals(actual, await eventsOf(older), later.join(", "));
  }
});
