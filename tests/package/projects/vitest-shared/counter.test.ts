import { Redis } from "ioredis";
import { expect, inject, test } from "vitest";

test("a counter counts", async () => {
  const redis = new Redis(process.env.REDIS_URL!);
  expect(await redis.incr("counter.test:n")).toBe(1);
  expect(inject("redisUrl")).toBe(process.env.REDIS_URL);
  redis.disconnect();
});
