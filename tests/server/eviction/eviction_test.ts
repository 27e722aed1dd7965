// maxmemory with each policy: which keys go, in what order, and what is left is below the limit.

import { assert, assertEquals, assertGreater, assertLess, assertLessOrEqual } from "@std/assert";
import { MAXMEMORY_POLICIES } from "../../../server/config/settings.ts";
import type { Server } from "../../../server/mod.ts";
import { DetachedClient } from "../../harness/detached_client.ts";
import { Peer } from "../../harness/peer.ts";
import { ManualClock, serveQuietly } from "../../harness/quiet_server.ts";
import { until } from "../../harness/until.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
const OK = "+OK\r\n";

/** A limit of so many bytes more than is used now. */
async function limit(server: Server, peer: Peer, bytes: number): Promise<number> {
  await peer.ask("CONFIG", "SET", "maxmemory", String(32 * MIB));
  const limitBytes = server.eviction.usedBytes + bytes;
  assertEquals(await peer.ask("CONFIG", "SET", "maxmemory", String(limitBytes)), OK);
  return limitBytes;
}

function keysOf(server: Server): number {
  return server.keyspace.databases.reduce((sum, { size }) => sum + size, 0);
}

for (const policy of MAXMEMORY_POLICIES.filter((name) => name !== "noeviction")) {
  Deno.test(`${policy}: three times the limit is written, and what is left is below it`, async () => {
    await using server = await serveQuietly({ directives: { "maxmemory-policy": policy } });
    const { keyspace, stats } = server;
    using peer = await Peer.connect(server.address.port);
    const random = new SeededRandom(5);
    const limitBytes = await limit(server, peer, 600 * KIB);
    let written = 0;
    for (let i = 0; i < 2_000; i++) {
      const key = `k${random.below(1_000_000)}`;
      const value = new Uint8Array(random.below(i % 50 === 0 ? 9_000 : 900));
      written += value.length;
      const request = i % 3 === 0
        ? ["HSET", key, "f", value, "g", value]
        : ["SET", key, value, "EX", "1000"];
      if (i % 7 === 0) await peer.ask("SELECT", String(random.below(3)));
      const reply = await peer.ask(...request);
      assert(!reply.startsWith("-") || reply.startsWith("-WRONGTYPE"), reply);
      if (i % 3 === 0) await peer.ask("EXPIRE", key, "500");
      assertLess(server.eviction.usedBytes, limitBytes + 24 * KIB);
      if (i % 200 === 0) keyspace.arena.verify();
    }
    assertGreater(written, 600 * KIB);
    assertGreater(stats.evictedKeys, 100);
    keyspace.arena.verify();
    for (const database of keyspace.databases) keyspace.table.verify(database.table);
    // All of it goes for a limit below what an empty server has.
    await peer.ask("CONFIG", "SET", "maxmemory", "1");
    await until("nothing is left", () => keysOf(server) === 0);
    assertEquals(await peer.ask("SET", "k", "v"), OOM);
    assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
    keyspace.arena.verify();
  });
}

Deno.test("keys that do not expire never go by a volatile policy", async () => {
  for (const policy of MAXMEMORY_POLICIES.filter((name) => name.startsWith("volatile-"))) {
    await using server = await serveQuietly({ directives: { "maxmemory-policy": policy } });
    using peer = await Peer.connect(server.address.port);
    await limit(server, peer, 100 * KIB);
    for (let i = 0; i < 300; i++) await peer.ask("SET", `lasting:${i}`, "x".repeat(100));
    for (let i = 0; i < 2_000; i++) {
      assertEquals(await peer.ask("SET", `passing:${i}`, "x".repeat(100), "EX", "1000"), OK);
    }
    assertGreater(server.stats.evictedKeys, 500);
    for (let i = 0; i < 300; i++) assertEquals(await peer.ask("EXISTS", `lasting:${i}`), ":1\r\n");
    // One that does not expire any more is none of those either, though it was sampled before.
    for (let i = 1_990; i < 2_000; i++) await peer.ask("PERSIST", `passing:${i}`);
    let reply = OK;
    for (let i = 0; reply === OK; i++) reply = await peer.ask("SET", `more:${i}`, "x".repeat(100));
    assertEquals(reply, OOM);
    assertEquals(server.keyspace.databases[0].expiringCount, 0);
    for (let i = 0; i < 300; i++) assertEquals(await peer.ask("EXISTS", `lasting:${i}`), ":1\r\n");
    server.keyspace.arena.verify();
  }
});

