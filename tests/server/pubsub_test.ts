// Messages on their way: in which order they come, to whom, in which form, and what becomes of those
// who do not read them, leave, or try to make the server hold what nobody asked for.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Admission } from "../../server/execution/admission.ts";
import type { Server } from "../../server/mod.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { DetachedClient } from "../harness/detached_client.ts";
import { Peer } from "../harness/peer.ts";
import { ManualClock, serveQuietly } from "../harness/quiet_server.ts";
import { PubSub } from "../../server/pubsub/pubsub.ts";
import { until } from "../harness/until.ts";

function bulks(...texts: readonly string[]): string {
  return texts.map((text) => `$${text.length}\r\n${text}\r\n`).join("");
}

/** A message as RESP spells it. */
function message(protocol: 2 | 3, ...texts: readonly string[]): string {
  return `${protocol === 3 ? ">" : "*"}${texts.length}\r\n${bulks(...texts)}`;
}

function confirmation(protocol: 2 | 3, kind: string, name: string | undefined, count: number) {
  const nil = protocol === 3 ? "_\r\n" : "$-1\r\n";
  const middle = name === undefined ? nil : bulks(name);
  return `${protocol === 3 ? ">" : "*"}3\r\n${bulks(kind)}${middle}:${count}\r\n`;
}

async function connect(server: Server, protocol: 2 | 3): Promise<Peer> {
  const peer = await Peer.connect(server.address.port);
  if (protocol === 3) await peer.ask("HELLO", "3");
  return peer;
}

for (const protocol of [2, 3] as const) {
  Deno.test(`RESP${protocol}: each name is confirmed, and each message comes once for each`, async () => {
    await using server = await serveQuietly();
    using peer = await connect(server, protocol);
    using publisher = await connect(server, 2);
    assertEquals(
      await peer.ask("SUBSCRIBE", "a", "b", "a"),
      confirmation(protocol, "subscribe", "a", 1),
    );
    assertEquals(await peer.receive(), confirmation(protocol, "subscribe", "b", 2));
    assertEquals(await peer.receive(), confirmation(protocol, "subscribe", "a", 2));
    await peer.ask("PSUBSCRIBE", "?");
    await peer.ask("PSUBSCRIBE", "a*");
    await peer.ask("SSUBSCRIBE", "a");
    assertEquals(await publisher.ask("PUBLISH", "a", "m"), ":3\r\n");
    assertEquals(await peer.receive(), message(protocol, "message", "a", "m"));
    assertEquals(await peer.receive(), message(protocol, "pmessage", "?", "a", "m"));
    assertEquals(await peer.receive(), message(protocol, "pmessage", "a*", "a", "m"));
    assertEquals(await publisher.ask("SPUBLISH", "a", "n"), ":1\r\n");
    assertEquals(await peer.receive(), message(protocol, "smessage", "a", "n"));
    assertEquals(await peer.ask("UNSUBSCRIBE"), confirmation(protocol, "unsubscribe", "a", 3));
    assertEquals(await peer.receive(), confirmation(protocol, "unsubscribe", "b", 2));
    assertEquals(
      await peer.ask("UNSUBSCRIBE"),
      confirmation(protocol, "unsubscribe", undefined, 2),
    );
  });

  Deno.test(`RESP${protocol}: messages to oneself in a transaction come behind its reply`, async () => {
    await using server = await serveQuietly();
    using peer = await connect(server, protocol);
    peer.queue("MULTI");
    peer.queue("SUBSCRIBE", "a");
    peer.queue("PUBLISH", "a", "m");
    peer.queue("PING");
    peer.queue("EXEC");
    await peer.flush();
    for (const reply of ["+OK\r\n", "+QUEUED\r\n", "+QUEUED\r\n", "+QUEUED\r\n"]) {
      assertEquals(await peer.receive(), reply);
    }
    const pong = protocol === 3 ? "+PONG\r\n" : `*2\r\n${bulks("pong", "")}`;
    assertEquals(
      await peer.receive(),
      `*3\r\n${confirmation(protocol, "subscribe", "a", 1)}:1\r\n${pong}`,
    );
    assertEquals(await peer.receive(), message(protocol, "message", "a", "m"));
  });
}

