// ioredis, unchanged, where connections have a state: transactions, subscriptions, blocking, MONITOR.
// Its reconnections have to bring back what the lost connection had.

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Redis, type RedisOptions } from "ioredis";
import { Inbox } from "../harness/inbox.ts";
import { onEitherServer } from "../harness/either_server.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

for (const protocol of [2, 3] as const) {
  /** Tests with a way to connect; all connections leave at the end. */
  const test = (
    name: string,
    body: (connect: (options?: RedisOptions) => Redis) => Promise<void>,
  ): void =>
    onEitherServer(`ioredis, RESP${protocol}: ${name}`, async (port) => {
      const all: Redis[] = [];
      try {
        await body((options) => {
          const redis = new Redis({ port, host: "127.0.0.1", protocol, ...options });
          all.push(redis);
          return redis;
        });
      } finally {
        for (const redis of all) redis.disconnect();
      }
    });

  test("a transaction runs as one", async (connect) => {
    const redis = connect();
    const results = await redis.multi().set("a", "1").incr("a").get("a").lpush("a", "x").exec();
    assertEquals(results!.slice(0, 3), [[null, "OK"], [null, 2], [null, "2"]]);
    assertStringIncludes(String(results![3][0]), "WRONGTYPE");
    assertEquals(await redis.get("a"), "2");
  });

  test("a transaction without a pipeline: QUEUED for each", async (connect) => {
    const redis = connect();
    assertEquals(await redis.multi({ pipeline: false }), "OK");
    assertEquals(await redis.set("a", "1"), "QUEUED");
    assertEquals(await redis.call("HSET", "h", "f", "v"), "QUEUED");
    assertEquals(await connect().exists("a", "h"), 0);
    assertEquals(await redis.exec(), [[null, "OK"], [null, 1]]);
    await redis.multi({ pipeline: false });
    await redis.del("a");
    assertEquals(await redis.discard(), "OK");
    assertEquals(await redis.get("a"), "1");
    await assertRejects(() => redis.exec(), Error, "ERR EXEC without MULTI");
  });

  test("a request that cannot be queued aborts the whole", async (connect) => {
    const redis = connect();
    await redis.multi({ pipeline: false });
    await redis.set("a", "1");
    await assertRejects(() => redis.call("NONSENSE"), Error, "unknown command");
    await assertRejects(() => redis.exec(), Error, "EXECABORT");
    assertEquals(await redis.exists("a"), 0);
    const results = redis.multi().set("a", "1").call("GET").exec();
    await assertRejects(() => results, Error, "EXECABORT");
  });

  test("WATCH: optimistic increments of many, none lost", async (connect) => {
    const increment = async (redis: Redis): Promise<number> => {
      for (let tries = 1;; tries++) {
        await redis.watch("counter");
        const value = Number(await redis.get("counter"));
        if (await redis.multi().set("counter", value + 1).exec() !== null) return tries;
      }
    };
    const all = Array.from({ length: 8 }, () => connect());
    const each = all.map(async (redis) => {
      let tries = 0;
      for (let i = 0; i < 10; i++) tries += await increment(redis);
      return tries;
    });
    const tries = (await Promise.all(each)).reduce((sum, n) => sum + n);
    assertEquals(await all[0].get("counter"), "80");
    assert(tries > 80, "nobody got in anybody's way");
    await all[0].watch("counter");
    await all[1].set("counter", "0");
    await all[0].unwatch();
    assertEquals(await all[0].multi().get("counter").exec(), [[null, "0"]]);
  });

  test("channels, patterns and shard channels", async (connect) => {
    const [subscriber, publisher] = [connect(), connect()];
    const inbox = new Inbox<string[]>();
    subscriber.on("message", (...message) => inbox.add(["message", ...message]));
    subscriber.on("pmessage", (...message) => inbox.add(["pmessage", ...message]));
    subscriber.on("smessage", (...message) => inbox.add(["smessage", ...message]));
    assertEquals(await subscriber.subscribe("news", "sport"), 2);
    assertEquals(await subscriber.psubscribe("n*", "*t"), 4);
    assertEquals(await subscriber.ssubscribe("news"), 1);
    assertEquals(await publisher.publish("news", "värld"), 2);
    assertEquals(await inbox.take(2), [
      ["message", "news", "värld"],
      ["pmessage", "n*", "news", "värld"],
    ]);
    assertEquals(await publisher.spublish("news", "shard"), 1);
    assertEquals(await inbox.take(1), [["smessage", "news", "shard"]]);
    assertEquals((await publisher.pubsub("CHANNELS") as string[]).sort(), ["news", "sport"]);
    assertEquals(await publisher.pubsub("NUMSUB", "news", "none"), ["news", 1, "none", 0]);
    assertEquals(await publisher.call("PUBSUB", "NUMPAT"), 2);
    assertEquals(await publisher.pubsub("SHARDCHANNELS"), ["news"]);
    assertEquals(await publisher.pubsub("SHARDNUMSUB", "news"), ["news", 1]);
    assertEquals(await subscriber.unsubscribe("news"), 3);
    assertEquals(await publisher.publish("news", "again"), 1);
    assertEquals(await inbox.take(1), [["pmessage", "n*", "news", "again"]]);
    assertEquals(await subscriber.punsubscribe("n*", "*t"), 1);
    assertEquals(await subscriber.unsubscribe("sport"), 0);
    assertEquals(await subscriber.sunsubscribe("news"), 0);
    assertEquals(await publisher.publish("news", "nobody"), 0);
    assertEquals(await publisher.spublish("news", "nobody"), 0);
    assertEquals(await subscriber.set("k", "a usual connection again"), "OK");
  });

  test("messages of bytes, in the order in which they were published", async (connect) => {
    const { Buffer } = await import("node:buffer");
    const [subscriber, publisher] = [connect(), connect()];
    const inbox = new Inbox<Uint8Array>();
    subscriber.on("messageBuffer", (_channel: Uint8Array, message: Uint8Array) => {
      inbox.add(message);
    });
    await subscriber.subscribe("bytes");
    const pipeline = publisher.pipeline();
    for (let i = 0; i < 1000; i++) {
      pipeline.publish("bytes", Buffer.from([i >> 8, i & 255, 13, 10]));
    }
    await pipeline.exec();
    const large = Buffer.alloc(300_000, 0xfe);
    await publisher.publish("bytes", large);
    const messages = await inbox.take(1001);
    for (let i = 0; i < 1000; i++) assertEquals([...messages[i]], [i >> 8, i & 255, 13, 10]);
    assert(large.equals(messages[1000]));
  });

  test("PUBLISH inside of a transaction, and what a subscriber may do", async (connect) => {
    const [subscriber, publisher] = [connect(), connect()];
    const inbox = new Inbox<string[]>();
    subscriber.on("message", (...message) => inbox.add(message));
    await subscriber.subscribe("jobs");
    const results = await publisher.multi().rpush("list", "j").publish("jobs", "one").exec();
    assertEquals(results, [[null, 1], [null, 1]]);
    assertEquals(await inbox.take(1), [["jobs", "one"]]);
    if (protocol === 3) assertEquals(await subscriber.llen("list"), 1);
    else await assertRejects(() => subscriber.llen("list"), Error, "subscriber mode");
  });

  test("subscriptions and the database come back after a killed connection", async (connect) => {
    const options = { db: 4, connectionName: "victim", retryStrategy: () => 5 };
    const subscriber = connect(options);
    const publisher = connect({ db: 4 });
    const inbox = new Inbox<string[]>();
    subscriber.on("error", () => {});
    subscriber.on("message", (...message) => inbox.add(message));
    subscriber.on("pmessage", (...message) => inbox.add(message));
    await subscriber.subscribe("a");
    await subscriber.psubscribe("b*");
    const list = String(await publisher.client("LIST"));
    const id = /id=(\d+) [^\n]*name=victim/.exec(list)![1];
    assertEquals(await publisher.client("KILL", "ID", Number(id)), 1);
    await until(
      "it has come back",
      async () =>
        await publisher.publish("a", "1") === 1 && await publisher.publish("bb", "2") === 1,
    );
    await until("both are in", () => inbox.items.length >= 2);
    const received = inbox.items.map((message) => message.join(" "));
    assert(received.includes("a 1") && received.includes("b* bb 2"));
    const again = String(await publisher.client("LIST")).split("\n");
    const line = again.find((line) => line.includes("name=victim"))!;
    assertStringIncludes(line, " db=4 sub=1 psub=1 ");
  });

  test("blocking pops hand over what others push", async (connect) => {
    const [waiting, pusher] = [connect(), connect()];
    const popped = waiting.blpop("a", "b", 0);
    await until(
      "it waits",
      async () => String(await pusher.info("clients")).includes("blocked_clients:1\r\n"),
    );
    assertEquals(await pusher.rpush("b", "one", "two"), 2);
    assertEquals(await popped, ["b", "one"]);
    assertEquals(await waiting.brpop("a", "b", 0), ["b", "two"]);
    await pusher.zadd("z", 1, "low", 2, "high");
    assertEquals(await waiting.bzpopmax("z", 0), ["z", "high", "2"]);
    assertEquals(await waiting.bzpopmin("y", "z", 0), ["z", "low", "1"]);
    await pusher.rpush("from", "x", "y");
    assertEquals(await waiting.blmove("from", "to", "LEFT", "RIGHT", 0), "x");
    assertEquals(await waiting.brpoplpush("from", "to", 0), "y");
    assertEquals(await pusher.lrange("to", 0, -1), ["y", "x"]);
    assertEquals(await waiting.blmpop(0, 2, "none", "to", "LEFT", "COUNT", 5), ["to", ["y", "x"]]);
    assertEquals(await waiting.blpop("none", 0.01), null);
  });

  test("who blocked first is served first, and a chain of BLMOVE wakes BLPOP", async (connect) => {
    const pusher = connect();
    const blocked = (count: number): Promise<void> =>
      until(
        `${count} wait`,
        async () => String(await pusher.info("clients")).includes(`blocked_clients:${count}\r\n`),
      );
    const [one, two, three] = [connect(), connect(), connect()];
    const last = one.blpop("end", 0);
    await blocked(1);
    const moved = two.blmove("start", "end", "LEFT", "LEFT", 0);
    await blocked(2);
    const second = three.blpop("start", 0);
    await blocked(3);
    assertEquals(await pusher.rpush("start", "first", "second"), 2);
    assertEquals(await moved, "first");
    assertEquals(await last, ["end", "first"]);
    assertEquals(await second, ["start", "second"]);
    assertEquals(await pusher.dbsize(), 0);
  });

  test("CLIENT UNBLOCK, and blocking inside of a transaction", async (connect) => {
    const [waiting, other] = [connect(), connect()];
    const id = await waiting.client("ID");
    const waits = (): Promise<void> =>
      until(
        "it waits",
        async () => String(await other.info("clients")).includes("blocked_clients:1\r\n"),
      );
    const popped = waiting.blpop("none", 0);
    await waits();
    assertEquals(await other.client("UNBLOCK", id), 1);
    assertEquals(await popped, null);
    const refused = waiting.blpop("none", 0).then(() => "answered", String);
    await waits();
    assertEquals(await other.client("UNBLOCK", id, "ERROR"), 1);
    assertStringIncludes(await refused, "UNBLOCKED");
    assertEquals(await waiting.multi().blpop("none", 0).exec(), [[null, null]]);
  });

  test("MONITOR shows the requests of all", async (connect) => {
    const redis = connect({ db: 3 });
    await redis.ping();
    const monitor = await redis.monitor();
    try {
      const inbox = new Inbox<[string[], string]>();
      monitor.on("monitor", (_time: string, args: string[], _source: string, db: string) => {
        if (args[0].toLowerCase() !== "info") inbox.add([args, db]);
      });
      await redis.set("k", 'with "quotes"');
      await redis.multi().get("k").exec();
      assertEquals(await inbox.take(4), [
        [["set", "k", 'with "quotes"'], "3"],
        [["multi"], "3"],
        [["get", "k"], "3"],
        [["exec"], "3"],
      ]);
    } finally {
      monitor.disconnect();
    }
  });
}

Deno.test("ioredis: commands wait while CLIENT PAUSE holds them, and are carried out after", async () => {
  await using server = await serveQuietly();
  const options = { port: server.address.port, host: "127.0.0.1" };
  const [one, two] = [new Redis(options), new Redis(options)];
  await one.set("k", "before");
  assertEquals(await one.client("PAUSE", 60_000, "WRITE"), "OK");
  const write = two.set("k", "after");
  assertEquals(await one.get("k"), "before");
  assertEquals(await one.client("UNPAUSE"), "OK");
  assertEquals(await write, "OK");
  assertEquals(await one.get("k"), "after");
  await Promise.all([one.quit(), two.quit()]);
});
