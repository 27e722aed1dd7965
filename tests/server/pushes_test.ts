// Messages that others send to a client: behind the reply under way, in one piece each, in every
// dialect, whether the client pipelines, does not read, or is being written to. Every byte is checked.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { register } from "../../commands/registry.ts";
import { Push } from "../../server/execution/push.ts";
import type { Server } from "../../server/mod.ts";
import { NativePeer } from "../harness/native_peer.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

register({
  name: "pushto",
  arity: -4,
  complexity: "O(N)",
  group: "module",
  since: "1.0.0",
  summary: "For this test: sends a text of so many bytes to clients, and answers how many got it.",
  flags: [],
  run(call) {
    const { args, count, reply, server } = call;
    const text = args.text(1).padEnd(call.integer(2), "x");
    const push = new Push((writer) => {
      writer.push(2);
      writer.bulk("message");
      writer.bulk(text);
    });
    // The array begins before the pushes do: they may go to the one who asks.
    reply.array(count - 3);
    for (let i = 3; i < count; i++) {
      server.clients.get(call.integer(i))?.push(push);
      reply.integer(call.integer(i));
    }
  },
});

function message(text: string, protocol: 2 | 3): string {
  return `${protocol === 3 ? ">" : "*"}2\r\n$7\r\nmessage\r\n$${text.length}\r\n${text}\r\n`;
}

async function subscriber(
  server: Server,
  protocol: 2 | 3,
): Promise<{ peer: Peer; id: string }> {
  const peer = await Peer.connect(server.address.port);
  if (protocol === 3) await peer.ask("HELLO", "3");
  return { peer, id: (await peer.ask("CLIENT", "ID")).slice(1).trim() };
}

for (const protocol of [2, 3] as const) {
  Deno.test(`RESP${protocol}: a client that waits gets each message at once`, async () => {
    await using server = await serveQuietly();
    const { peer, id } = await subscriber(server, protocol);
    using _peer = peer;
    using sender = await Peer.connect(server.address.port);
    for (const size of [1, 100, 5000, 3_000_000]) {
      assertEquals(await sender.ask("PUSHTO", "a", String(size), id), `*1\r\n:${id}\r\n`);
      assertEquals(await peer.receive(), message("a".padEnd(size, "x"), protocol));
    }
    await until("its buffers are given back", () =>
      server.clients.get(Number(id))!.transport
        .outputCapacity === 0);
  });

  Deno.test(`RESP${protocol}: a message to oneself goes behind one's own reply`, async () => {
    await using server = await serveQuietly();
    const { peer, id } = await subscriber(server, protocol);
    using _peer = peer;
    peer.queue("PUSHTO", "a", "1", id, id);
    peer.queue("PING");
    peer.queue("PUSHTO", "b", "1", id);
    await peer.flush();
    const expected = [
      `*2\r\n:${id}\r\n:${id}\r\n`,
      message("a", protocol),
      message("a", protocol),
      "+PONG\r\n",
      `*1\r\n:${id}\r\n`,
      message("b", protocol),
    ];
    for (const reply of expected) assertEquals(await peer.receive(), reply);
  });

  Deno.test(`RESP${protocol}: messages into a pipeline that is under way tear nothing`, async () => {
    await using server = await serveQuietly();
    const { peer, id } = await subscriber(server, protocol);
    using _peer = peer;
    using sender = await Peer.connect(server.address.port);
    const value = "v".repeat(20_000);
    await sender.ask("SET", "k", value);
    const gets = 1000;
    const pushes = 300;
    for (let i = 0; i < gets; i++) peer.queue("GET", "k");
    for (let i = 0; i < pushes; i++) sender.queue("PUSHTO", `m${i}-`, String(10 + i * 7), id);
    const reply = `$${value.length}\r\n${value}\r\n`;
    const sending = Promise.all([peer.flush(), sender.flush()]);
    let replies = 0;
    let messages = 0;
    while (replies < gets || messages < pushes) {
      const got = await peer.receive();
      if (got === reply) replies++;
      else {
        assertEquals(got, message(`m${messages}-`.padEnd(10 + messages * 7, "x"), protocol));
        messages++;
      }
    }
    await sending;
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  });

  Deno.test(`RESP${protocol}: a client that does not read gets all of it later`, async () => {
    await using server = await serveQuietly();
    const { peer, id } = await subscriber(server, protocol);
    using _peer = peer;
    using sender = await Peer.connect(server.address.port);
    const size = 100_000;
    const pushes = 200;
    for (let i = 0; i < pushes; i++) {
      assertEquals(await sender.ask("PUSHTO", `m${i}-`, String(size), id), `*1\r\n:${id}\r\n`);
    }
    const { transport } = server.clients.get(Number(id))!;
    assert(transport.outputBytes > 1_000_000, `${transport.outputBytes} bytes wait`);
    for (let i = 0; i < pushes; i++) {
      assertEquals(await peer.receive(), message(`m${i}-`.padEnd(size, "x"), protocol));
    }
    assertEquals(await peer.ask("PING"), "+PONG\r\n");
  });
}

