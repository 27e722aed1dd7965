// TIME, SHUTDOWN, the flushes, OBJECT, MEMORY, LOLWUT and DEBUG.

import { assert, assertEquals, assertGreaterOrEqual, assertMatch } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { RedisReference, withoutRedis } from "../harness/redis_reference.ts";

const SCRIPT = `
  TIME x
  SHUTDOWN NOSUCH
  SHUTDOWN ABORT
  SHUTDOWN abort NOW
  SHUTDOWN SAVE NOSAVE
  SHUTDOWN NOSAVE NOSAVE ABORT
  SET k v
  FLUSHDB NOSUCH
  FLUSHALL NOSUCH
  FLUSHDB SYNC ASYNC
  GET k
  FLUSHDB
  GET k
  SET k v
  SELECT 1
  SET k v
  FLUSHDB ASYNC
  GET k
  SELECT 0
  GET k
  FLUSHALL sync
  GET k
  SET k v
  FLUSHALL async
  GET k
  OBJECT
  OBJECT NOSUCH
  OBJECT ENCODING
  OBJECT ENCODING k x
  OBJECT ENCODING missing
  OBJECT FREQ missing
  OBJECT IDLETIME missing
  OBJECT REFCOUNT missing
  SET int 9223372036854775807
  SET short abcdefghij
  SET 44 aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee
  SET 45 aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeee
  SET empty ""
  ZADD small 1 a 2 b
  OBJECT ENCODING int
  OBJECT ENCODING short
  OBJECT ENCODING 44
  OBJECT ENCODING 45
  OBJECT ENCODING empty
  OBJECT ENCODING small
  CONFIG SET zset-max-listpack-entries 2
  ZADD small 3 c
  OBJECT ENCODING small
  OBJECT REFCOUNT short
  OBJECT FREQ short
  MEMORY
  MEMORY NOSUCH
  MEMORY STATS x
  MEMORY DOCTOR x
  MEMORY PURGE
  MEMORY PURGE x
  MEMORY MALLOC-STATS x
  MEMORY USAGE
  MEMORY USAGE missing
  MEMORY USAGE missing SAMPLES
  MEMORY USAGE missing SAMPLES 0
  MEMORY USAGE missing SAMPLES -1
  MEMORY USAGE missing SAMPLES x
  MEMORY USAGE missing NOSUCH 1
  MEMORY USAGE missing SAMPLES 1 SAMPLES 2
  DEBUG
  DEBUG NOSUCH
  DEBUG "no\xff\r\nsuch"
  DEBUG "cut\x00here"
  DEBUG SLEEP
  DEBUG SLEEP 0
  DEBUG SLEEP 0.001
  DEBUG SLEEP -1
  DEBUG SLEEP x
  DEBUG SLEEP 0 0
  DEBUG OBJECT
  DEBUG OBJECT missing
  DEBUG SET-ACTIVE-EXPIRE
  DEBUG SET-ACTIVE-EXPIRE 0
  DEBUG SET-ACTIVE-EXPIRE 1
  HSET packed:h a 1 b 2
  ZADD packed:z 1 a
  RPUSH packed:l a b c
  SADD numbers 1 2 3
  SADD words a b
  DEBUG LISTPACK
  DEBUG LISTPACK packed:h
  DEBUG LISTPACK packed:z
  DEBUG LISTPACK packed:l => +Listpack structure printed on stdout
  DEBUG LISTPACK words => +Listpack structure printed on stdout
  DEBUG LISTPACK numbers
  DEBUG LISTPACK missing
  DEBUG LISTPACK packed:h x
  DEL packed:h packed:z packed:l numbers words
  DEBUG QUICKLIST-PACKED-THRESHOLD
  DEBUG QUICKLIST-PACKED-THRESHOLD 1b
  DEBUG QUICKLIST-PACKED-THRESHOLD 0
  DEBUG QUICKLIST-PACKED-THRESHOLD 100kb => +OK
  DEBUG QUICKLIST-PACKED-THRESHOLD 4293918720 => +OK
  DEBUG QUICKLIST-PACKED-THRESHOLD 4293918721 => -ERR argument must be a memory value bigger than 1 and smaller than 4gb
  DEBUG QUICKLIST-PACKED-THRESHOLD 4gb
  DEBUG QUICKLIST-PACKED-THRESHOLD -1
  DEBUG QUICKLIST-PACKED-THRESHOLD x
  DEBUG QUICKLIST-PACKED-THRESHOLD ""
  DEBUG HELP x
  DEBUG PROTOCOL
  DEBUG PROTOCOL string x
  DEBUG PROTOCOL nosuch
  DEBUG PROTOCOL constructor
  DEBUG PROTOCOL string
  DEBUG PROTOCOL integer
  DEBUG PROTOCOL double
  DEBUG PROTOCOL bignum
  DEBUG PROTOCOL null
  DEBUG PROTOCOL array
  DEBUG PROTOCOL set
  DEBUG PROTOCOL map
  DEBUG PROTOCOL attrib
  DEBUG PROTOCOL push
  PING
  DEBUG PROTOCOL verbatim
  DEBUG PROTOCOL TRUE
  DEBUG PROTOCOL False
`;