Deno.test("volatile-ttl takes what expires first, whatever database it is in", async () => {
  await using server = await serveQuietly({ directives: { "maxmemory-policy": "volatile-ttl" } });
  using peer = await Peer.connect(server.address.port);
  const random = new SeededRandom(8);
  const seconds = Array.from({ length: 200 }, (_, i) => 1_000 + i);
  for (let i = seconds.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [seconds[i], seconds[j]] = [seconds[j], seconds[i]];
  }
  for (const second of seconds) {
    await peer.ask("SELECT", String(second % 3));
    await peer.ask("SET", `k${second}`, "x".repeat(500), "EX", String(second));
  }
  const { databases } = server.keyspace;
  await limit(server, peer, -20_000);
  await until("some have gone", () => !server.eviction.isOver);
  const left = keysOf(server);
  assertLess(left, 190);
  assertGreater(left, 100);
  for (const database of databases) {
    database.forEach((entry) => {
      const { bytes, start, length } = database.keyOf(entry);
      const name = new TextDecoder().decode(bytes.slice(start, start + length));
      assertGreater(Number(name.slice(1)), 1_199 - left, name);
    });
  }
});

/** Reads a tenth of the keys now and then, and answers how many of those and of the others stay. */
async function survivors(policy: string): Promise<{ hot: number; cold: number }> {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: { now: clock.now },
    directives: { "maxmemory-policy": policy, "lfu-decay-time": "0", "lfu-log-factor": "0" },
  });
  using peer = await Peer.connect(server.address.port);
  const name = (i: number) => `key:${String(i).padStart(6, "0")}`;
  for (let i = 0; i < 5_000; i++) await peer.ask("SET", name(i), "x".repeat(50), "EX", "100000");
  for (let round = 0; round < 3; round++) {
    clock.nowMs += 10_000;
    for (let i = 0; i < 5_000; i += 10) await peer.ask("GET", name(i));
  }
  await limit(server, peer, -200_000);
  await until("some have gone", () => !server.eviction.isOver);
  let hot = 0;
  let cold = 0;
  for (let i = 0; i < 5_000; i++) {
    if (await peer.ask("EXISTS", name(i)) === ":0\r\n") continue;
    if (i % 10 === 0) hot++;
    else cold++;
  }
  assertEquals(hot + cold, keysOf(server));
  return { hot, cold };
}

for (const policy of ["allkeys-lru", "volatile-lru", "allkeys-lfu", "volatile-lfu"]) {
  Deno.test(`${policy}: what is used stays`, async () => {
    const { hot, cold } = await survivors(policy);
    assertEquals(hot, 500);
    assertLess(cold, 4_000);
    assertGreater(cold, 500);
  });
}

for (const policy of ["allkeys-random", "volatile-random"]) {
  Deno.test(`${policy} takes keys whether used or not`, async () => {
    const { hot, cold } = await survivors(policy);
    assert(Math.abs(hot / 500 - cold / 4_500) < 0.12, `${hot} of 500, ${cold} of 4500`);
  });
}

Deno.test("what was used since it was sampled stays", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: { now: clock.now },
    directives: { "maxmemory-policy": "allkeys-lru", "maxmemory-samples": "64" },
  });
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 30; i++) await peer.ask("SET", `old:${i}`, "x".repeat(1000));
  clock.nowMs += 5_000;
  // One goes, and the pool holds the next sixteen.
  await limit(server, peer, -500);
  await until("one has gone", () => server.stats.evictedKeys > 0 && !server.eviction.isOver);
  clock.nowMs += 5_000;
  const left: string[] = [];
  for (let i = 0; i < 30; i++) {
    if (await peer.ask("EXISTS", `old:${i}`) === ":1\r\n") left.push(`old:${i}`);
  }
  const used = left.slice(0, 10);
  for (const key of used) await peer.ask("GET", key);
  await limit(server, peer, -5_000);
  await until("some have gone", () => !server.eviction.isOver);
  for (const key of used) assertEquals(await peer.ask("EXISTS", key), ":1\r\n", key);
});

