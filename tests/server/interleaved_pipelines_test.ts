// A pipeline whose replies fill the socket is interrupted in the middle of its batch, and other
// clients are served meanwhile. What is left of it must still be its own requests.

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

/** More than the sockets of both ends hold. */
const VALUE_BYTES = 32 * 1024 * 1024;

Deno.test("a pipeline that waits for its reader goes on with its own requests", async () => {
  await using server = await serveQuietly();
  using slow = await Peer.connect(server.address.port);
  using other = await Peer.connect(server.address.port);
  assertEquals(await slow.ask("SET", "large", "x".repeat(VALUE_BYTES)), "+OK\r\n");
  assertEquals(await slow.ask("SET", "mine", "slow"), "+OK\r\n");
  slow.queue("GET", "large");
  for (let i = 0; i < 8; i++) slow.queue("GET", "mine");
  slow.queue("INCR", "count");
  await slow.flush();
  // Nobody reads yet, so the first reply is stuck; the other client's pipeline runs in between.
  for (let i = 0; i < 10; i++) other.queue("SET", `other${i}`, "theirs");
  await other.flush();
  for (let i = 0; i < 10; i++) assertEquals(await other.receive(), "+OK\r\n");
  assertEquals((await slow.receive()).length, VALUE_BYTES + `$${VALUE_BYTES}\r\n\r\n`.length);
  for (let i = 0; i < 8; i++) assertEquals(await slow.receive(), "$4\r\nslow\r\n");
  assertEquals(await slow.receive(), ":1\r\n");
  server.keyspace.arena.verify();
});