Deno.test("confirmations and messages come also where replies are switched off", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server, 3);
  using publisher = await connect(server, 2);
  peer.queue("CLIENT", "REPLY", "OFF");
  peer.queue("PING");
  assertEquals(await peer.ask("SUBSCRIBE", "a"), confirmation(3, "subscribe", "a", 1));
  assertEquals(await publisher.ask("PUBLISH", "a", "m"), ":1\r\n");
  assertEquals(await peer.receive(), message(3, "message", "a", "m"));
  peer.queue("PUBLISH", "a", "own");
  assertEquals(await peer.ask("UNSUBSCRIBE"), message(3, "message", "a", "own"));
  assertEquals(await peer.receive(), confirmation(3, "unsubscribe", "a", 0));
});

Deno.test("one message in three protocols at once, of any bytes and length", async () => {
  await using server = await serveQuietly();
  using two = await connect(server, 2);
  using three = await connect(server, 3);
  using native = await NativePeer.connect(server.address.port);
  using publisher = await connect(server, 2);
  await two.ask("SUBSCRIBE", "a");
  await three.ask("SUBSCRIBE", "a");
  await native.ask("SUBSCRIBE", "a");
  for (const text of ["", "m\r\n$1\r\n", "x".repeat(70_000), "y".repeat(3_000_000), "z"]) {
    assertEquals(await publisher.ask("PUBLISH", "a", text), ":3\r\n");
    assertEquals(await two.receive(), message(2, "message", "a", text));
    assertEquals(await three.receive(), message(3, "message", "a", text));
  }
});

Deno.test("a subscriber that leaves or resets is subscribed to nothing", async () => {
  await using server = await serveQuietly();
  using publisher = await connect(server, 2);
  {
    using peer = await connect(server, 2);
    await peer.ask("SUBSCRIBE", "a");
    await peer.ask("PSUBSCRIBE", "a");
    await peer.ask("SSUBSCRIBE", "a");
    assertEquals(await publisher.ask("PUBLISH", "a", "m"), ":2\r\n");
  }
  const { channels, patterns, shardChannels } = server.pubsub;
  await until("it is gone", () => channels.size + patterns.size + shardChannels.size === 0);
  assertEquals(await publisher.ask("PUBLISH", "a", "m"), ":0\r\n");
  using peer = await connect(server, 3);
  for (const command of ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"]) await peer.ask(command, "a");
  assertEquals(await peer.ask("RESET"), "+RESET\r\n");
  assertEquals(channels.size + patterns.size + shardChannels.size, 0);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  const [client] = [...server.clients].slice(-1);
  assertEquals([client.conditions, client.outputClass], [0, "normal"]);
});

Deno.test("who does not read is dropped at the limit of its class, and others are not", async () => {
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "pubsub 1mb 0 0" },
  });
  using slow = await connect(server, 2);
  using quick = await connect(server, 2);
  using publisher = await connect(server, 2);
  await slow.ask("SUBSCRIBE", "a");
  await quick.ask("SUBSCRIBE", "a");
  const text = "x".repeat(500_000);
  for (let i = 0; server.stats.outputLimitDisconnections === 0; i++) {
    assert(i < 1000, "it is never dropped");
    await publisher.ask("PUBLISH", "a", text);
    assertEquals(await quick.receive(), message(2, "message", "a", text));
  }
  assertEquals(await publisher.ask("PUBLISH", "a", "m"), ":1\r\n");
  assertEquals(await quick.receive(), message(2, "message", "a", "m"));
});

Deno.test("CLIENT LIST and INFO tell of subscriptions, and their memory is counted", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server, 2);
  using other = await connect(server, 2);
  await peer.ask("CLIENT", "SETNAME", "s");
  const [client] = server.clients;
  const before = client.memoryBytes;
  await peer.ask("SUBSCRIBE", "c".repeat(10_000));
  await peer.ask("PSUBSCRIBE", "p");
  await peer.ask("SSUBSCRIBE", "s");
  assert(client.memoryBytes >= before + 10_000);
  const list = await other.ask("CLIENT", "LIST", "TYPE", "pubsub");
  assertStringIncludes(list, "name=s ");
  assertStringIncludes(list, " flags=P ");
  assertStringIncludes(list, " sub=1 psub=1 ssub=1 ");
  assertEquals(list.match(/id=/g)?.length, 1);
  const info = await other.ask("INFO", "stats");
  for (const field of ["pubsub_channels:1", "pubsub_patterns:1", "pubsubshard_channels:1"]) {
    assertStringIncludes(info, `${field}\r\n`);
  }
  assertEquals(await other.ask("CLIENT", "KILL", "TYPE", "pubsub"), ":1\r\n");
  assertEquals(await peer.receiveRest(), "");
  assertEquals(server.pubsub.channels.size, 0);
});