Deno.test("buffers of clients push keys out, and refuse writes when none are left", async () => {
  await using server = await serveQuietly({
    directives: { "maxmemory-policy": "allkeys-lru", maxmemory: String(4 * MIB) },
  });
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 20; i++) await peer.ask("SET", `k${i}`, new Uint8Array(100_000));
  assertEquals(server.stats.evictedKeys, 0);
  const peers: Peer[] = [];
  try {
    for (let i = 0; i < 40; i++) {
      const hog = await Peer.connect(server.address.port);
      peers.push(hog);
      await hog.send(`*2\r\n$4\r\nECHO\r\n$${200_000}\r\n${"x".repeat(150_000)}`);
    }
    await until("all of it has come", () => server.clientMemory.totalBytes > 6 * MIB);
    assertEquals(await peer.ask("SET", "k", "v"), OOM);
    assertEquals(keysOf(server), 0);
    assert((await peer.ask("INFO", "stats")).includes("evicted_keys:20\r\n"));
    assert(Number(/used_memory:(\d+)/.exec(await peer.ask("INFO", "memory"))![1]) > 6 * MIB);
  } finally {
    for (const hog of peers) hog[Symbol.dispose]();
  }
  await until("they are gone", () => server.clientMemory.totalBytes < MIB);
  assertEquals(await peer.ask("SET", "k", "v"), OK);
});

Deno.test("a value larger than the limit is stored, and goes with all others for the next", async () => {
  await using server = await serveQuietly({
    directives: { "maxmemory-policy": "allkeys-lru", maxmemory: String(MIB) },
  });
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 50; i++) await peer.ask("SET", `k${i}`, "v");
  assertEquals(await peer.ask("SETRANGE", "large", String(3 * MIB), "x"), `:${3 * MIB + 1}\r\n`);
  assertEquals(await peer.ask("SET", "k", "v"), OK);
  assertEquals(await peer.ask("EXISTS", "large"), ":0\r\n");
  assertLess(server.eviction.usedBytes, MIB);
  server.keyspace.arena.verify();
});

Deno.test("a request is held up for a bounded time, and the rest goes in the background", async () => {
  await using server = await serveQuietly({
    directives: { "maxmemory-policy": "allkeys-random", "maxmemory-eviction-tenacity": "0" },
  });
  const { stats } = server;
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 4_000; i++) await peer.ask("SET", `k${i}`, "x".repeat(200));
  await peer.ask("CONFIG", "SET", "maxmemory", "32mb");
  const half = server.eviction.usedBytes - 400_000;
  server.config.set("maxmemory", String(half));
  // Before any slice: one request makes room for itself, a few keys, and is served.
  const before = stats.evictedKeys;
  assertEquals(server.eviction.makeRoom(0), 1);
  assertLessOrEqual(stats.evictedKeys - before, 16);
  assertGreater(stats.evictedKeys, before);
  // One that brings much pays for it.
  assertEquals(server.eviction.makeRoom(100_000), 1);
  assertGreater(stats.evictedKeys - before, 300);
  assertGreater(server.eviction.shortMs, 0);
  await until("there is enough", () => !server.eviction.isOver);
  await peer.ask("PING");
  assertEquals(server.eviction.shortMs, 0);
  const info = await peer.ask("INFO", "stats");
  assert(info.includes("current_eviction_exceeded_time:0\r\n"), info);
  assertGreater(stats.evictionExceededMs, 0);
});

