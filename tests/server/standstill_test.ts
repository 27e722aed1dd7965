// While a command waits for the system nobody else is served. Here a setting takes as long to take
// effect as the test likes.

import { assertEquals } from "@std/assert";
import type { Server } from "../../server/mod.ts";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

/** Has a change of `hz` wait until it is let go, or refused with a text. */
function gate(server: Server): (refusal?: string) => void {
  let open: (refusal?: string) => void = () => {};
  server.config.onApply("hz", () => new Promise((resolve) => open = resolve));
  return (refusal) => open(refusal);
}

function held(server: Server, count: number): Promise<void> {
  return until(`${count} clients wait`, () => server.pause.postponedClients === count);
}

function waits(server: Server): Promise<void> {
  return until("a command waits", () => server.pause.isTotal);
}

Deno.test("others are served once the command is done, in the order of their coming", async () => {
  await using server = await serveQuietly();
  const open = gate(server);
  using peer = await Peer.connect(server.address.port);
  using first = await Peer.connect(server.address.port);
  using second = await Peer.connect(server.address.port);
  const changed = peer.ask("CONFIG", "SET", "hz", "20");
  await waits(server);
  const asked = [first.ask("RPUSH", "l", "1")];
  await held(server, 1);
  asked.push(second.ask("RPUSH", "l", "2"));
  await held(server, 2);
  open();
  assertEquals(await changed, "+OK\r\n");
  assertEquals(await Promise.all(asked), [":1\r\n", ":2\r\n"]);
  assertEquals([server.config.hz, server.pause.isTotal], [20, false]);
});

Deno.test("a transaction that waits is one step to everybody else", async () => {
  await using server = await serveQuietly();
  const open = gate(server);
  using peer = await Peer.connect(server.address.port);
  using witness = await Peer.connect(server.address.port);
  for (const words of [["MULTI"], ["SET", "k", "1", "PX", "1"], ["CONFIG", "SET", "hz", "20"]]) {
    await peer.ask(...words);
  }
  await peer.ask("INCR", "k");
  await peer.ask("CONFIG", "SET", "hz", "30");
  await peer.ask("EVAL", "return redis.call('INCR', KEYS[1])", "1", "k");
  const done = peer.ask("EXEC");
  await waits(server);
  const seen = witness.ask("MGET", "k", "other");
  await held(server, 1);
  // Between the two waits there is no moment for others either.
  open();
  await until("hz is 30", () => server.config.hz === 30);
  assertEquals(server.pause.isTotal, true);
  open("no");
  const refusal = "-ERR CONFIG SET failed (possibly related to argument 'hz') - no\r\n";
  // To put it back takes as long.
  await until("hz is put back", () => server.config.hz === 20);
  open();
  assertEquals(await done, `*5\r\n+OK\r\n+OK\r\n:2\r\n${refusal}:3\r\n`);
  await seen;
  assertEquals(await witness.ask("CONFIG", "GET", "hz"), "*2\r\n$2\r\nhz\r\n$2\r\n20\r\n");
});

Deno.test("nothing is left behind by a client that goes while its command waits", async () => {
  await using server = await serveQuietly();
  const open = gate(server);
  using other = await Peer.connect(server.address.port);
  {
    using peer = await Peer.connect(server.address.port);
    peer.queue("CONFIG", "SET", "hz", "20");
    await peer.flush();
    await waits(server);
  }
  await until("the client is gone", () => server.clients.size === 1);
  const reply = other.ask("PING");
  await held(server, 1);
  open();
  assertEquals(await reply, "+PONG\r\n");
  assertEquals(server.config.hz, 20);
});

Deno.test("a script that becomes busy behind the wait of its transaction holds nobody for good", async () => {
  await using server = await serveQuietly({ directives: { "busy-reply-threshold": "1" } });
  const open = gate(server);
  using peer = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  await peer.ask("MULTI");
  await peer.ask("CONFIG", "SET", "hz", "20");
  await peer.ask("EVAL", "while true do end", "0");
  const done = peer.ask("EXEC");
  await waits(server);
  open();
  await until("the script is busy", () => server.scripting.isBusy);
  assertEquals((await other.ask("PING")).slice(0, 5), "-BUSY");
  assertEquals(await other.ask("SCRIPT", "KILL"), "+OK\r\n");
  assertEquals((await done).startsWith("*2\r\n+OK\r\n-"), true);
  assertEquals(await other.ask("PING"), "+PONG\r\n");
});

Deno.test("a server that stops does not wait for the command", async () => {
  const server = await serveQuietly();
  const open = gate(server);
  using peer = await Peer.connect(server.address.port);
  const reply = peer.ask("CONFIG", "SET", "hz", "20").catch(() => "gone");
  await waits(server);
  const stopped = server.shutdown();
  open();
  await stopped;
  assertEquals(["+OK\r\n", "gone"].includes(await reply), true);
});