const directives = { "enable-debug-command": "yes" };
comparison("server commands", SCRIPT, { directives });
comparison("server commands, RESP3", SCRIPT, { directives, resp3: true });
comparison("DEBUG that is not allowed", "DEBUG SLEEP 0\nDEBUG HELP\nDEBUG NOSUCH\nDEBUG", {
  directives: { "enable-debug-command": "no" },
});

Deno.test("TIME is the server's clock in seconds and microseconds", async () => {
  const environment = { now: () => 1_700_000_000_123.25 };
  await using server = await serveQuietly({ environment });
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("TIME"), "*2\r\n$10\r\n1700000000\r\n$6\r\n123250\r\n");
});

Deno.test("SHUTDOWN sends what came before it and stops, with SAVE only by force", async () => {
  for (
    const words of [[], ["NOSAVE"], ["NOW"], ["NOSAVE", "NOW", "FORCE"], ["SAVE", "FORCE"]]
  ) {
    const server = await serveQuietly();
    using peer = await Peer.connect(server.address.port);
    using other = await Peer.connect(server.address.port);
    await other.ask("PING");
    assertEquals(
      await peer.ask("SHUTDOWN", "SAVE"),
      "-ERR Errors trying to SHUTDOWN. Check logs.\r\n",
    );
    await peer.send(`PING\r\nSHUTDOWN ${words.join(" ")}\r\nPING\r\n`);
    assertEquals(await peer.receiveRest(), "+PONG\r\n");
    assertEquals(await other.receiveRest(), "");
    await server.finished;
  }
});

Deno.test("flushes count what they remove, and the setting says which way they go", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const { arena, lazyFree } = server.keyspace;
  for (const [setting, posted] of [["no", 0], ["yes", 1]] as const) {
    await peer.ask("CONFIG", "SET", "lazyfree-lazy-user-flush", setting);
    await peer.ask("MSET", "a", "1", "b", "2", "c", "3");
    const dirty = server.keyspace.changes.dirty;
    const freed = lazyFree.freed;
    assertEquals(await peer.ask("FLUSHALL"), "+OK\r\n");
    assertEquals(server.keyspace.changes.dirty - dirty, 3);
    await lazyFree.drained();
    assertEquals(lazyFree.freed - freed, posted);
  }
  await peer.ask("FLUSHALL");
  await lazyFree.drained();
  assertEquals(arena.usedBytes, server.keyspace.startupBytes);
});

Deno.test("OBJECT IDLETIME counts from the last use; looking does not count", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ directives, environment: clock });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v");
  clock.nowMs += 5000;
  assertEquals(await peer.ask("OBJECT", "IDLETIME", "k"), ":5\r\n");
  await peer.ask("MEMORY", "USAGE", "k");
  await peer.ask("DEBUG", "OBJECT", "k");
  assertEquals(await peer.ask("OBJECT", "IDLETIME", "k"), ":5\r\n");
  await peer.ask("GET", "k");
  assertEquals(await peer.ask("OBJECT", "IDLETIME", "k"), ":0\r\n");
});

Deno.test("MEMORY USAGE is what deleting the key gives back", async () => {
  await using server = await serveQuietly({ directives: { "lazyfree-workers": "0" } });
  using peer = await Peer.connect(server.address.port);
  const { arena } = server.keyspace;
  await peer.ask("SET", "keeps the table", "as large as it is");
  const members = Array.from({ length: 300 }, (_, i) => [String(i), `member ${i}`]).flat();
  for (
    const request of [
      ["SET", "k", "v"],
      ["SET", "k", "123456"],
      ["SET", "k", "v".repeat(100_000)],
      ["ZADD", "k", "1", "a", "2", "b"],
      ["ZADD", "k", ...members],
    ]
  ) {
    await peer.ask(...request);
    const usage = Number((await peer.ask("MEMORY", "USAGE", "k")).slice(1));
    const used = arena.usedBytes;
    await peer.ask("DEL", "k");
    assertEquals(used - arena.usedBytes, usage, request.slice(0, 3).join(" ").slice(0, 40));
  }
});