for (const policy of ["allkeys-lru", "allkeys-lfu", "allkeys-random"]) {
  Deno.test(`${policy}: a few keys more go than have to, and the next requests find room`, async () => {
    await using server = await serveQuietly({ directives: { "maxmemory-policy": policy } });
    const { keyspace, stats } = server;
    const client = new DetachedClient(server);
    const request = (i: number) => ["SET", `key:${String(i).padStart(8, "0")}`, "v".repeat(16)];
    server.config.set("maxmemory", String(5 * MIB));
    let next = 0;
    while (stats.evictedKeys === 0) {
      client.run(Array.from({ length: 60 }, () => request(next++)));
      client.replies();
    }
    // The table's blocks are the same from here on.
    const { table } = keyspace.databases[0];
    assertEquals(keyspace.table.isRehashing(table), false);
    const before = stats.evictedKeys;
    let evicting = 0;
    let most = 0;
    for (let i = 0; i < 2_000; i++) {
      const evicted = stats.evictedKeys;
      const isFull = server.eviction.isOver;
      assertEquals(client.ask(...request(next++)), OK);
      if (stats.evictedKeys > evicted) evicting++;
      assertEquals(stats.evictedKeys > evicted, isFull);
      most = Math.max(most, stats.evictedKeys - evicted);
      // Made room for before it came, at most by what is spare.
      assertLessOrEqual(server.eviction.usedBytes, 5 * MIB + 200);
      assertGreater(server.eviction.usedBytes, 5 * MIB - 1_200);
    }
    assertLess(evicting, 400);
    assertLessOrEqual(most, 20);
    assertLess(Math.abs(stats.evictedKeys - before - 2_000), 50);
    keyspace.arena.verify();
    keyspace.table.verify(table);
  });
}

Deno.test("large values that go are freed in the background where that is asked for", async () => {
  await using server = await serveQuietly({
    directives: {
      "maxmemory-policy": "allkeys-lru",
      "lazyfree-lazy-eviction": "yes",
      maxmemory: "64mb",
    },
  });
  const { keyspace, stats } = server;
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 20; i++) {
    const members = Array.from({ length: 5_000 }, (_, n) => `member:${i}:${n}`);
    await peer.ask("SADD", `s${i}`, ...members);
  }
  await limit(server, peer, -MIB);
  await until("there is enough", () => !server.eviction.isOver);
  // What is on its way out has made room: not all keys had to go before it had.
  assertGreater(keyspace.lazyFree.freed, 0);
  assertLess(stats.evictedKeys, 10);
  await keyspace.lazyFree.drained();
  keyspace.arena.verify();
});

Deno.test("evictions are told: events, watchers, trackers before the reply", async () => {
  await using server = await serveQuietly({
    directives: { "maxmemory-policy": "allkeys-random", "notify-keyspace-events": "Ee" },
  });
  using peer = await Peer.connect(server.address.port);
  using listener = await Peer.connect(server.address.port);
  using watcher = await Peer.connect(server.address.port);
  await listener.ask("SUBSCRIBE", "__keyevent@0__:evicted");
  await peer.ask("HELLO", "3");
  await peer.ask("CLIENT", "TRACKING", "ON", "NOLOOP");
  await peer.ask("SET", "k", "v");
  await watcher.ask("WATCH", "k");
  await peer.ask("GET", "k");
  server.upkeep.isPaused = true;
  server.config.set("maxmemory", "1");
  await peer.send("*1\r\n$4\r\nPING\r\n");
  assertEquals(
    await peer.receive(),
    ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n",
  );
  assertEquals(await peer.receive(), "+PONG\r\n");
  assertEquals(
    await listener.receive(),
    "*3\r\n$7\r\nmessage\r\n$22\r\n__keyevent@0__:evicted\r\n$1\r\nk\r\n",
  );
  await peer.ask("CONFIG", "SET", "maxmemory", "0");
  await watcher.ask("MULTI");
  await watcher.ask("PING");
  assertEquals(await watcher.ask("EXEC"), "*-1\r\n");
});

