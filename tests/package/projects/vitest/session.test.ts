import { Redis } from "ioredis";
import { serve } from "ravel-server";
import { expect, test } from "vitest";

test("a session ends after half an hour", async () => {
  const server = await serve({ now: Date.UTC(2030, 0, 1) });
  const redis = new Redis(server.url);
  await redis.set("session:7", "ann", "EX", 1800);
  await server.advance(1_799_000);
  expect(await redis.ttl("session:7")).toBe(1);
  await server.advance(1000);
  expect(await redis.get("session:7")).toBeNull();
  await redis.quit();
  await server.stop();
});

test("a worker gives up when no job has come", async () => {
  const server = await serve({ now: 0 });
  const redis = new Redis(server.url);
  const job = redis.blpop("jobs", 60);
  await server.advance(60_000);
  expect(await job).toBeNull();
  await redis.quit();
  await server.stop();
});
