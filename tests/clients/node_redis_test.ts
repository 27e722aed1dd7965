// node-redis, unchanged, in RESP2 and in RESP3.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { BasicClientSideCache, createClient, RESP_TYPES } from "redis";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

for (const RESP of [2, 3] as const) {
  const connect = (port: number, url = `redis://127.0.0.1:${port}`) =>
    createClient({ url, RESP }).on("error", () => {}).connect();

  Deno.test(`node-redis, RESP${RESP}: connects, stores and reads`, async () => {
    await using server = await serveQuietly();
    const client = await connect(server.address.port);
    assertEquals(await client.ping(), "PONG");
    assertEquals(await client.set("k", "värde"), "OK");
    assertEquals(await client.get("k"), "värde");
    assertEquals(await client.get("none"), null);
    assertEquals(await client.set("k", "new", { GET: true, KEEPTTL: true }), "värde");
    assertEquals(await client.set("k", "x", { condition: "NX" }), null);
    assertEquals(await client.expire("k", 100), 1);
    const left = await client.ttl("k");
    assert(left > 90 && left <= 100);
    assertEquals(await client.incrBy("n", 42), 42);
    assertEquals(await client.mSet({ a: "1", b: "2" }), "OK");
    assertEquals(await client.mGet(["a", "b", "none"]), ["1", "2", null]);
    assertEquals((await client.keys("*")).sort(), ["a", "b", "k", "n"]);
    assertEquals(await client.del(["a", "b", "none"]), 2);
    assertEquals(await client.type("k"), "string");
    await assertRejects(() => client.sendCommand(["NONSENSE"]), Error, "unknown command");
    await client.close();
  });

  Deno.test(`node-redis, RESP${RESP}: sorted sets`, async () => {
    await using server = await serveQuietly();
    const client = await connect(server.address.port);
    const members = [{ score: 1.5, value: "a" }, { score: Infinity, value: "b" }];
    assertEquals(await client.zAdd("z", members), 2);
    assertEquals(await client.zScore("z", "a"), 1.5);
    assertEquals(await client.zScore("z", "none"), null);
    assertEquals(await client.zRank("z", "b"), 1);
    assertEquals(await client.zRangeWithScores("z", 0, -1), [
      { value: "a", score: 1.5 },
      { value: "b", score: Infinity },
    ]);
    assertEquals(await client.zRange("z", "(1.5", "+inf", { BY: "SCORE" }), ["b"]);
    assertEquals(await client.zPopMin("z"), { value: "a", score: 1.5 });
    assertEquals(await client.zCard("z"), 1);
    assertEquals(await client.zRem("z", "b"), 1);
    await client.close();
  });

  Deno.test(`node-redis, RESP${RESP}: what it is told of the server`, async () => {
    await using server = await serveQuietly();
    const client = await connect(server.address.port);
    assert((await client.info("server")).includes("redis_version:7.2.4"));
    assertEquals(await client.configGet("maxclients"), { maxclients: "10000" });
    const commands = await client.commandInfo(["get"]);
    assertEquals(commands[0]?.name, "get");
    assertEquals(await client.commandGetKeys(["MSET", "a", "1", "b", "2"]), ["a", "b"]);
    const info = await client.clientInfo();
    assertEquals(info.libName, "node-redis");
    assertEquals(info.resp, RESP);
    await client.close();
  });

  Deno.test(`node-redis, RESP${RESP}: requests in one pipeline`, async () => {
    await using server = await serveQuietly();
    const client = await connect(server.address.port);
    const replies = await Promise.all(
      Array.from({ length: 5000 }, async (_, i) => {
        client.set(`key:${i}`, i).catch(() => {});
        return await client.get(`key:${i}`);
      }),
    );
    assertEquals(replies, Array.from({ length: 5000 }, (_, i) => String(i)));
    await client.close();
  });

  Deno.test(`node-redis, RESP${RESP}: database, password and name from the URL`, async () => {
    await using server = await serveQuietly({ directives: { requirepass: "sesame" } });
    const { port } = server.address;
    const fifth = await connect(port, `redis://default:sesame@127.0.0.1:${port}/5`);
    const first = await connect(port, `redis://:sesame@127.0.0.1:${port}`);
    await fifth.set("k", "five");
    assertEquals(await first.get("k"), null);
    await first.select(5);
    assertEquals(await first.get("k"), "five");
    const stranger = createClient({
      url: `redis://default:wrong@127.0.0.1:${port}`,
      RESP,
      socket: { reconnectStrategy: false },
    }).on("error", () => {});
    await assertRejects(() => stranger.connect(), Error, "WRONGPASS");
    await Promise.all([fifth.close(), first.close()]);
  });

  Deno.test(`node-redis, RESP${RESP}: bytes as they are`, async () => {
    await using server = await serveQuietly();
    const client = await connect(server.address.port);
    const { Buffer } = await import("node:buffer");
    const value = Buffer.alloc(2 * 1024 * 1024, 0xfe);
    assertEquals(await client.set("k", value), "OK");
    const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    assert(value.equals(await bytes.get("k") as Buffer));
    await client.close();
  });

  Deno.test(`node-redis, RESP${RESP}: scanIterator sees every key`, async () => {
    await using server = await serveQuietly();
    const client = await connect(server.address.port);
    const names = Array.from({ length: 500 }, (_, i) => `key:${i}`);
    await Promise.all(names.map((name) => client.set(name, "v")));
    const found = new Set<string>();
    for await (const keys of client.scanIterator({ MATCH: "key:*", COUNT: 50 })) {
      for (const key of keys) found.add(key);
    }
    assertEquals([...found].sort(), names.toSorted());
    await client.close();
  });

  Deno.test(`node-redis, RESP${RESP}: reconnects to a server that was restarted`, async () => {
    const first = await serveQuietly();
    const { port } = first.address;
    const client = await createClient({
      url: `redis://127.0.0.1:${port}/2`,
      RESP,
      socket: { reconnectStrategy: () => 10 },
    }).on("error", () => {}).connect();
    assertEquals(await client.set("k", "v"), "OK");
    await first.shutdown();
    await until("the loss is noticed", () => !client.isReady);
    await using second = await serveQuietly({ port });
    assertEquals(await client.get("k"), null);
    assertEquals(await client.set("k", "again"), "OK");
    assertEquals(second.keyspace.databases[2].size, 1);
    await client.close();
  });
}

Deno.test("node-redis: its client-side cache is right whoever changes a key", async () => {
  await using server = await serveQuietly();
  const url = `redis://127.0.0.1:${server.address.port}`;
  const cache = new BasicClientSideCache({ ttl: 0, maxEntries: 100, evictPolicy: "LRU" });
  const caching = await createClient({ url, RESP: 3, clientSideCache: cache }).on("error", () => {})
    .connect();
  const other = await createClient({ url, RESP: 3 }).on("error", () => {}).connect();
  await other.set("k", "1");
  assertEquals([await caching.get("k"), await caching.get("k")], ["1", "1"]);
  assertEquals(cache.stats().hitCount, 1);
  await other.set("k", "2");
  await until("the change is told", async () => await caching.get("k") === "2");
  await caching.set("k", "3");
  await until("its own is, too", async () => await caching.get("k") === "3");
  await other.hSet("h", "f", "v");
  assertEquals({ ...await caching.hGetAll("h") }, { f: "v" });
  await other.del("h");
  await until("the end of a key is told", async () => await caching.hExists("h", "f") === 0);
  await other.flushAll();
  await until("a flush is told", async () => await caching.get("k") === null);
  await caching.close();
  await other.close();
});
