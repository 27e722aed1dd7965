// maxmemory-clients: where all clients take too much, the largest go.

import { assert, assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";
import type { Server } from "../../server/mod.ts";

const MIB = 1024 * 1024;

/** A client that has sent so much of a request, which the server has in its buffer. */
async function sending(server: Server, bytes: number): Promise<Peer> {
  const peer = await Peer.connect(server.address.port);
  const id = Number((await peer.ask("CLIENT", "ID")).slice(1));
  await peer.ask("CLIENT", "SETNAME", `with-${bytes}`);
  await peer.send(`*2\r\n$${bytes}\r\n${"x".repeat(bytes)}`);
  const client = server.clients.get(id)!;
  await until("it has come", () => client.transport.inputBytes >= bytes);
  return peer;
}

function names(server: Server): string[] {
  return Array.from(server.clients, ({ name }) => name).filter((name) => name !== "").sort();
}

Deno.test("the largest clients go until what is left is below the limit", async () => {
  await using server = await serveQuietly();
  using control = await Peer.connect(server.address.port);
  const sizes = [1, 4, 2, 8].map((size) => size * MIB);
  /** A limit that is reached by the clients up to one with so many mebibytes, which is one too many. */
  const limitTo = async (size: number) => {
    let bytes = MIB / 2;
    for (const { memoryBytes, name } of server.clients) {
      if (name !== `with-${size * MIB}`) bytes += memoryBytes;
    }
    await control.ask("CONFIG", "SET", "maxmemory-clients", String(bytes));
  };
  const peers = await Promise.all(sizes.map((size) => sending(server, size)));
  await limitTo(8);
  await control.ask("PING");
  assertEquals(names(server), [`with-${MIB}`, `with-${2 * MIB}`, `with-${4 * MIB}`]);
  await limitTo(4);
  await control.ask("PING");
  assertEquals(names(server), [`with-${MIB}`, `with-${2 * MIB}`]);
  assertEquals(server.stats.evictedClients, 2);
  assertEquals(/evicted_clients:\d+/.exec(await control.ask("INFO"))![0], "evicted_clients:2");
  for (const peer of peers) peer[Symbol.dispose]();
});

Deno.test("a request takes what it announces, from its first line on, and no more while it comes", async () => {
  await using server = await serveQuietly();
  using control = await Peer.connect(server.address.port);
  for (const bytes of [150_000, 220_000, 314_572, MIB, 3 * MIB]) {
    using peer = await Peer.connect(server.address.port);
    const client = server.clients.get(Number((await peer.ask("CLIENT", "ID")).slice(1)))!;
    await peer.send(`*2\r\n$4\r\nECHO\r\n$${bytes}\r\n`);
    await until("it has come", () => client.transport.argumentBytes === 4);
    const announced = client.memoryBytes;
    assert(announced >= bytes && announced < bytes + MIB / 16, `${announced} of ${bytes}`);
    for (let sent = 0; sent < bytes;) {
      const count = Math.min(37_777, bytes - sent);
      await peer.send("x".repeat(count));
      sent += count;
      await until("it has come", () => client.transport.inputBytes >= sent);
      assert(client.memoryBytes < bytes + MIB / 16, `${client.memoryBytes} of ${bytes} at ${sent}`);
    }
  }
  // Whoever announces more than all may have is not waited for.
  await control.ask("CONFIG", "SET", "maxmemory-clients", "1mb");
  using boaster = await Peer.connect(server.address.port);
  await boaster.send(`*2\r\n$${2 * MIB}\r\n`);
  assertEquals(await boaster.receiveRest().catch(() => ""), "");
  assertEquals(server.stats.evictedClients, 1);
  assertEquals(await control.ask("PING"), "+PONG\r\n");
});

Deno.test("who asked not to be dropped counts, and stays", async () => {
  await using server = await serveQuietly();
  using control = await Peer.connect(server.address.port);
  using kept = await Peer.connect(server.address.port);
  await kept.ask("CLIENT", "SETNAME", "kept");
  await kept.ask("CLIENT", "NO-EVICT", "ON");
  await control.ask("CLIENT", "NO-EVICT", "ON");
  await kept.send(`*2\r\n$${4 * MIB}\r\n${"x".repeat(4 * MIB)}`);
  using small = await sending(server, MIB);
  await control.ask("CONFIG", "SET", "maxmemory-clients", "2mb");
  await control.ask("PING");
  assertEquals(names(server), ["kept"]);
  assertEquals(await small.receiveRest().catch(() => ""), "");
});

Deno.test("a request that grows past the limit ends its client, also by percent of maxmemory", async () => {
  await using server = await serveQuietly({
    directives: { "maxmemory": "100mb", "maxmemory-clients": "1%" },
  });
  using peer = await Peer.connect(server.address.port);
  await peer.ask("PING");
  await peer.send(`*1\r\n$${4 * MIB}\r\n${"x".repeat(2 * MIB)}`).catch(() => {});
  await until("it is dropped", () => server.clients.size === 0);
  assertEquals(server.stats.evictedClients, 1);
  // Without maxmemory there is nothing to take a percentage of.
  using other = await Peer.connect(server.address.port);
  await other.ask("CONFIG", "SET", "maxmemory", "0");
  assertEquals((await other.ask("ECHO", "x".repeat(2 * MIB))).length, 2 * MIB + 12);
});

Deno.test("a client counts with what waits for it, not with the size of the buffer that it is lent", async () => {
  await using server = await serveQuietly();
  using reader = await Peer.connect(server.address.port);
  const [client] = server.clients;
  const idle = client.memoryBytes;
  // The reply is sent, and the buffer that grew for it is lent to the next request.
  await reader.ask("ECHO", "x".repeat(300));
  await reader.ask("CONFIG", "GET", "*");
  const lent = await reader.ask("CLIENT", "LIST");
  assert(Number(/ rbs=(\d+)/.exec(lent)![1]) > 4096, lent);
  assert(Number(/ tot-mem=(\d+)/.exec(lent)![1]) < idle + 4096, lent);
});

Deno.test("prefixes that a client wants to hear of count", async () => {
  await using server = await serveQuietly({ directives: { "maxmemory-clients": "200000" } });
  using peer = await Peer.connect(server.address.port);
  let added = 0;
  await assertDropped(async () => {
    const number = String(added).padStart(9, "0");
    const reply = await peer.ask("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", `a${number}`);
    assertEquals(reply, "+OK\r\n");
    added++;
  }, 1000);
  assert(added > 100 && added < 400, `after ${added}`);
});

Deno.test("a transaction and messages that are not read count", async () => {
  await using server = await serveQuietly({ directives: { "maxmemory-clients": "3mb" } });
  using queueing = await Peer.connect(server.address.port);
  await queueing.ask("MULTI");
  const half = "x".repeat(MIB / 2);
  let queued = 0;
  await assertDropped(async () => {
    await queueing.ask("SET", "k", half);
    queued++;
  });
  assert(queued >= 2 && queued < 8, `after ${queued}`);
  // Who does not read its own replies is not served either, but may be sent what others do.
  using watcher = await Peer.connect(server.address.port);
  await watcher.ask("MONITOR");
  using control = await Peer.connect(server.address.port);
  await until("it is dropped", async () => {
    await control.ask("ECHO", half);
    return server.clients.size === 1;
  });
  assertEquals(server.stats.evictedClients, 2);
});

async function assertDropped(act: () => Promise<void>, attempts = 100): Promise<void> {
  for (let i = 0; i < attempts; i++) {
    try {
      await act();
    } catch {
      return;
    }
  }
  throw new Error("it was not dropped");
}
