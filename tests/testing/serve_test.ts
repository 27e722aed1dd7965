// The API for tests, used as a test uses it.

import { assertEquals, assertRejects } from "@std/assert";
import { serve } from "../../testing/mod.ts";
import { Peer } from "../harness/peer.ts";

Deno.test("a server of a test answers at its url and is gone after its block", async () => {
  let port: number;
  {
    await using server = await serve();
    port = server.port;
    assertEquals(server.url, `redis://127.0.0.1:${port}`);
    assertEquals(server.host, "127.0.0.1");
    using peer = await Peer.connect(port);
    assertEquals(await peer.ask("SET", "k", "v"), "+OK\r\n");
    await server.flush();
    assertEquals(await peer.ask("GET", "k"), "$-1\r\n");
  }
  await assertRejects(() => Peer.connect(port), Deno.errors.ConnectionRefused);
});

Deno.test("a test of a TTL does not wait", async () => {
  await using server = await serve({ now: 1_700_000_000_000 });
  using peer = await Peer.connect(server.port);
  await peer.ask("SET", "k", "v", "EX", "60");
  await server.advance(59_999);
  assertEquals(await peer.ask("PTTL", "k"), ":1\r\n");
  await server.advance(1);
  assertEquals(await peer.ask("DBSIZE"), ":0\r\n");
});

Deno.test("time does not go back", async () => {
  await using server = await serve();
  for (const ms of [-1, NaN, Infinity]) await assertRejects(() => server.advance(ms), RangeError);
});
