import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { RedisClient } from "bun";
import { serve, type TestServer } from "ravel-server";

let server: TestServer;
let redis: RedisClient;

beforeAll(async () => {
  server = await serve();
  redis = new RedisClient(server.url);
});
beforeEach(() => server.flush());
afterAll(async () => {
  redis.close();
  await server.stop();
});

test("a tag is there once", async () => {
  await redis.sadd("tags", "new");
  await redis.sadd("tags", "new");
  expect(await redis.smembers("tags")).toEqual(["new"]);
});
