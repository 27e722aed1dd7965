// CLIENT PAUSE: what it holds back, in which order it lets go, and what stands still meanwhile.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { comparison } from "../harness/comparison.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import type { Server } from "../../server/mod.ts";

comparison(
  "CLIENT PAUSE and UNPAUSE",
  `
  CLIENT PAUSE
  CLIENT PAUSE x
  CLIENT PAUSE x foo
  CLIENT PAUSE -1
  CLIENT PAUSE 9223372036854775807 => -ERR timeout is out of range
  CLIENT PAUSE 9223372036854775808
  CLIENT PAUSE 1 write x
  CLIENT PAUSE 0
  PING
  CLIENT PAUSE 100000 write
  GET k
  PING
  MULTI
  GET k
  EXEC
  CLIENT UNPAUSE
  SET k v
  CLIENT UNPAUSE x
  CLIENT UNPAUSE
  SET e v PX 1
  MULTI
  CLIENT PAUSE 100000 ALL
  SET k w
  CLIENT UNPAUSE
  EXEC
  GET k
  `,
);

async function postponed(server: Server, count: number): Promise<void> {
  await until("they wait", () => server.pause.postponedClients === count);
}

async function blockedClients(peer: Peer): Promise<string> {
  return /blocked_clients:\d+/.exec(await peer.ask("INFO", "clients"))![0];
}

Deno.test("a pause of all holds requests back, and lets them go in the order in which they came", async () => {
  await using server = await serveQuietly();
  using control = await Peer.connect(server.address.port);
  const peers = await Promise.all(
    [1, 2, 3, 4].map(() => Peer.connect(server.address.port)),
  );
  await control.ask("CLIENT", "PAUSE", "100000");
  for (const [i, peer] of peers.entries()) {
    peer.queue("RPUSH", "order", String(i));
    peer.queue("RPUSH", "order", `${i}'`);
    await peer.flush();
    await postponed(server, i + 1);
  }
  server.pause.end();
  for (const peer of peers) await peer.receive();
  const [first] = peers;
  const list = await first.receive() && await first.ask("LRANGE", "order", "0", "-1");
  const firsts = [...list.matchAll(/\r\n(\d)\r\n/g)].map(([, digit]) => digit);
  assertEquals(firsts.join(""), "0123");
  for (const peer of peers) peer[Symbol.dispose]();
});

Deno.test("a pause of writes: writes, transactions with writes, and nothing else", async () => {
  await using server = await serveQuietly();
  using control = await Peer.connect(server.address.port);
  using writer = await Peer.connect(server.address.port);
  using transaction = await Peer.connect(server.address.port);
  using reader = await Peer.connect(server.address.port);
  await transaction.ask("MULTI");
  await transaction.ask("INCR", "n");
  await control.ask("CLIENT", "PAUSE", "100000", "WRITE");
  writer.queue("SET", "k", "v");
  await writer.flush();
  transaction.queue("EXEC");
  await transaction.flush();
  await postponed(server, 2);
  assertEquals(await reader.ask("GET", "k"), "$-1\r\n");
  assertEquals(await blockedClients(reader), "blocked_clients:2");
  assertStringIncludes(await reader.ask("CLIENT", "LIST"), "flags=xb");
  await reader.ask("MULTI");
  await reader.ask("GET", "k");
  assertEquals(await reader.ask("EXEC"), "*1\r\n$-1\r\n");
  await control.ask("CLIENT", "UNPAUSE");
  assertEquals(await writer.receive(), "+OK\r\n");
  assertEquals(await transaction.receive(), "*1\r\n:1\r\n");
  assertEquals(await blockedClients(reader), "blocked_clients:0");
});

Deno.test("pauses add up: the later end and the stricter scope", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using control = await Peer.connect(server.address.port);
  using reader = await Peer.connect(server.address.port);
  control.queue("CLIENT", "PAUSE", "1000", "WRITE");
  control.queue("CLIENT", "PAUSE", "10", "ALL");
  await control.flush();
  await control.receive();
  await control.receive();
  reader.queue("GET", "k");
  await reader.flush();
  await postponed(server, 1);
  clock.nowMs += 500;
  server.upkeep.run();
  assertEquals(server.pause.postponedClients, 1);
  clock.nowMs += 501;
  server.upkeep.run();
  assertEquals(await reader.receive(), "$-1\r\n");
});

Deno.test("while there is a pause no key is collected, and readers find expired ones gone", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v", "PX", "100");
  await peer.ask("CLIENT", "PAUSE", "100000", "WRITE");
  clock.nowMs += 1000;
  server.upkeep.run();
  assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
  assertEquals(await peer.ask("EXISTS", "k"), ":0\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":1\r\n");
  assertEquals(await peer.ask("RANDOMKEY"), "$1\r\nk\r\n");
  assertEquals(server.keyspace.expiredKeys, 0);
  await peer.ask("CLIENT", "UNPAUSE");
  assertEquals(await peer.ask("SET", "k", "w"), "+OK\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":1\r\n");
  server.keyspace.arena.verify();
});

Deno.test("a transaction that pauses is carried out to its end, also over keys that have expired", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({ environment: { now: clock.now } });
  server.upkeep.activeExpire = false;
  using peer = await Peer.connect(server.address.port);
  await peer.ask("SET", "k", "v", "PX", "100");
  await peer.ask("MULTI");
  await peer.ask("CLIENT", "PAUSE", "100000", "WRITE");
  await peer.ask("SET", "k", "w", "NX");
  clock.nowMs += 1000;
  assertEquals(await peer.ask("EXEC"), "*2\r\n+OK\r\n+OK\r\n");
  peer.queue("SET", "k", "x");
  await peer.flush();
  await postponed(server, 1);
  assertEquals(server.keyspace.databases[0].size, 1);
  server.pause.end();
  assertEquals(await peer.receive(), "+OK\r\n");
});

Deno.test("who waits and leaves, or is killed, is forgotten", async () => {
  await using server = await serveQuietly();
  using control = await Peer.connect(server.address.port);
  const writer = await Peer.connect(server.address.port);
  await control.ask("CLIENT", "PAUSE", "100000", "WRITE");
  writer.queue("SET", "k", "v");
  await writer.flush();
  await postponed(server, 1);
  writer[Symbol.dispose]();
  await postponed(server, 0);
  await control.ask("CLIENT", "UNPAUSE");
  assertEquals(await control.ask("GET", "k"), "$-1\r\n");
});
