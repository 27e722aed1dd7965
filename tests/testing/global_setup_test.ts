// The global setups of vitest and jest, called as those call them.

import { assertEquals } from "@std/assert";
import setUpForVitest from "../../testing/vitest_setup.ts";
import { Peer } from "../harness/peer.ts";

Deno.test("vitest's setup tells where the server is and how to stop it", async () => {
  const provided = new Map<string, string>();
  const tearDown = await setUpForVitest({ provide: (key, value) => provided.set(key, value) });
  const { REDIS_URL, REDIS_HOST, REDIS_PORT } = Deno.env.toObject();
  assertEquals(REDIS_URL, `redis://${REDIS_HOST}:${REDIS_PORT}`);
  assertEquals(provided.get("redisUrl"), REDIS_URL);
  using peer = await Peer.connect(Number(REDIS_PORT));
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
  await tearDown();
});
