// What one client, or all of them, may take: connections, idle time, request sizes, memory.

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const MiB = 1024 * 1024;

Deno.test("maxclients: one more is refused, and admitted once another has left", async () => {
  await using server = await serveQuietly({ directives: { maxclients: "3" } });
  const { port } = server.address;
  using first = await Peer.connect(port);
  using second = await Peer.connect(port);
  {
    using third = await Peer.connect(port);
    for (const peer of [first, second, third]) assertEquals(await peer.ask("PING"), "+PONG\r\n");
    for (let i = 0; i < 3; i++) {
      using surplus = await Peer.connect(port);
      assertEquals(await surplus.receiveRest(), "-ERR max number of clients reached\r\n");
    }
    assertEquals(server.stats.connectionsRejected, 3);
  }
  await until("the third is gone", () => server.clients.size === 2);
  using next = await Peer.connect(port);
  assertEquals(await next.ask("PING"), "+PONG\r\n");
  assertEquals(await first.ask("PING"), "+PONG\r\n");
});

Deno.test("timeout: a silent client is dropped, one that speaks is not", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { timeout: "60", hz: "100" },
    environment: { now: clock.now },
  });
  using silent = await Peer.connect(server.address.port);
  using talker = await Peer.connect(server.address.port);
  await silent.ask("PING");
  await talker.ask("PING");
  clock.nowMs += 40_000;
  assertEquals(await talker.ask("PING"), "+PONG\r\n");
  clock.nowMs += 21_000;
  assertEquals(await silent.receiveRest(), "");
  assertEquals(await talker.ask("PING"), "+PONG\r\n");
  assertEquals(server.clients.size, 1);
});

Deno.test("timeout: who does not read its replies is silent too", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { timeout: "60", hz: "100" },
    environment: { now: clock.now },
  });
  using deaf = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await deaf.ask("SET", "k", new Uint8Array(MiB));
  for (let i = 0; i < 50; i++) deaf.queue("GET", "k");
  await deaf.flush();
  await until("its replies stand still", async () => {
    const before = server.stats.bytesWritten;
    await other.ask("PING");
    return before > MiB && server.stats.bytesWritten - before < 100;
  });
  clock.nowMs += 40_000;
  assertEquals(await other.ask("PING"), "+PONG\r\n");
  clock.nowMs += 21_000;
  await until("it is dropped", () => server.clients.size === 1);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
});

Deno.test("what a client says that it will send takes little memory until it comes", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const [client] = server.clients;
  const half = 256 * MiB;
  await peer.send(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${2 * half}\r\n`);
  // All of it is looked at: what has come of the request is an argument, or its frame.
  await until("it has come", () => client.transport.argumentBytes > 0);
  assertEquals([client.transport.argumentBytes, client.transport.inputBytes], [4, 0]);
  assertLess(client.transport.inputCapacity, MiB / 4);
  const sent = 3 * MiB;
  await peer.send(new Uint8Array(sent));
  await until("some of it has come", () => client.transport.inputBytes === sent);
  assertLess(client.transport.inputCapacity, 3 * sent);
});

Deno.test("the end of a large request takes no further array", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const [client] = server.clients;
  const length = 40 * MiB;
  const head = `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${length}\r\n`;
  await peer.send(head);
  await peer.send(new Uint8Array(length));
  const sent = head.length + length;
  await until("all but the line break has come", () => client.transport.inputBytes === length);
  await peer.send("\r");
  await until("and half of that", () => client.transport.inputBytes === length + 1);
  assertLess(client.transport.inputCapacity, sent + MiB);
  await peer.send("\n");
  assertEquals(await peer.receive(), "+OK\r\n");
});

Deno.test("without a timeout silence is no reason to be dropped", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { hz: "500" },
    environment: { now: clock.now },
  });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("PING");
  clock.nowMs += 365 * 86_400_000;
  await until("housekeeping has come by", () => server.keyspace.nowMs === clock.nowMs);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
});

Deno.test("client-query-buffer-limit: a request that outgrows it ends its client alone", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({
    directives: { "client-query-buffer-limit": String(MiB) },
    onLogLine: (line) => lines.push(line),
  });
  using greedy = await Peer.connect(server.address.port);
  using modest = await Peer.connect(server.address.port);
  await greedy.send(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${2 * MiB}\r\n`);
  const flood = new Uint8Array(2 * MiB);
  await greedy.send(flood).catch(() => {});
  await until("the client is dropped", () => server.clients.size === 1);
  assertEquals(await greedy.receiveRest().catch(() => ""), "");
  assertEquals(server.stats.inputLimitDisconnections, 1);
  assert(lines.some((line) => line.includes("client-query-buffer-limit")));
  assertEquals(await modest.ask("SET", "k", flood.subarray(0, MiB / 2)), "+OK\r\n");
});

