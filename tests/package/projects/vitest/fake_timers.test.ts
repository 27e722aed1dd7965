import { Redis } from "ioredis";
import { serve } from "ravel-server";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
});

test("keys expire by vitest's clock", async () => {
  const server = await serve();
  const redis = new Redis(server.url);
  vi.useFakeTimers();
  await redis.set("code", "1234", "EX", 300);
  vi.advanceTimersByTime(300_000);
  expect(await redis.get("code")).toBeNull();
  await redis.quit();
  await server.stop();
});
