// Expiry under a clock that the test moves: what is due is invisible at once, and is collected
// without anybody asking.

import { assertEquals, assertGreater } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

Deno.test("a key is there through its last millisecond and gone in the next", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v", "PX", "1000");
  clock.nowMs += 999;
  assertEquals(await peer.ask("GET", "k"), "$1\r\nv\r\n");
  clock.nowMs += 2;
  assertEquals(server.keyspace.databases[0].size, 1);
  assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
  assertEquals(server.keyspace.databases[0].size, 0);
  assertEquals(server.keyspace.expiredKeys, 1);
});

Deno.test("an expired key is no obstacle to SET NX, and no help to SET XX", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "a", "v", "EX", "1");
  await peer.ask("SET", "b", "v", "EX", "1");
  clock.nowMs += 1001;
  assertEquals(await peer.ask("SET", "a", "w", "XX"), "$-1\r\n");
  assertEquals(await peer.ask("SET", "b", "w", "NX"), "+OK\r\n");
  assertEquals(await peer.ask("GET", "b"), "$1\r\nw\r\n");
  clock.nowMs += 3_600_000;
  assertEquals(await peer.ask("GET", "b"), "$1\r\nw\r\n");
});

Deno.test("SET takes an expiry away, KEEPTTL keeps it", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  for (const key of ["plain", "kept"]) await peer.ask("SET", key, "1", "EX", "10");
  await peer.ask("SET", "plain", "2");
  await peer.ask("SET", "kept", "2", "KEEPTTL");
  clock.nowMs += 10_001;
  assertEquals(await peer.ask("GET", "plain"), "$1\r\n2\r\n");
  assertEquals(await peer.ask("GET", "kept"), "$-1\r\n");
});

Deno.test("many keys due at once are collected in the background, with their memory", async () => {
  const COUNT = 50_000;
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: { now: clock.now },
    directives: { hz: "100" },
  });
  const { keyspace } = server;
  const bytesAtStart = keyspace.arena.usedBytes;
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < COUNT; i++) {
    // Values of every encoding, three due times among them.
    const value = i % 3 === 0 ? String(i) : "v".repeat(i % 3 === 1 ? 10 : 1000);
    peer.queue("SET", `key:${i}`, value, "PX", String(1000 + i % 3));
    if (i % 1000 === 999) {
      await peer.flush();
      for (let reply = 0; reply < 1000; reply++) assertEquals(await peer.receive(), "+OK\r\n");
    }
  }
  assertEquals(await peer.ask("SET", "stays", "v", "PX", "5000"), "+OK\r\n");
  assertEquals(keyspace.databases[0].size, COUNT + 1);
  clock.nowMs += 500;
  keyspace.arena.verify();
  assertEquals(keyspace.databases[0].size, COUNT + 1);
  clock.nowMs += 600;
  await until("the keys are gone", async () => {
    // Clients are served meanwhile, and never see one of them.
    assertEquals(await peer.ask("GET", "key:7"), "$-1\r\n");
    return keyspace.databases[0].size === 1;
  });
  assertEquals(keyspace.expiredKeys, COUNT);
  assertEquals(await peer.ask("GET", "stays"), "$1\r\nv\r\n");
  assertGreater(server.stats.expireCycleMs, 0);
  clock.nowMs += 5000;
  await until("the last is gone", () => keyspace.databases[0].size === 0);
  keyspace.flushAll(false);
  keyspace.arena.verify();
  await until("tables have shrunk", () => keyspace.arena.usedBytes <= bytesAtStart);
  assertEquals(keyspace.arena.usedBytes, bytesAtStart);
});

Deno.test("the cycle does nothing while it is switched off", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: { now: clock.now },
    directives: { hz: "500" },
  });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 100; i++) await peer.ask("SET", `k${i}`, "v", "PX", "1");
  clock.nowMs += 1000;
  await until("housekeeping has seen the new time", () => server.keyspace.nowMs === clock.nowMs);
  assertEquals(server.keyspace.databases[0].size, 100);
  server.upkeep.activeExpire = true;
  await until("the keys are gone", () => server.keyspace.databases[0].size === 0);
});