Deno.test("a hundred thousand subscriptions of one client come and go", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server, 2);
  const names = Array.from({ length: 100_000 }, (_, i) => `channel:${i}`);
  peer.queue("SUBSCRIBE", ...names);
  peer.queue("UNSUBSCRIBE");
  peer.queue("PING");
  await peer.flush();
  for (const [i, name] of names.entries()) {
    assertEquals(await peer.receive(), confirmation(2, "subscribe", name, i + 1));
  }
  for (const [i, name] of names.entries()) {
    const left = names.length - 1 - i;
    assertEquals(await peer.receive(), confirmation(2, "unsubscribe", name, left));
  }
  assertEquals(await peer.receive(), "+PONG\r\n");
  assertEquals(server.pubsub.channels.size, 0);
});

Deno.test("a subscriber that goes back to RESP2 may call what those may", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server, 3);
  await peer.ask("SUBSCRIBE", "a");
  assertEquals(await peer.ask("GET", "k"), "_\r\n");
  await peer.ask("HELLO", "2");
  assertStringIncludes(await peer.ask("GET", "k"), "-ERR Can't execute 'get': only (P|S)SUBSCRIBE");
  await peer.ask("UNSUBSCRIBE");
  assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
});

Deno.test("what a client may not do fails the transaction that it does it in", async () => {
  await using server = await serveQuietly();
  using peer = await connect(server, 3);
  assertEquals(await peer.ask("MULTI"), "+OK\r\n");
  assertEquals(await peer.ask("SSUBSCRIBE", "a"), "+QUEUED\r\n");
  assertEquals(
    await peer.ask("EXEC"),
    "*1\r\n-ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client\r\n",
  );
  assertEquals(server.pubsub.shardChannels.size, 0);
});

Deno.test("silence is no reason to drop a subscriber; output above its soft limit is", async () => {
  const clock = new ManualClock();
  await using server = await serveQuietly({
    environment: { now: clock.now },
    directives: { timeout: "10", "client-output-buffer-limit": "pubsub 0 1000 5" },
  });
  using peer = await connect(server, 2);
  using silent = await connect(server, 2);
  await peer.ask("SUBSCRIBE", "a");
  await silent.ask("PING");
  clock.nowMs += 11_000;
  assertEquals(await silent.receiveRest(), "");
  using publisher = await connect(server, 2);
  assertEquals(await publisher.ask("PUBLISH", "a", "m"), ":1\r\n");
  assertEquals(await peer.receive(), message(2, "message", "a", "m"));
  const [client] = server.clients;
  const text = "x".repeat(500_000);
  while (client.unsentBytes < 100_000) await publisher.ask("PUBLISH", "a", text);
  await until("it is noticed", () => client.overSoftLimitSinceMs > 0);
  clock.nowMs += 6_000;
  await until("it is dropped", () => server.pubsub.channels.size === 0);
  assertEquals(server.stats.outputLimitDisconnections, 1);
});

Deno.test("there are no more subscriptions than the server can hold", async () => {
  await using server = await serveQuietly();
  const { hasher } = server.keyspace;
  const pubsub = new PubSub(new Admission(() => undefined), hasher, 3);
  const { client } = new DetachedClient(server);
  const { client: other } = new DetachedClient(server);
  const bytes = new Uint8Array([1, 2]);
  const name = (start: number) => ({ bytes, start, length: 1, hash: hasher.hash(bytes, start, 1) });
  pubsub.subscribe(client, pubsub.channels, name(0));
  pubsub.subscribe(client, pubsub.channels, name(0));
  pubsub.subscribe(other, pubsub.channels, name(0));
  pubsub.reserve(1);
  assertThrows(() => pubsub.reserve(2), Error, "ERR too many subscriptions");
  client.reset(client.db, client.reply, client.user, false);
  pubsub.reserve(2);
  other.ended();
  pubsub.reserve(3);
  assertEquals(pubsub.channels.size, 0);
});