Deno.test("native: messages are frames of their own, between replies", async () => {
  await using server = await serveQuietly();
  using peer = await NativePeer.connect(server.address.port);
  const id = await peer.ask("CLIENT", "ID") as bigint | number;
  using sender = await Peer.connect(server.address.port);
  await sender.ask("PUSHTO", "a", "2000", String(id));
  const decoder = new TextDecoder();
  const texts = (value: unknown) => (value as Uint8Array[]).map((bytes) => decoder.decode(bytes));
  assertEquals(texts(await peer.receive()), ["message", "a".padEnd(2000, "x")]);
  peer.queue(["PUSHTO", "b", "1", String(id)]);
  peer.queue(["PING"]);
  await peer.flush();
  assertEquals(String(await peer.receive()), String([id]));
  assertEquals(texts(await peer.receive()), ["message", "b"]);
  await peer.receive();
});

Deno.test("a message is encoded once for each dialect, however many get it", async () => {
  await using server = await serveQuietly();
  let written = 0;
  const push = new Push((writer) => {
    written++;
    writer.push(1);
    writer.bulk("once");
  });
  const { resp2, resp3, native } = server.dialects;
  for (const writer of [resp2, resp3, native, resp2, resp3, native]) push.bytesFor(writer);
  assertEquals(written, 3);
  assert(push.bytesFor(resp2) === push.bytesFor(resp2));
});

Deno.test("who reads nothing is dropped at the limit of its class; who reads is not", async () => {
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "normal 1000000 0 0 pubsub 20000000 0 0" },
  });
  const slow = await subscriber(server, 3);
  const roomy = await subscriber(server, 3);
  using _slow = slow.peer;
  using _roomy = roomy.peer;
  server.clients.get(Number(roomy.id))!.outputClass = "pubsub";
  using sender = await Peer.connect(server.address.port);
  for (let i = 0; i < 100 && server.clients.get(Number(slow.id)) !== undefined; i++) {
    await sender.ask("PUSHTO", `m${i}-`, "200000", slow.id, roomy.id);
  }
  assertEquals(server.clients.get(Number(slow.id)), undefined);
  assertEquals(server.stats.outputLimitDisconnections, 1);
  assert(server.clients.get(Number(roomy.id)) !== undefined);
  assertEquals(await roomy.peer.receive(), message("m0-".padEnd(200_000, "x"), 3));
});

Deno.test("messages that wait behind a reply count, too", async () => {
  await using server = await serveQuietly({
    directives: { "client-output-buffer-limit": "normal 1010000 0 0" },
  });
  const { peer, id } = await subscriber(server, 3);
  using _peer = peer;
  const client = server.clients.get(Number(id))!;
  const push = new Push((writer) => writer.bulk("x".repeat(200_000)));
  // As while a reply is sent in pieces to who does not read it.
  client.isReplying = true;
  for (let i = 0; i < 5; i++) client.push(push);
  assert(client.memoryBytes > 1_000_000);
  assertEquals(server.clients.size, 1);
  client.push(push);
  assertEquals(server.clients.size, 0);
  client.push(push);
  assertEquals([client.unsentBytes, server.stats.outputLimitDisconnections], [0, 1]);
});

Deno.test("a message that cannot be written leaves nothing to the next", async () => {
  await using server = await serveQuietly();
  const { resp2 } = server.dialects;
  const broken = new Push((writer) => {
    writer.bulk("half of");
    throw new Error("cannot be written");
  });
  assertThrows(() => broken.bytesFor(resp2), Error, "cannot be written");
  const whole = new Push((writer) => writer.bulk("whole")).bytesFor(resp2);
  assertEquals(new TextDecoder().decode(whole), "$5\r\nwhole\r\n");
});

Deno.test("a limit does not count the first 16 KiB, so that it can be taken back", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const set = ["CONFIG", "SET", "client-output-buffer-limit"];
  assertEquals(await peer.ask(...set, "normal 1 1 1"), "+OK\r\n");
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  assertEquals(await peer.ask("ECHO", "x".repeat(10_000)), `$10000\r\n${"x".repeat(10_000)}\r\n`);
  assertEquals(await peer.ask(...set, "normal 0 0 0"), "+OK\r\n");
});
