import { Redis } from "ioredis";
import { serve } from "@ravel/ravel/testing";

Deno.test("a visit is counted", async () => {
  await using server = await serve();
  const redis = new Redis(server.url);
  if (await redis.incr("visits") !== 1) throw new Error("it is not");
  await redis.quit();
});
