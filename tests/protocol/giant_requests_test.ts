/** Requests of more than 1,048,576 arguments, as a server carries them out. */

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { flushAndDrain, serveQuietly } from "../harness/quiet_server.ts";

/** A request of any number of words, which a call's arguments could not hold. */
function request(...lists: readonly (readonly string[])[]): string {
  const count = lists.reduce((sum, words) => sum + words.length, 0);
  const words = lists.map((list) => list.map((word) => `$${word.length}\r\n${word}\r\n`).join(""));
  return `*${count}\r\n${words.join("")}`;
}

Deno.test("requests of more than a million arguments are served, and leave nothing behind", async () => {
  await using server = await serveQuietly();
  const { arena } = server.keyspace;
  const bytesAtStart = arena.usedBytes;
  using peer = await Peer.connect(server.address.port);

  const elements = Array.from({ length: 1_100_000 }, (_, i) => String(i % 1000));
  await peer.send(request(["RPUSH", "list"], elements));
  assertEquals(await peer.receive(), ":1100000\r\n");
  assertEquals(await peer.ask("LINDEX", "list", "1048577"), "$3\r\n577\r\n");
  assertEquals(await peer.ask("LINDEX", "list", "-1"), "$3\r\n999\r\n");

  const pairs = Array.from({ length: 2_000_000 }, (_, i) => i % 2 === 0 ? `k${i / 2}` : "v");
  // A request before and one behind it, in one pipeline.
  await peer.send(request(["PING"]) + request(["MSET"], pairs) + request(["DBSIZE"]));
  assertEquals(await peer.receive(), "+PONG\r\n");
  assertEquals(await peer.receive(), "+OK\r\n");
  assertEquals(await peer.receive(), ":1000001\r\n");
  assertEquals(await peer.ask("GET", "k999999"), "$1\r\nv\r\n");

  arena.verify();
  await flushAndDrain(server);
  assertEquals(arena.usedBytes, bytesAtStart);
});
