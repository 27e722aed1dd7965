import { Redis } from "ioredis";
import { serve, type TestServer } from "ravel-server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

let server: TestServer;
let redis: Redis;

beforeAll(async () => {
  server = await serve();
  redis = new Redis(server.url);
});
beforeEach(() => server.flush());
afterAll(async () => {
  await redis.quit();
  await server.stop();
});

test("a cart keeps what is put into it", async () => {
  await redis.hset("cart:7", "apples", 3);
  expect(await redis.hgetall("cart:7")).toEqual({ apples: "3" });
});

test("the next test begins with nothing", async () => {
  expect(await redis.dbsize()).toBe(0);
});
