// A thousand connections at once, and what each of them costs while it is silent.

import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import type { Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const CONNECTIONS = 1000;
/** What a read buffer has when nothing was sent yet. */
const IDLE_INPUT_BYTES = 512;
/** What a connection may wait with after it was busy. */
const BUSY_INPUT_BYTES = 32 * 1024;

async function connectMany(server: Server, stack: DisposableStack): Promise<Peer[]> {
  const peers: Peer[] = [];
  while (peers.length < CONNECTIONS) {
    const batch = Array.from({ length: 100 }, () => Peer.connect(server.address.port));
    for (const peer of await Promise.all(batch)) peers.push(stack.use(peer));
  }
  return peers;
}

function inputCapacities(server: Server): number[] {
  return [...server.clients].map((client) => client.transport.inputCapacity);
}

Deno.test("1,000 connections work at once, each on its own pipeline", async () => {
  const ROUNDS = 5, DEPTH = 16;
  await using server = await serveQuietly();
  const bytesAtStart = server.keyspace.arena.usedBytes;
  using stack = new DisposableStack();
  const peers = await connectMany(server, stack);
  await Promise.all(peers.map(async (peer, i) => {
    for (let round = 0; round < ROUNDS; round++) {
      for (let j = 0; j < DEPTH; j++) {
        peer.queue("SET", `key:${i}:${j}`, `value ${i} ${j} ${round}`);
        peer.queue("GET", `key:${i}:${j}`);
      }
      await peer.flush();
      for (let j = 0; j < DEPTH; j++) {
        const value = `value ${i} ${j} ${round}`;
        assertEquals(await peer.receive(), "+OK\r\n");
        assertEquals(await peer.receive(), `$${value.length}\r\n${value}\r\n`);
      }
    }
  }));
  assertEquals(server.clients.size, CONNECTIONS);
  assertEquals(server.keyspace.databases[0].size, CONNECTIONS * DEPTH);
  assertEquals(server.stats.commandsProcessed, CONNECTIONS * ROUNDS * DEPTH * 2);
  stack.dispose();
  await until("all are gone", () => server.clients.size === 0);
  await flushAndDrain(server);
  assertEquals(server.keyspace.arena.usedBytes, bytesAtStart);
});

Deno.test("after a burst of 64 KiB idle connections hold a fraction of it", async () => {
  const burst = new TextEncoder().encode("PING\r\n".repeat(64 * 1024 / 6));
  const pongs = "+PONG\r\n".length * burst.length / 6;
  await using server = await serveQuietly();
  using stack = new DisposableStack();
  const peers = await connectMany(server, stack);
  for (const capacity of inputCapacities(server)) assertEquals(capacity, IDLE_INPUT_BYTES);
  const scratch = new Uint8Array(64 * 1024);
  for (const peer of peers) {
    await peer.send(burst);
    for (let left = pongs; left > 0;) left -= (await peer.connection.read(scratch))!;
  }
  const after = inputCapacities(server);
  assertEquals(after.length, CONNECTIONS);
  assertGreater(Math.max(...after), IDLE_INPUT_BYTES, "no buffer has grown: nothing was shown");
  assertLessOrEqual(Math.max(...after), BUSY_INPUT_BYTES);
});

Deno.test("small requests after a burst shrink the buffer to what an idle one has", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  for (let i = 0; i < 10_000; i++) peer.queue("PING");
  await peer.flush();
  for (let i = 0; i < 10_000; i++) assertEquals(await peer.receive(), "+PONG\r\n");
  const [client] = server.clients;
  assertGreater(client.transport.inputCapacity, IDLE_INPUT_BYTES);
  for (let i = 0; i < 500; i++) await peer.ask("PING");
  assertEquals(client.transport.inputCapacity, IDLE_INPUT_BYTES);
});

Deno.test("requests that span two reads are read into the buffer of one", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const elements = Array.from({ length: 100 }, (_, i) => `element ${i} of a hundred`);
  const requests = 500;
  for (let i = 0; i < requests; i++) peer.queue("RPUSH", "list", ...elements);
  await peer.flush();
  for (let i = 1; i <= requests; i++) assertEquals(await peer.receive(), `:${100 * i}\r\n`);
  const [client] = server.clients;
  assertLessOrEqual(client.transport.inputCapacity, BUSY_INPUT_BYTES);
  assertGreater(client.transport.inputCapacity, IDLE_INPUT_BYTES);
});

Deno.test("a large value does not leave a large buffer behind", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  assertEquals(await peer.ask("SET", "k", new Uint8Array(8 * 1024 * 1024)), "+OK\r\n");
  const [client] = server.clients;
  assertLessOrEqual(client.transport.inputCapacity, 1024 * 1024);
  for (let i = 0; i < 500; i++) await peer.ask("PING");
  assertEquals(client.transport.inputCapacity, IDLE_INPUT_BYTES);
});
