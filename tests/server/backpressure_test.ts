// Clients that do not read what they asked for: paused while that costs little, dropped when told to,
// and never at the expense of others.

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { commandTable } from "../../commands/registry.ts";
import type { Client } from "../../server/execution/client.ts";
import type { Server } from "../../server/mod.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const VALUE = new Uint8Array(100 * KiB).fill(0x76);
const REPLY_BYTES = `$${VALUE.length}\r\n`.length + VALUE.length + 2;

/** Asks for `count` values without reading one. Settles when the server has all of the requests. */
async function askWithoutReading(peer: Peer, count: number): Promise<void> {
  for (let i = 0; i < count; i++) peer.queue("GET", "big");
  await peer.flush();
}

function clientOf(server: Server, peer: Peer): Client {
  const { port } = peer.connection.localAddr as Deno.NetAddr;
  for (const client of server.clients) {
    if (client.address.endsWith(`:${port}`)) return client;
  }
  throw new Error("the server does not know this connection");
}

Deno.test("a client that does not read is paused, and gets every reply when it does", async () => {
  const COUNT = 200;
  await using server = await serveQuietly();
  using slow = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  assertEquals(await slow.ask("SET", "big", VALUE), "+OK\r\n");
  const { transport } = clientOf(server, slow);
  await askWithoutReading(slow, COUNT);
  await until("output piles up", () => transport.outputBytes > 0);
  // The others are served, and the paused one costs no more than one portion of output.
  for (let i = 0; i < 200; i++) {
    assertEquals(await other.ask("SET", "k", String(i)), "+OK\r\n");
    assertLess(transport.outputBytes, MiB + 2 * REPLY_BYTES);
  }
  assertLess(server.stats.command(commandTable.named("get")!.id).calls, COUNT);
  for (let i = 0; i < COUNT; i++) assertEquals((await slow.receive()).length, REPLY_BYTES);
  assertEquals(await slow.ask("PING"), "+PONG\r\n");
  assertEquals(transport.outputBytes, 0);
});

Deno.test("a reply of many chunks arrives complete and in order, however long its values", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const lengths = [5 * MiB + 1, 0, MiB, MiB - 1, 3, 5 * MiB];
  const parts = [new TextEncoder().encode(`*${lengths.length}\r\n`)];
  for (const [i, length] of lengths.entries()) {
    const value = Uint8Array.from({ length }, (_, at) => at * 31 + i + (at >>> 12));
    assertEquals(await peer.ask("SET", `k${i}`, value), "+OK\r\n");
    parts.push(new TextEncoder().encode(`$${length}\r\n`), value, new Uint8Array([13, 10]));
  }
  const expected = new Uint8Array(await new Blob(parts).arrayBuffer());
  peer.queue("MGET", ...lengths.keys().map((i) => `k${i}`));
  await peer.flush();
  const { input } = peer.wire;
  while (input.length < expected.length) await peer.wire.readMore();
  assertEquals(input.length, expected.length);
  const { bytes, head } = input;
  assertEquals(expected.findIndex((byte, i) => bytes[head + i] !== byte), -1);
});

Deno.test("requests of a paused client wait in its own socket, not in the server", async () => {
  await using server = await serveQuietly();
  using slow = await Peer.connect(server.address.port);
  await slow.ask("SET", "big", VALUE);
  const { transport } = clientOf(server, slow);
  await askWithoutReading(slow, 200);
  await until("output piles up", () => transport.outputBytes > 0);
  const readBefore = server.stats.bytesRead;
  let sent = 0;
  const flood = new TextEncoder().encode("PING\r\n".repeat(10_000));
  const sending = (async () => {
    while (sent < 400 * flood.length) {
      sent += await slow.connection.write(flood.subarray(sent % flood.length));
    }
  })().catch(() => {});
  await until("the client's own socket is full", async () => {
    const before = sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return sent > 0 && sent === before;
  });
  assertEquals(server.stats.bytesRead, readBefore);
  assertLess(transport.inputCapacity, 2 * MiB);
  clientOf(server, slow).transport.close();
  await sending;
});

