// The time of a server of a test: moved by hand, faked by the test, or a function of its own.

import { assertEquals } from "@std/assert";
import { serve } from "../../testing/mod.ts";
import { Peer } from "../harness/peer.ts";

const START_MS = 1_700_000_000_000;

Deno.test("time that stands still moves by advance alone, and exactly", async () => {
  await using server = await serve({ now: START_MS });
  using peer = await Peer.connect(server.port);
  const time = async () => (await peer.ask("TIME")).match(/\d{9,}/)?.[0];
  assertEquals(await time(), String(START_MS / 1000));
  await peer.ask("SET", "k", "v", "PX", "1500");
  await server.advance(1000);
  assertEquals(await time(), String(START_MS / 1000 + 1));
  assertEquals(await peer.ask("PTTL", "k"), ":500\r\n");
  await server.advance(499);
  assertEquals(await peer.ask("GET", "k"), "$1\r\nv\r\n");
  await server.advance(1);
  assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
});

Deno.test("keys and fields are gone, and told of, before advance settles", async () => {
  await using server = await serve({
    now: START_MS,
    directives: { "notify-keyspace-events": "KEA" },
  });
  using listener = await Peer.connect(server.port);
  await listener.ask("PSUBSCRIBE", "__keyevent@*__:*expired");
  using peer = await Peer.connect(server.port);
  for (let i = 0; i < 1000; i++) peer.queue("SET", `k${i}`, "v", "PX", String(1 + i));
  peer.queue("HSET", "h", "f", "1", "g", "2");
  peer.queue("HPEXPIRE", "h", "700", "FIELDS", "1", "f");
  await peer.flush();
  for (let i = 0; i < 1002; i++) await peer.receive();
  await server.advance(1000);
  // Nobody has asked for any of them.
  assertEquals(await peer.ask("DBSIZE"), ":1\r\n");
  assertEquals(await peer.ask("HLEN", "h"), ":1\r\n");
  const told = new Set<string>();
  for (let i = 0; i < 1001; i++) told.add(await listener.receive());
  assertEquals(told.size, 1001);
});

Deno.test("clients that wait are answered when their time has come", async () => {
  await using server = await serve({ now: START_MS });
  using waiting = await Peer.connect(server.port);
  using patient = await Peer.connect(server.port);
  using replica = await Peer.connect(server.port);
  // Sent, and not yet read by the server: advance has them carried out before the time moves.
  await waiting.send("BLPOP k 5\r\n");
  await patient.send("BLPOP k 10\r\n");
  await replica.send("WAIT 1 5000\r\n");
  await server.advance(4999);
  using peer = await Peer.connect(server.port);
  assertEquals((await peer.ask("INFO", "clients")).match(/blocked_clients:(\d)/)?.[1], "3");
  await server.advance(1);
  assertEquals((await peer.ask("INFO", "clients")).match(/blocked_clients:(\d)/)?.[1], "1");
  assertEquals(await waiting.receive(), "*-1\r\n");
  assertEquals(await replica.receive(), ":0\r\n");
  await server.advance(5000);
  assertEquals(await patient.receive(), "*-1\r\n");
});

Deno.test("a pause ends, and what waited for that is done before advance settles", async () => {
  await using server = await serve({ now: START_MS });
  using peer = await Peer.connect(server.port);
  using other = await Peer.connect(server.port);
  assertEquals(await other.ask("SET", "short", "v", "PX", "500"), "+OK\r\n");
  assertEquals(await peer.ask("CLIENT", "PAUSE", "1000", "WRITE"), "+OK\r\n");
  await other.send("INCR n\r\nINCR n\r\n");
  await server.advance(999);
  assertEquals(await peer.ask("GET", "n"), "$-1\r\n");
  await server.advance(1);
  assertEquals(await peer.ask("GET", "n"), "$1\r\n2\r\n");
  assertEquals(await peer.ask("DBSIZE"), ":1\r\n");
  assertEquals(await other.receive(), ":1\r\n");
});

Deno.test("clients that are silent for too long are dropped when that time has passed", async () => {
  await using server = await serve({ now: START_MS, directives: { timeout: "60" } });
  using peer = await Peer.connect(server.port);
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  await server.advance(60_001);
  assertEquals(await peer.receiveRest(), "");
});

Deno.test("a server that goes with the time of the system can be moved ahead of it", async () => {
  await using server = await serve();
  using peer = await Peer.connect(server.port);
  await peer.ask("SET", "k", "v", "EX", "3600");
  await server.advance(3_600_000);
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  const seconds = Number((await peer.ask("TIME")).match(/\d{9,}/)?.[0]);
  assertEquals(seconds - Math.floor(Date.now() / 1000) >= 3599, true);
});

Deno.test("a clock of the test's own is asked, and settled() lets happen what it says is due", async () => {
  let nowMs = START_MS;
  await using server = await serve({ now: () => nowMs });
  using peer = await Peer.connect(server.port);
  using waiting = await Peer.connect(server.port);
  await peer.ask("SET", "k", "v", "EX", "10");
  await waiting.send("BRPOP q 10\r\n");
  await server.settled();
  nowMs += 10_000;
  await server.settled();
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
  assertEquals(await waiting.receive(), "*-1\r\n");
});
