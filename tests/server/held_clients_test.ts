// Clients that are held, as those are that wait for something: their requests wait, what they are
// sent does not, and their end is noticed.

import { assert, assertEquals } from "@std/assert";
import { register } from "../../commands/registry.ts";
import { Push } from "../../server/execution/push.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

register({
  name: "holdme",
  arity: 1,
  complexity: "O(1)",
  group: "module",
  since: "1.0.0",
  summary: "For this test: answers, and lets the client's further requests wait.",
  flags: [],
  run({ client, reply }) {
    client.hold();
    reply.integer(client.id);
  },
});

async function heldClient(port: number) {
  const peer = await Peer.connect(port);
  const id = Number((await peer.ask("HOLDME")).slice(1));
  return { peer, id };
}

Deno.test("requests behind a hold wait, in their order, and those that come later behind them", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  const long = "x".repeat(20_000);
  peer.queue("SET", "k", "1");
  peer.queue("HOLDME");
  peer.queue("INCR", "k");
  peer.queue("ECHO", long);
  await peer.flush();
  assertEquals(await peer.receive(), "+OK\r\n");
  const id = Number((await peer.receive()).slice(1));
  const client = server.clients.get(id)!;
  peer.queue("GET", "k");
  peer.queue("ECHO", long);
  await peer.flush();
  peer.queue("PING");
  await peer.flush();
  await until("all of it has come", () => client.transport.inputBytes >= 2 * long.length);
  assertEquals(await other.ask("GET", "k"), "$1\r\n1\r\n");
  client.release();
  assertEquals(await peer.receive(), ":2\r\n");
  assertEquals(await peer.receive(), `$20000\r\n${long}\r\n`);
  assertEquals(await peer.receive(), "$1\r\n2\r\n");
  assertEquals(await peer.receive(), `$20000\r\n${long}\r\n`);
  assertEquals(await peer.receive(), "+PONG\r\n");
  // And once more, with the read pending that began while it was held.
  assertEquals(await peer.ask("HOLDME"), `:${id}\r\n`);
  client.release();
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  assertEquals(await peer.ask("ECHO", long), `$20000\r\n${long}\r\n`);
});

Deno.test("two holds need two releases", async () => {
  await using server = await serveQuietly();
  const { peer, id } = await heldClient(server.address.port);
  using _peer = peer;
  const client = server.clients.get(id)!;
  client.hold();
  peer.queue("PING");
  await peer.flush();
  await until("it has come", () => client.transport.inputBytes > 0);
  client.release();
  using other = await Peer.connect(server.address.port);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
  assertEquals(client.transport.outputBytes, 0);
  client.release();
  assertEquals(await peer.receive(), "+PONG\r\n");
});

Deno.test("a client that is held is sent messages", async () => {
  await using server = await serveQuietly();
  const { peer, id } = await heldClient(server.address.port);
  using _peer = peer;
  const client = server.clients.get(id)!;
  const push = new Push((writer) => writer.bulk("hello"));
  client.push(push);
  assertEquals(await peer.receive(), "$5\r\nhello\r\n");
  client.push(push);
  client.release();
  peer.queue("PING");
  await peer.flush();
  assertEquals(await peer.receive(), "$5\r\nhello\r\n");
  assertEquals(await peer.receive(), "+PONG\r\n");
});

Deno.test("the end of a client that is held is noticed, and an unread request with it", async () => {
  await using server = await serveQuietly();
  const { peer, id } = await heldClient(server.address.port);
  await peer.send("*1\r\n$4\r\nPI");
  peer[Symbol.dispose]();
  await until("it is gone", () => server.clients.get(id) === undefined);
  // Killed and shut down while held: nothing stays behind, as the end of the test sees.
  const killed = await heldClient(server.address.port);
  using _killed = killed.peer;
  using other = await Peer.connect(server.address.port);
  assertEquals(await other.ask("CLIENT", "KILL", "ID", String(killed.id)), ":1\r\n");
  assertEquals(await killed.peer.receiveRest(), "");
  const left = await heldClient(server.address.port);
  using _left = left.peer;
  await server.shutdown();
  assertEquals(await left.peer.receiveRest(), "");
});

Deno.test("what comes while a client is held is bounded", async () => {
  await using server = await serveQuietly({
    directives: { "client-query-buffer-limit": "1mb" },
  });
  const { peer, id } = await heldClient(server.address.port);
  using _peer = peer;
  const megabytes = new Uint8Array(3 * 1024 * 1024).fill(0x61);
  await peer.send(megabytes).catch(() => {});
  await until("it is dropped", () => server.clients.get(id) === undefined);
  assertEquals(server.stats.inputLimitDisconnections, 1);
});

Deno.test("the end of a client that is held waits for its messages, and for no more", async () => {
  await using server = await serveQuietly();
  const { peer, id } = await heldClient(server.address.port);
  using _peer = peer;
  const client = server.clients.get(id)!;
  const text = "x".repeat(20_000_000);
  client.push(new Push((writer) => writer.bulk(text)));
  await until("it is being sent", () => client.transport.outputBytes < text.length);
  client.transport.finish();
  assert(await peer.receive() === `$${text.length}\r\n${text}\r\n`);
  assertEquals(await peer.receiveRest(), "");
});

Deno.test("a client is killed: what it had asked for is not carried out any more", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  const [client] = server.clients;
  // Each is more output than is sent at once, so that there are turns in between.
  await other.ask("SET", "long", "x".repeat(2_000_000));
  for (let i = 0; i < 500; i++) {
    peer.queue("GET", "long");
    peer.queue("INCR", "done");
  }
  await peer.flush();
  const reading = peer.receiveRest().catch(() => {});
  await until("some of it is done", async () => await other.ask("GET", "done") !== "$-1\r\n");
  client.transport.close();
  const done = await other.ask("GET", "done");
  await reading;
  for (let i = 0; i < 20; i++) assertEquals(await other.ask("GET", "done"), done);
});
