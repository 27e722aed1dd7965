// ioredis, unchanged. Its own ready check reads INFO before the first command goes out.

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Redis } from "ioredis";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

/** Leaves politely and waits until its socket is gone. */
async function leave(redis: Redis): Promise<void> {
  const ended = new Promise((resolve) => redis.once("end", resolve));
  await redis.quit();
  await ended;
}

Deno.test("ioredis: connects, is ready, stores and reads", async () => {
  await using server = await serveQuietly();
  const redis = new Redis({ port: server.address.port, host: "127.0.0.1" });
  assertEquals(await redis.ping(), "PONG");
  assertEquals(redis.status, "ready");
  assertEquals(await redis.set("k", "värde"), "OK");
  assertEquals(await redis.get("k"), "värde");
  assertEquals(await redis.getBuffer("k"), await redis.getBuffer("k"));
  assertEquals(await redis.get("none"), null);
  assertEquals(await redis.set("k", "other", "EX", 100, "NX"), null);
  assertEquals(await redis.expire("k", 100), 1);
  const left = await redis.ttl("k");
  assert(left > 90 && left <= 100);
  assertEquals(await redis.incrby("n", 41), 41);
  assertEquals(await redis.incr("n"), 42);
  assertEquals(await redis.mset({ a: "1", b: "2" }), "OK");
  assertEquals(await redis.mget("a", "b", "none"), ["1", "2", null]);
  assertEquals((await redis.keys("*")).sort(), ["a", "b", "k", "n"]);
  assertEquals(await redis.del("a", "b", "none"), 2);
  await assertRejects(() => redis.call("NONSENSE"), Error, "unknown command");
  await leave(redis);
});

Deno.test("ioredis: sorted sets", async () => {
  await using server = await serveQuietly();
  const redis = new Redis({ port: server.address.port, host: "127.0.0.1" });
  assertEquals(await redis.zadd("board", 10, "ann", 20, "bob", 15, "cy"), 3);
  assertEquals(await redis.zscore("board", "cy"), "15");
  assertEquals(await redis.zrank("board", "bob"), 2);
  assertEquals(await redis.zrange("board", 0, "-1"), ["ann", "cy", "bob"]);
  assertEquals(
    await redis.zrange("board", "(10", "+inf", "BYSCORE", "LIMIT", 0, 1, "WITHSCORES"),
    ["cy", "15"],
  );
  assertEquals(await redis.zpopmin("board"), ["ann", "10"]);
  assertEquals(await redis.zcard("board"), 2);
  assertEquals(await redis.zrem("board", "bob", "cy"), 2);
  assertEquals(await redis.exists("board"), 0);
  await leave(redis);
});

Deno.test("ioredis: pipelines answer in order, errors among them", async () => {
  await using server = await serveQuietly();
  const redis = new Redis({ port: server.address.port, host: "127.0.0.1" });
  const pipeline = redis.pipeline();
  for (let i = 0; i < 5000; i++) pipeline.set(`key:${i}`, i).get(`key:${i}`);
  pipeline.set("text", "abc").incr("text").get("text");
  const results = (await pipeline.exec())!;
  assertEquals(results.length, 10_003);
  for (let i = 0; i < 5000; i++) {
    assertEquals(results[2 * i], [null, "OK"]);
    assertEquals(results[2 * i + 1], [null, String(i)]);
  }
  const [error] = results[10_001];
  assertStringIncludes(String(error), "value is not an integer or out of range");
  assertEquals(results[10_002], [null, "abc"]);
  await leave(redis);
});

Deno.test("ioredis: commands sent at once on several connections", async () => {
  await using server = await serveQuietly();
  const options = { port: server.address.port, host: "127.0.0.1", enableAutoPipelining: true };
  const clients = Array.from({ length: 10 }, () => new Redis(options));
  await Promise.all(
    clients.flatMap((redis) => Array.from({ length: 100 }, () => redis.incr("counter"))),
  );
  assertEquals(await clients[0].get("counter"), "1000");
  await Promise.all(clients.map(leave));
});

Deno.test("ioredis: the db option, SELECT, a password and a name", async () => {
  await using server = await serveQuietly({ directives: { requirepass: "sesame" } });
  const { port } = server.address;
  const options = { port, host: "127.0.0.1", password: "sesame" };
  const third = new Redis({ ...options, db: 3, connectionName: "third" });
  const first = new Redis(options);
  await third.set("k", "three");
  assertEquals(await first.get("k"), null);
  assertEquals(await first.select(3), "OK");
  assertEquals(await first.get("k"), "three");
  assertEquals(await third.client("GETNAME"), "third");
  assertStringIncludes(String(await third.client("LIST")), "name=third");
  const stranger = new Redis({ port, host: "127.0.0.1", lazyConnect: true, retryStrategy: null });
  const errors: string[] = [];
  stranger.on("error", (error) => errors.push(String(error)));
  await assertRejects(() => stranger.connect());
  assertStringIncludes(errors.join("\n"), "NOAUTH");
  await Promise.all([leave(first), leave(third)]);
});

Deno.test("ioredis: binary keys and values, and a large one", async () => {
  await using server = await serveQuietly();
  const redis = new Redis({ port: server.address.port, host: "127.0.0.1" });
  const { Buffer } = await import("node:buffer");
  const key = Buffer.from([0, 255, 13, 10, 36]);
  const value = Buffer.alloc(3 * 1024 * 1024, 0xfe);
  assertEquals(await redis.set(key, value), "OK");
  assert((await redis.getBuffer(key))!.equals(value));
  await leave(redis);
});

Deno.test("ioredis: scanStream sees every key", async () => {
  await using server = await serveQuietly();
  const redis = new Redis({ port: server.address.port, host: "127.0.0.1" });
  const names = Array.from({ length: 500 }, (_, i) => `key:${i}`);
  await redis.mset(names.flatMap((name) => [name, "v"]));
  const found = new Set<string>();
  for await (const keys of redis.scanStream({ match: "key:*", count: 50 })) {
    for (const key of keys) found.add(key);
  }
  assertEquals([...found].sort(), names.toSorted());
  await leave(redis);
});

Deno.test("ioredis: reconnects to a server that was restarted, into its database", async () => {
  const first = await serveQuietly();
  const { port } = first.address;
  const redis = new Redis({ port, host: "127.0.0.1", db: 2, retryStrategy: () => 10 });
  redis.on("error", () => {});
  assertEquals(await redis.set("k", "v"), "OK");
  await first.shutdown();
  await until("the loss is noticed", () => redis.status !== "ready");
  await using second = await serveQuietly({ port });
  assertEquals(await redis.get("k"), null);
  assertEquals(await redis.set("k", "again"), "OK");
  assertEquals(second.keyspace.databases[2].size, 1);
  await leave(redis);
});