Deno.test("proto-max-bulk-len: a larger argument is refused before it is sent", async () => {
  await using server = await serveQuietly({ directives: { "proto-max-bulk-len": String(MiB) } });
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("SET", "k", new Uint8Array(MiB)), "+OK\r\n");
  await peer.send(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${MiB + 1}\r\n`);
  assertEquals(await peer.receiveRest(), "-ERR Protocol error: invalid bulk length\r\n");
});

Deno.test("limits of requests reach the connections that are there already", async () => {
  await using server = await serveQuietly();
  const { port } = server.address;
  using admin = await Peer.connect(port);
  using first = await Peer.connect(port);
  using second = await Peer.connect(port);
  const long = new Uint8Array(2 * MiB);
  for (const peer of [first, second]) assertEquals(await peer.ask("SET", "k", long), "+OK\r\n");
  assertEquals(await admin.ask("CONFIG", "SET", "proto-max-bulk-len", "1mb"), "+OK\r\n");
  await first.send(`*2\r\n$4\r\nECHO\r\n$${long.length}\r\n`);
  assertEquals(await first.receiveRest(), "-ERR Protocol error: invalid bulk length\r\n");
  const settings = ["proto-max-bulk-len", "4mb", "client-query-buffer-limit", "1mb"];
  assertEquals(await admin.ask("CONFIG", "SET", ...settings), "+OK\r\n");
  await second.send(`*2\r\n$4\r\nECHO\r\n$${long.length}\r\n`);
  await second.send(long).catch(() => {});
  await until("it is dropped", () => server.stats.inputLimitDisconnections === 1);
  assertEquals(await admin.ask("PING"), "+PONG\r\n");
});

Deno.test("maxmemory: writes are refused above it, reads are not, and memory makes room", async () => {
  await using server = await serveQuietly({ directives: { maxmemory: String(8 * MiB) } });
  const { eviction, keyspace, stats } = server;
  using peer = await Peer.connect(server.address.port);
  const value = new Uint8Array(100_000).fill(0x61);
  let stored = 0;
  let reply = await peer.ask("SET", `k${stored}`, value);
  while (reply === "+OK\r\n" && stored < 1000) {
    reply = await peer.ask("SET", `k${++stored}`, value);
  }
  assertEquals(reply, "-OOM command not allowed when used memory > 'maxmemory'.\r\n");
  // What was sent counted, too, and has left its buffer.
  assertGreater(eviction.usedBytes, 8 * MiB - 200_000);
  // One write was let through at the brink; nothing was stored by the one refused.
  assertLess(keyspace.arena.usedBytes, 8 * MiB + 200_000);
  assertEquals(keyspace.databases[0].size, stored);
  assertEquals(stats.errorKinds.get("OOM"), 1);
  assert((await peer.ask("GET", "k0")).startsWith("$100000\r\n"));
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  keyspace.flushAll(false);
  assertEquals(await peer.ask("SET", "k", value), "+OK\r\n");
  keyspace.arena.verify();
});

Deno.test("maxmemory 0 is no limit", async () => {
  await using server = await serveQuietly({ directives: { maxmemory: "0" } });
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 20; i++) {
    assertEquals(await peer.ask("SET", `k${i}`, new Uint8Array(MiB)), "+OK\r\n");
  }
});