Deno.test("MEMORY DOCTOR finds what is conspicuous, and nothing else", async () => {
  await using server = await serveQuietly({ directives: { hz: "1" } });
  using peer = await Peer.connect(server.address.port);
  const report = () => peer.ask("MEMORY", "DOCTOR");
  assertMatch(await report(), /next to nothing/);
  await peer.ask("SET", "large", "x".repeat(40_000_000));
  assert(!/Peak memory|Memory limit|Big client/.test(await report()));
  await peer.ask("CONFIG", "SET", "maxmemory", "41mb");
  assertMatch(await report(), /\n \* Memory limit: /);
  await peer.ask("CONFIG", "SET", "maxmemory", "0");
  await peer.ask("SETRANGE", "other", "7000000", "x");
  await peer.ask("DEL", "large");
  assertMatch(await report(), /\n \* Peak memory: /);
});

Deno.test("MEMORY MALLOC-STATS has every block, MEMORY PURGE gives segments back", async () => {
  await using server = await serveQuietly({ directives: { hz: "1" } });
  using peer = await Peer.connect(server.address.port);
  const { arena } = server.keyspace;
  await peer.ask("SADD", "s", ...Array.from({ length: 1000 }, (_, i) => "x".repeat(i)));
  await peer.ask("SET", "large", "x".repeat(500_000));
  const report = await peer.ask("MEMORY", "MALLOC-STATS");
  const rows = [...report.matchAll(/^ +(\d+) +(\d+) +(\d+)$/gm)].map((row) => row.map(Number));
  for (const [, size, blocks, bytes] of rows) assertEquals(size * blocks, bytes);
  const inClasses = rows.reduce((sum, [, , , bytes]) => sum + bytes, 0);
  const large = Number(/large blocks: (\d+) bytes/.exec(report)![1]);
  assert(large >= 500_000);
  assertEquals(inClasses + large, arena.usedBytes);
  const { taken, touched } = arena.pageBytes;
  assert(arena.usedBytes < taken && taken <= touched && touched <= arena.reservedBytes);
  await peer.ask("SETRANGE", "huge", "100000000", "x");
  const { reservedBytes } = arena;
  assertEquals(arena.pageBytes.touched > 100_000_000, true);
  await peer.ask("DEL", "huge");
  await peer.ask("MEMORY", "PURGE");
  assert(arena.reservedBytes < reservedBytes);
  arena.verify();
});

Deno.test("LOLWUT draws within its limits", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const drawing = async (...words: string[]) =>
    new TextDecoder().decode(
      Uint8Array.from(await peer.ask("LOLWUT", ...words), (c) => c.charCodeAt(0)),
    ).replace(/^\$\d+\r\n/, "").replace(/\r\n$/, "").split("\n");
  for (const words of [[], ["VERSION"], ["VERSION", "7"], ["x", "y"], ["VERSION", "-1"]]) {
    assertEquals(await drawing(...words), ["Redis ver. 7.2.4", ""], words.join(" "));
  }
  const tiles = await drawing("version", "5", "30", "3", "2");
  assertEquals(tiles.slice(0, -3).map((line) => [...line].length), [
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
    30,
  ]);
  assertMatch(tiles.slice(0, -3).join(""), /^[\u2800-\u28ff]+$/);
  assertMatch(tiles.at(-2)!, /Redis ver\. 7\.2\.4$/);
  const mountains = await drawing("VERSION", "6", "10", "4");
  for (const line of mountains.slice(0, 4)) {
    const places = line.split("\x1b[0m");
    assertEquals(places.length, 11);
    for (const place of places.slice(0, -1)) assertMatch(place, /^.\[0;\d+;\d+m $/);
  }
  assertEquals((await drawing("VERSION", "6", "-5", "99999")).length, 1000 + 3);
  assertEquals((await drawing("VERSION", "5", "0", "0", "0")).length, 1 + 3);
  assertEquals((await drawing("VERSION", "5", "9999", "1", "9999")).length, 200 + 3);
  for (const words of [["VERSION", "x"], ["VERSION", "5", "a"], ["VERSION", "6", "1", ""]]) {
    assertEquals(
      await peer.ask("LOLWUT", ...words),
      "-ERR value is not an integer or out of range\r\n",
    );
  }
});

