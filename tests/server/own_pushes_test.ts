// What a transaction pushes to its own client: behind its reply, messages before invalidations.

import { assertEquals } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

Deno.test("a client's own messages come before word of the keys that it changed", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  await peer.ask("HELLO", "3");
  await peer.ask("CLIENT", "TRACKING", "ON");
  await peer.ask("SUBSCRIBE", "c");
  await peer.ask("GET", "k");
  await peer.ask("MULTI");
  for (const words of [["PUBLISH", "c", "1"], ["SET", "k", "v"], ["PUBLISH", "c", "2"]]) {
    assertEquals(await peer.ask(...words), "+QUEUED\r\n");
  }
  const message = (text: string): string => `>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\n${text}\r\n`;
  assertEquals(await peer.ask("EXEC"), "*3\r\n:1\r\n+OK\r\n:1\r\n");
  assertEquals(await peer.receive(), message("1"));
  assertEquals(await peer.receive(), message("2"));
  assertEquals(await peer.receive(), ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n");
  await peer.ask("GET", "k");
  await peer.ask("MULTI");
  await peer.ask("FLUSHALL");
  await peer.ask("PUBLISH", "c", "3");
  assertEquals(await peer.ask("EXEC"), "*2\r\n+OK\r\n:1\r\n");
  assertEquals(await peer.receive(), message("3"));
  assertEquals(await peer.receive(), ">2\r\n$10\r\ninvalidate\r\n_\r\n");
});
