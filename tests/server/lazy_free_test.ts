// Lazy frees through a whole server: large values and databases go in O(1), and every byte of them
// comes back, with any number of Workers and whatever else happens meanwhile.

import { assert, assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import type { Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const KEYS = 50_000;
const MEMBERS = 20_000;
const PIPELINE = 1000;

/** Strings of every encoding, a third of them with an expiry far away. */
async function fillWithStrings(peer: Peer, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const value = i % 4 === 0 ? String(i) : "v".repeat(i % 4 === 1 ? 700 : 20);
    if (i % 3 === 0) peer.queue("SET", `key:${i}`, value, "EX", "100000");
    else peer.queue("SET", `key:${i}`, value);
    if (i % PIPELINE === PIPELINE - 1 || i === count - 1) await drain(peer, i % PIPELINE + 1);
  }
}

async function fillSortedSet(peer: Peer, key: string, members: number): Promise<void> {
  for (let i = 0; i < members; i += 100) {
    const pairs = Array.from(
      { length: 100 },
      (_, j) => [String((i + j) * 7919 % 10007), `m${i + j}`],
    );
    peer.queue("ZADD", key, ...pairs.flat());
  }
  await drain(peer, members / 100);
}

async function drain(peer: Peer, replies: number): Promise<void> {
  await peer.flush();
  for (let i = 0; i < replies; i++) assert(/^[+:]/.test(await peer.receive()));
}

/** As if every backlog were a large one: one slice, then Workers where they are allowed. */
function startWorkersAtOnce(server: Server): void {
  server.keyspace.lazyFree.limits.blocksBeforeWorker = 1;
  server.keyspace.lazyFree.limits.valuesPerWorker = 1;
}

async function assertAllCameBack(server: Server, bytesAtStart: number): Promise<void> {
  const { keyspace } = server;
  await keyspace.lazyFree.drained();
  keyspace.arena.verify();
  assertEquals(keyspace.size, 0);
  // An empty table keeps a few buckets for the next keys; flushing takes those too.
  keyspace.flushAll(false);
  assertEquals(keyspace.arena.usedBytes, bytesAtStart);
}

for (const workers of [0, 1, 4]) {
  const directives = { "lazyfree-workers": String(workers) };

  Deno.test(`UNLINK of large sorted sets, ${workers} Workers`, async () => {
    await using server = await serveQuietly({ directives });
    const { arena, lazyFree } = server.keyspace;
    const bytesAtStart = arena.usedBytes;
    using peer = await Peer.connect(server.address.port);
    for (const key of ["a", "b", "c"]) await fillSortedSet(peer, key, MEMBERS);
    assertEquals(await peer.ask("ZCARD", "b"), `:${MEMBERS}\r\n`);
    assertEquals(await peer.ask("UNLINK", "a", "b", "c", "none"), ":3\r\n");
    assertEquals(await peer.ask("ZCARD", "b"), ":0\r\n");
    await assertAllCameBack(server, bytesAtStart);
    assertEquals([lazyFree.freed, lazyFree.workers], [3, 0]);
  });

  Deno.test(`FLUSHALL ASYNC of ${KEYS} keys, ${workers} Workers`, async () => {
    await using server = await serveQuietly({ directives });
    const { arena, lazyFree } = server.keyspace;
    const bytesAtStart = arena.usedBytes;
    using peer = await Peer.connect(server.address.port);
    await fillWithStrings(peer, KEYS);
    await fillSortedSet(peer, "large", MEMBERS);
    assertEquals(await peer.ask("ZADD", "small", "1", "a"), ":1\r\n");
    assertEquals(await peer.ask("DBSIZE"), `:${KEYS + 2}\r\n`);
    const bytesFull = arena.usedBytes;
    assertGreater(bytesFull, bytesAtStart + KEYS * 32);
    assertEquals(await peer.ask("FLUSHALL", "ASYNC"), "+OK\r\n");
    assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
    await assertAllCameBack(server, bytesAtStart);
    assertEquals([lazyFree.freed, lazyFree.workers], [1, 0]);
  });

  Deno.test(`what is written while frees are in flight stays, ${workers} Workers`, async () => {
    await using server = await serveQuietly({ directives });
    startWorkersAtOnce(server);
    const bytesAtStart = server.keyspace.arena.usedBytes;
    using peer = await Peer.connect(server.address.port);
    for (let round = 0; round < 3; round++) {
      await fillWithStrings(peer, 10_000);
      await fillSortedSet(peer, "large", MEMBERS);
      assertEquals(await peer.ask("FLUSHALL", "ASYNC"), "+OK\r\n");
      await fillWithStrings(peer, 5000);
      await fillSortedSet(peer, "large", 1000);
      assertEquals(await peer.ask("GET", "key:4"), "$1\r\n4\r\n");
      assertEquals(await peer.ask("ZCARD", "large"), ":1000\r\n");
      assertEquals(await peer.ask("UNLINK", "large"), ":1\r\n");
      await server.keyspace.lazyFree.drained();
      server.keyspace.arena.verify();
      assertEquals(await peer.ask("GET", "key:4999"), `$20\r\n${"v".repeat(20)}\r\n`);
      assertEquals(await peer.ask("DBSIZE"), ":5000\r\n");
    }
    assertEquals(await peer.ask("FLUSHALL", "SYNC"), "+OK\r\n");
    await assertAllCameBack(server, bytesAtStart);
  });

  Deno.test(`FLUSHALL in every way while frees are in flight, ${workers} Workers`, async () => {
    await using server = await serveQuietly({ directives });
    startWorkersAtOnce(server);
    const bytesAtStart = server.keyspace.arena.usedBytes;
    using peer = await Peer.connect(server.address.port);
    for (const mode of [["ASYNC"], ["SYNC"], [], ["ASYNC"]]) {
      for (const key of ["a", "b", "c", "d"]) await fillSortedSet(peer, key, 2000);
      await fillWithStrings(peer, 5000);
      // One pipeline, so that no free can finish between its requests.
      peer.queue("UNLINK", "a", "b");
      peer.queue("FLUSHALL", "ASYNC");
      peer.queue("SET", "k", "v");
      peer.queue("FLUSHALL", ...mode);
      peer.queue("FLUSHALL", ...mode);
      await drain(peer, 5);
    }
    await assertAllCameBack(server, bytesAtStart);
  });

  Deno.test(`stopping while frees are in flight, ${workers} Workers`, async () => {
    for (let round = 0; round < 3; round++) {
      await using server = await serveQuietly({ directives });
      if (round > 0) startWorkersAtOnce(server);
      using peer = await Peer.connect(server.address.port);
      for (const key of ["a", "b", "c", "d"]) await fillSortedSet(peer, key, MEMBERS / 4);
      await fillWithStrings(peer, 5000);
      peer.queue("UNLINK", "a", "b");
      peer.queue("FLUSHALL", "ASYNC");
      await drain(peer, 2);
      // Somebody may be waiting for the frees; it is let go rather than left hanging.
      const drained = server.keyspace.lazyFree.drained();
      await server.shutdown();
      await drained;
    }
  });
}

Deno.test("DEL frees on the spot, and in the background when told to", async () => {
  for (const lazily of [false, true]) {
    await using server = await serveQuietly({
      directives: { "lazyfree-lazy-user-del": lazily ? "yes" : "no" },
    });
    const { arena, lazyFree } = server.keyspace;
    using peer = await Peer.connect(server.address.port);
    assertEquals(await peer.ask("SET", "stays", "v"), "+OK\r\n");
    const bytesAtStart = arena.usedBytes;
    await fillSortedSet(peer, "large", MEMBERS);
    assertEquals(await peer.ask("DEL", "large"), ":1\r\n");
    if (lazily) await lazyFree.drained();
    assertEquals(arena.usedBytes, bytesAtStart);
    assertEquals(lazyFree.freed, lazily ? 1 : 0);
  }
});

Deno.test("large values that are overwritten or expire are freed lazily when told to", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: {
      "lazyfree-lazy-server-del": "yes",
      "lazyfree-lazy-expire": "yes",
      hz: "100",
    },
    environment: { now: clock.now },
  });
  const { arena, lazyFree, databases: [database] } = server.keyspace;
  const bytesAtStart = arena.usedBytes;
  using peer = await Peer.connect(server.address.port);
  for (const key of ["overwritten", "asked for", "left alone"]) {
    await fillSortedSet(peer, key, MEMBERS);
  }
  assertEquals(await peer.ask("SET", "overwritten", "v", "PX", "1000"), "+OK\r\n");
  await until("the overwritten one is freed", () => lazyFree.freed === 1);
  server.upkeep.activeExpire = false;
  assertEquals(await peer.ask("PEXPIRE", "asked for", "1000"), ":1\r\n");
  assertEquals(await peer.ask("PEXPIRE", "left alone", "1000"), ":1\r\n");
  clock.nowMs += 2000;
  assertEquals(await peer.ask("ZCARD", "asked for"), ":0\r\n");
  await until("the one asked for is freed", () => lazyFree.freed === 2);
  server.upkeep.activeExpire = true;
  await until("the other is collected", () => database.size === 0);
  await assertAllCameBack(server, bytesAtStart);
  assertGreaterOrEqual(lazyFree.freed, 3);
});

Deno.test("small values are freed on the spot, whatever the settings", async () => {
  await using server = await serveQuietly();
  const { arena, lazyFree } = server.keyspace;
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("SET", "stays", "v"), "+OK\r\n");
  const bytesAtStart = arena.usedBytes;
  assertEquals(await peer.ask("ZADD", "small", "1", "a", "2", "b"), ":2\r\n");
  assertEquals(await peer.ask("SET", "k", "v".repeat(100_000)), "+OK\r\n");
  assertEquals(await peer.ask("UNLINK", "small", "k"), ":2\r\n");
  assertEquals(arena.usedBytes, bytesAtStart);
  assertEquals([lazyFree.pending, lazyFree.freed], [0, 0]);
});