Deno.test("MEMORY STATS adds up", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 1000; i++) peer.queue("SET", `key ${i}`, `value ${i}`, "EX", "1000");
  await peer.flush();
  for (let i = 0; i < 1000; i++) await peer.receive();
  const reply = await peer.ask("MEMORY", "STATS");
  const figure = (name: string) => {
    const found = new RegExp(`\\r\\n${name}\\r\\n(?::|\\$\\d+\\r\\n)([^\\r]*)\\r\\n`).exec(reply);
    assert(found !== null, name);
    return Number(found[1]);
  };
  assertEquals(figure("allocator.allocated"), server.keyspace.arena.usedBytes);
  assertEquals(
    figure("total.allocated"),
    figure("allocator.allocated") + figure("clients.normal"),
  );
  assertEquals(figure("overhead.total") + figure("dataset.bytes"), figure("total.allocated"));
  assertEquals(figure("startup.allocated"), server.keyspace.startupBytes);
  assertEquals(figure("keys.count"), 1000);
  assertGreaterOrEqual(figure("peak.allocated"), figure("total.allocated"));
  assertGreaterOrEqual(figure("overhead.hashtable.main"), 4 * 1000);
  assertGreaterOrEqual(figure("overhead.hashtable.expires"), 8 * 1000);
  assertGreaterOrEqual(figure("dataset.bytes"), 1000 * "key 1value 1".length);
  const [, percentage] = /dataset\.percentage\r\n\$\d+\r\n([^\r]*)/.exec(reply) ?? [];
  assert(Number(percentage) > 0 && Number(percentage) < 100, percentage);
});

Deno.test("DEBUG is for nobody unless enable-debug-command says so", async () => {
  for (const [setting, allowed] of [["no", false], ["local", true], ["yes", true]] as const) {
    await using server = await serveQuietly({ directives: { "enable-debug-command": setting } });
    using peer = await Peer.connect(server.address.port);
    const reply = await peer.ask("DEBUG", "SLEEP", "0");
    assertEquals(reply.startsWith("+OK"), allowed, setting);
    assertEquals(
      await peer.ask("CONFIG", "SET", "enable-debug-command", "yes"),
      "-ERR CONFIG SET failed (possibly related to argument 'enable-debug-command') - can't set " +
        "immutable config\r\n",
    );
  }
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  assertMatch(await peer.ask("DEBUG", "HELP"), /^-ERR DEBUG command not allowed\./);
});

Deno.test("DEBUG SLEEP stops the whole server, but not for ever", async () => {
  await using server = await serveQuietly({ directives });
  using peer = await Peer.connect(server.address.port);
  const sinceMs = performance.now();
  assertEquals(await peer.ask("DEBUG", "SLEEP", "0.05"), "+OK\r\n");
  assertGreaterOrEqual(performance.now() - sinceMs, 49);
  for (const seconds of ["3601", "1e300", "Infinity"]) {
    assertMatch(await peer.ask("DEBUG", "SLEEP", seconds), /^-ERR DEBUG SLEEP takes at most 3600/);
  }
});

Deno.test("DEBUG SET-ACTIVE-EXPIRE stops and starts the collection of expired keys", async () => {
  await using server = await serveQuietly({ directives });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("DEBUG", "SET-ACTIVE-EXPIRE", "0");
  assertEquals(server.upkeep.activeExpire, false);
  await peer.ask("DEBUG", "SET-ACTIVE-EXPIRE", "1");
  assertEquals(server.upkeep.activeExpire, true);
});

Deno.test({
  name: "DEBUG OBJECT tells encoding and serialized length as redis-server does",
  ignore: withoutRedis,
  async fn() {
    await using redis = await RedisReference.start({ "enable-debug-command": "yes" });
    await using ravel = await serveQuietly({ directives });
    using theirs = await Peer.connect(redis.port);
    using ours = await Peer.connect(ravel.address.port);
    const strings = ["", "v", "7", "-128", "128", "-32768", "32768", "2147483647", "2147483648"]
      .concat(["-2147483649", "007", "x".repeat(63), "x".repeat(64), "x".repeat(20_000)]);
    const members = Array.from({ length: 200 }, (_, i) => [`${i / 3}`, `${i * 1000 - 50}`]);
    const requests = [
      ...strings.map((value) => ["SET", "k", value]),
      ["ZADD", "k", "1", "a", "2.5", "70000", "-inf", ""],
      ["ZADD", "k", ...members.flat(), "1", "x".repeat(100)],
    ];
    for (const request of requests) {
      const described: string[] = [];
      for (const peer of [theirs, ours]) {
        await peer.ask("DEL", "k");
        await peer.ask(...request);
        const reply = await peer.ask("DEBUG", "OBJECT", "k");
        assertMatch(
          reply,
          /^\+Value at:0x[0-9a-f]+ refcount:\d+ encoding:\w+ serializedlength:\d+ lru:\d+ lru_seconds_idle:0\r\n$/,
        );
        described.push(reply.replace(/at:\w+|refcount:\w+|lru:\d+/g, ""));
      }
      assertEquals(described[1], described[0], request.slice(0, 3).join(" ").slice(0, 60));
    }
  },
});