Deno.test("what trackers are told of evicted keys evicts no more of them", async () => {
  await using server = await serveQuietly({
    directives: { "maxmemory-policy": "allkeys-lru", "maxmemory-eviction-tenacity": "100" },
  });
  const { clientMemory, eviction, stats } = server;
  using peer = await Peer.connect(server.address.port);
  using trackers = new DisposableStack();
  const tracking: Peer[] = [];
  for (let i = 0; i < 10; i++) {
    const tracker = trackers.use(await Peer.connect(server.address.port));
    tracking.push(tracker);
    await tracker.ask("HELLO", "3");
    await tracker.ask("CLIENT", "TRACKING", "ON");
  }
  for (let i = 0; i < 200; i++) {
    const key = `${i}:${"x".repeat(1_000)}`;
    await peer.ask("SET", key, "v");
    for (const tracker of tracking) await tracker.ask("GET", key);
  }
  // No tick counts anew what may be on its way still.
  server.upkeep.isPaused = true;
  await limit(server, peer, -40_000);
  await until("some have gone", () => !eviction.isOver);
  assertGreater(clientMemory.totalBytes - clientMemory.bytesAgainstLimit, 100_000);
  for (let i = 0; i < 20; i++) assertEquals(await peer.ask("PING"), "+PONG\r\n");
  assertGreater(stats.evictedKeys, 10);
  assertLess(stats.evictedKeys, 50);
  // Each has heard of each.
  for (const tracker of tracking) {
    for (let i = 0; i < stats.evictedKeys; i++) {
      assert((await tracker.receive()).startsWith(">2\r\n$10\r\ninvalidate\r\n"));
    }
  }
  // What they would not have read by the next tick would count.
  clientMemory.recount();
  assertEquals(clientMemory.totalBytes, clientMemory.bytesAgainstLimit);
});

Deno.test("a script that began with memory goes on, and one that did not may not add", async () => {
  await using server = await serveQuietly({ directives: { maxmemory: "2mb" } });
  using peer = await Peer.connect(server.address.port);
  const fill =
    "for i = 1, 40 do redis.call('set', 'k' .. i, string.rep('x', 100000)) end return 'filled'";
  assertEquals(await peer.ask("EVAL", fill, "0"), "$6\r\nfilled\r\n");
  assertEquals(server.keyspace.databases[0].size, 40);
  assert((await peer.ask("EVAL", "return redis.call('set', 'k', 'v')", "0")).startsWith("-OOM"));
  assertEquals(await peer.ask("EVAL", "return redis.call('get', 'none')", "0"), "$-1\r\n");
  // With what may go, it has room when it begins.
  await peer.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
  assertEquals(await peer.ask("EVAL", "return redis.call('set', 'k', 'v')", "0"), OK);
  assertLess(server.eviction.usedBytes, 2 * MIB + 1000);
});

Deno.test("nothing goes while clients are paused", async () => {
  await using server = await serveQuietly({ directives: { "maxmemory-policy": "allkeys-lru" } });
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 100; i++) await peer.ask("SET", `k${i}`, "v");
  await peer.ask("CLIENT", "PAUSE", "100000", "WRITE");
  await peer.ask("CONFIG", "SET", "maxmemory", "1");
  for (let i = 0; i < 3; i++) assertEquals(await peer.ask("GET", "k1"), "$1\r\nv\r\n");
  assertEquals(keysOf(server), 100);
  await peer.ask("CLIENT", "UNPAUSE");
  await peer.ask("PING");
  assertEquals(keysOf(server), 0);
});

Deno.test("a swap and a flush leave nothing in the pool that could go in place of another", async () => {
  await using server = await serveQuietly({ directives: { "maxmemory-policy": "allkeys-lru" } });
  using peer = await Peer.connect(server.address.port);
  const random = new SeededRandom(77);
  await limit(server, peer, 30 * KIB);
  for (let i = 0; i < 3_000; i++) {
    await peer.ask("SET", `k${random.below(5_000)}`, "x".repeat(random.below(300)));
    if (i % 97 === 0) await peer.ask("SWAPDB", "0", String(random.below(4)));
    if (i % 731 === 0) await peer.ask(random.below(2) === 0 ? "FLUSHDB" : "FLUSHALL");
    if (i % 53 === 0) await peer.ask("SELECT", String(random.below(4)));
    if (i % 211 === 0) {
      const policies = ["allkeys-lfu", "allkeys-random", "allkeys-lru"];
      await peer.ask("CONFIG", "SET", "maxmemory-policy", policies[random.below(3)]);
    }
  }
  assertGreater(server.stats.evictedKeys, 300);
  server.keyspace.arena.verify();
  for (const { table } of server.keyspace.databases) server.keyspace.table.verify(table);
});
