// Sessions of users as applications keep them without a package: a hash or a string each, that lives
// as long as it is used, and a set of what each user has open.

import { assert, assertEquals } from "@std/assert";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { onEitherServer } from "../harness/either_server.ts";
import { until } from "../harness/until.ts";

onEitherServer("sessions in hashes, on ioredis", async (port) => {
  const redis = new Redis({ port, host: "127.0.0.1", keyPrefix: "app:" });
  const open = async (id: string, user: string) => {
    await redis.multi()
      .hset(`session:${id}`, { user, visits: 0, cart: JSON.stringify(["ä"]) })
      .expire(`session:${id}`, 1000)
      .sadd(`sessions:${user}`, id)
      .exec();
  };
  const visit = async (id: string) => {
    const results = await redis.pipeline()
      .hincrby(`session:${id}`, "visits", 1)
      .expire(`session:${id}`, 2000, "GT")
      .hgetall(`session:${id}`)
      .exec();
    return results?.map(([error, value]) => error ?? value);
  };
  await open("one", "ann");
  await open("two", "ann");
  await open("three", "bob");
  assertEquals(await visit("one"), [1, 1, { user: "ann", visits: "1", cart: '["ä"]' }]);
  assert(await redis.ttl("session:one") > 1900);
  assertEquals(await redis.hmget("session:two", "user", "nothing"), ["ann", null]);
  assertEquals(await redis.hsetnx("session:two", "user", "eve"), 0);
  assertEquals(await redis.hdel("session:two", "cart", "nothing"), 1);
  // Out of all sessions of a user at once.
  const ids = await redis.smembers("sessions:ann");
  assertEquals(ids.sort(), ["one", "two"]);
  assertEquals(await redis.del(...ids.map((id) => `session:${id}`), "sessions:ann"), 3);
  assertEquals(await redis.exists("session:one", "session:three"), 1);
  // What has ended leaves the index when that is looked through.
  await redis.pexpire("session:three", 1);
  await until("the session has ended", async () => await redis.exists("session:three") === 0);
  for (const id of await redis.smembers("sessions:bob")) {
    if (await redis.exists(`session:${id}`) === 0) await redis.srem("sessions:bob", id);
  }
  assertEquals(await redis.exists("sessions:bob"), 0);
  redis.disconnect();
});

onEitherServer(
  "sessions in strings that live as long as they are read, on node-redis",
  async (port) => {
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).on("error", () => {})
      .connect();
    const value = JSON.stringify({ user: "Ünal", at: 1 });
    assertEquals(await client.set("s:1", value, { EX: 100, NX: true }), "OK");
    assertEquals(await client.set("s:1", "{}", { EX: 100, NX: true }), null);
    assertEquals(await client.getEx("s:1", { type: "EX", value: 500 }), value);
    const left = await client.ttl("s:1");
    assert(left > 400 && left <= 500, `${left}`);
    assertEquals(await client.set("s:1", "new", { KEEPTTL: true, GET: true, XX: true }), value);
    assert(await client.ttl("s:1") > 400);
    for (let i = 2; i <= 200; i++) await client.set(`s:${i}`, value, { PX: 500_000 });
    await client.set("other", "x");
    let found = 0;
    for await (const keys of client.scanIterator({ MATCH: "s:*", COUNT: 7, TYPE: "string" })) {
      found += keys.length;
    }
    assertEquals(found, 200);
    assertEquals(await client.getDel("s:1"), "new");
    assertEquals(await client.mGet(["s:1", "s:2", "other"]), [null, value, "x"]);
    assertEquals(await client.expireAt("s:2", 1), 1);
    assertEquals(await client.get("s:2"), null);
    assertEquals(await client.dbSize(), 199);
    await client.close();
  },
);
