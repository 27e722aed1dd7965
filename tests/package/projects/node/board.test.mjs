import assert from "node:assert/strict";
import { test } from "node:test";
import { Redis } from "ioredis";
import { serve } from "ravel-server";

test("the best three are on the board", async (t) => {
  const server = await serve();
  t.after(() => server.stop());
  const redis = new Redis(server.url);
  t.after(() => redis.disconnect());
  await redis.zadd("board", 10, "ann", 20, "bob", 15, "cy", 5, "dan");
  assert.deepEqual(await redis.zrange("board", "+inf", "-inf", "BYSCORE", "REV", "LIMIT", 0, 3), [
    "bob",
    "cy",
    "ann",
  ]);
});