Deno.test("past the hard output limit a client is dropped, and others are not", async () => {
  const lines: string[] = [];
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "normal 256kb 0 0" },
    onLogLine: (line) => lines.push(line),
  });
  using slow = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await slow.ask("SET", "big", VALUE);
  await askWithoutReading(slow, 100);
  await until("the slow one is dropped", () => server.clients.size === 1);
  assertEquals(server.stats.outputLimitDisconnections, 1);
  assert(lines.some((line) => line.includes("its output has reached the limit")), lines.join("\n"));
  assertEquals((await other.ask("GET", "big")).length, REPLY_BYTES);
});

Deno.test("output is limited in whole blocks, and the limit itself is too much", async () => {
  await using server = await serveQuietly();
  const [block, first] = [20 * 1024, 16 * 1024];
  for (
    const [limit, length, isDropped] of [
      [5 * block, first + 4 * block, false],
      [5 * block, first + 4 * block + 1, true],
      [5 * block + 1, first + 5 * block, false],
    ] as const
  ) {
    server.config.setAll(["client-output-buffer-limit", `normal ${limit} 0 0`]);
    using peer = await Peer.connect(server.address.port);
    // The reply is the text, its length and two line breaks.
    const text = "x".repeat(length - `$${length}\r\n\r\n`.length);
    const reply = await peer.ask("ECHO", text).catch(() => "");
    assertEquals(reply.length, isDropped ? 0 : length, `${limit} ${length}`);
  }
  assertEquals(server.stats.outputLimitDisconnections, 1);
});

Deno.test("past the soft output limit a client is dropped after its seconds", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "normal 0 64kb 10", hz: "500" },
    environment: { now: clock.now },
  });
  using slow = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await slow.ask("SET", "big", VALUE);
  const client = clientOf(server, slow);
  await askWithoutReading(slow, 500);
  await until("the time over the limit is noted", () => client.overSoftLimitSinceMs !== 0);
  clock.nowMs += 9_000;
  await until("housekeeping has come by", () => server.keyspace.nowMs === clock.nowMs);
  assertEquals(server.clients.size, 2);
  clock.nowMs += 2_000;
  await until("the slow one is dropped", () => server.clients.size === 1);
  assertEquals(server.stats.outputLimitDisconnections, 1);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
});

Deno.test("the soft limit itself is too much too", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "normal 0 40kb 10", hz: "500" },
    environment: { now: clock.now },
  });
  const below = new DetachedClient(server), at = new DetachedClient(server);
  const [block, first] = [20 * 1024, 16 * 1024];
  const written = new Uint8Array(first + block + 1);
  below.transport.queue.append(written, 0, first + block);
  at.transport.queue.append(written, 0, first + block + 1);
  await until("the time at the limit is noted", () => at.client.overSoftLimitSinceMs !== 0);
  clock.nowMs += 11_000;
  await until("it is dropped", () => at.transport.isClosed);
  assertEquals([below.client.overSoftLimitSinceMs, below.transport.isClosed], [0, false]);
});

Deno.test("one huge reply is sent in pieces while others are served", async () => {
  const huge = new Uint8Array(20 * MiB).fill(0x68);
  await using server = await serveQuietly();
  using reader = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  assertEquals(await reader.ask("SET", "huge", huge), "+OK\r\n");
  reader.queue("GET", "huge");
  await reader.flush();
  const { transport } = clientOf(server, reader);
  await until("the reply is under way", () => transport.outputBytes > 0);
  for (let i = 0; i < 100; i++) assertEquals(await other.ask("PING"), "+PONG\r\n");
  assertGreater(transport.outputBytes, 0);
  assertEquals((await reader.receive()).length, `$${huge.length}\r\n`.length + huge.length + 2);
});
