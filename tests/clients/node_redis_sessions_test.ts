// node-redis, unchanged, where connections have a state: transactions, subscriptions, blocking, and
// its client-side cache, which trusts the server to tell of every change.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createClient, createClientPool, WatchError } from "redis";
import { Inbox } from "../harness/inbox.ts";
import { onEitherServer } from "../harness/either_server.ts";
import { serveQuietly } from "../harness/quiet_server.ts";
import { until } from "../harness/until.ts";

const open = (port: number, RESP: 2 | 3) =>
  createClient({ socket: { port, host: "127.0.0.1", reconnectStrategy: 5 }, RESP })
    .on("error", () => {}).connect();

type Client = Awaited<ReturnType<typeof open>>;

for (const RESP of [2, 3] as const) {
  /** Tests with a way to connect; all connections leave at the end. */
  const test = (name: string, body: (connect: () => Promise<Client>) => Promise<void>): void =>
    onEitherServer(`node-redis, RESP${RESP}: ${name}`, async (port) => {
      const all: Client[] = [];
      try {
        await body(async () => {
          const client = await open(port, RESP);
          all.push(client);
          return client;
        });
      } finally {
        for (const client of all) client.destroy();
      }
    });

  const blocked = (client: Client, count: number): Promise<void> =>
    until(
      `${count} are blocked`,
      async () => (await client.info("clients")).includes(`blocked_clients:${count}\r\n`),
    );

  test("a transaction runs as one, its errors among the replies", async (connect) => {
    const client = await connect();
    assertEquals(
      await client.multi().set("a", "1").incr("a").hSet("h", { f: "v", g: "w" }).hGetAll("h")
        .zAdd("z", { score: 1.5, value: "m" }).zScore("z", "m").exec() as unknown[],
      ["OK", 2, 2, Object.assign(Object.create(null), { f: "v", g: "w" }), 1, 1.5],
    );
    const replies = await client.multi().lPush("a", "x").get("a").execAsPipeline()
      .then(() => "answered", String);
    assert(replies.includes("WRONGTYPE"), replies);
    const failed = await client.multi().lPush("a", "x").get("a").exec().then(() => [], (error) => {
      return error.replies.map(String);
    });
    assertEquals(failed[1], "2");
    assert(failed[0].includes("WRONGTYPE"), failed[0]);
    const aborted = client.multi().set("a", "9").addCommand(["GET"]).exec();
    await assertRejects(() => aborted, Error, "wrong number of arguments");
    assertEquals(await client.get("a"), "2");
  });

  test("WATCH: a change in between fails the transaction", async (connect) => {
    const [client, other] = [await connect(), await connect()];
    await client.watch(["a", "b"]);
    await other.set("b", "theirs");
    await assertRejects(() => client.multi().set("a", "mine").exec(), WatchError);
    assertEquals(await client.exists("a"), 0);
    await client.watch("a");
    await client.unwatch();
    await other.set("a", "theirs");
    assertEquals(await client.multi().get("a").exec() as unknown[], ["theirs"]);
    await client.watch("a");
    await client.set("a", "my own change counts too");
    await assertRejects(() => client.multi().del("a").exec(), WatchError);
    await client.watch("none");
    await other.del("none");
    assertEquals(await client.multi().ping().exec() as unknown[], ["PONG"]);
  });

  test("channels, patterns and shard channels", async (connect) => {
    const [subscriber, publisher] = [await connect(), await connect()];
    const inbox = new Inbox<string[]>();
    const listen = (kind: string) => (message: string, channel: string): void =>
      inbox.add([kind, channel, message]);
    const news = listen("channel");
    await subscriber.subscribe(["news", "sport"], news);
    await subscriber.pSubscribe("n*", listen("pattern"));
    await subscriber.sSubscribe("news", listen("shard"));
    assertEquals(await publisher.publish("news", "värld"), 2);
    assertEquals(await publisher.sPublish("news", "splitter"), 1);
    assertEquals(await inbox.take(3), [
      ["channel", "news", "värld"],
      ["pattern", "news", "värld"],
      ["shard", "news", "splitter"],
    ]);
    assertEquals((await publisher.pubSubChannels()).sort(), ["news", "sport"]);
    assertEquals(await publisher.pubSubNumPat(), 1);
    assertEquals({ ...await publisher.pubSubNumSub(["news", "none"]) }, { news: 1, none: 0 });
    assertEquals(await publisher.pubSubShardChannels(), ["news"]);
    await subscriber.unsubscribe("news", news);
    assertEquals(await publisher.publish("news", "again"), 1);
    assertEquals(await inbox.take(1), [["pattern", "news", "again"]]);
    await subscriber.unsubscribe();
    await subscriber.pUnsubscribe();
    await subscriber.sUnsubscribe();
    assertEquals(await publisher.publish("news", "nobody"), 0);
    assertEquals(await subscriber.incr("usual again"), 1);
  });

  test("subscriptions come back after a killed connection", async (connect) => {
    const [subscriber, publisher] = [await connect(), await connect()];
    const inbox = new Inbox<string>();
    await subscriber.subscribe("a", inbox.add);
    await subscriber.pSubscribe("b*", inbox.add);
    assertEquals(Number(await publisher.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"])), 1);
    await until(
      "it has come back",
      async () =>
        await publisher.publish("a", "1") === 1 && await publisher.publish("bb", "2") === 1,
    );
    await until("both are in", () => inbox.items.includes("1") && inbox.items.includes("2"));
  });

  test("blocking pops hand over what others push", async (connect) => {
    const [waiting, pusher] = [await connect(), await connect()];
    const popped = waiting.blPop(["a", "b"], 0);
    await blocked(pusher, 1);
    await pusher.rPush("b", ["one", "two"]);
    assertEquals({ ...await popped }, { key: "b", element: "one" });
    assertEquals({ ...await waiting.brPop(["a", "b"], 0) }, { key: "b", element: "two" });
    const least = waiting.bzPopMin(["y", "z"], 0);
    await blocked(pusher, 1);
    await pusher.zAdd("z", [{ score: 2, value: "high" }, { score: 1, value: "low" }]);
    assertEquals({ ...await least }, { key: "z", value: "low", score: 1 });
    assertEquals({ ...await waiting.bzPopMax("z", 0) }, { key: "z", value: "high", score: 2 });
    const moved = waiting.blMove("from", "to", "LEFT", "RIGHT", 0);
    await blocked(pusher, 1);
    await pusher.rPush("from", "x");
    assertEquals(await moved, "x");
    assertEquals(await waiting.blmPop(0, ["none", "to"], "LEFT"), ["to", ["x"]]);
    assertEquals(await waiting.blPop("none", 0.01), null);
  });
}

/** A client with a cache, another that changes things behind its back, and the cache. */
async function withCache(
  port: number,
  body: (client: Client, other: Client) => Promise<void>,
): Promise<void> {
  const clientSideCache = { ttl: 0, maxEntries: 0, evictPolicy: "LRU" } as const;
  const client = await createClient({
    socket: { port, host: "127.0.0.1", reconnectStrategy: 5 },
    RESP: 3,
    clientSideCache,
  }).on("error", () => {}).connect();
  const other = await open(port, 3);
  try {
    await body(client as unknown as Client, other);
  } finally {
    client.destroy();
    other.destroy();
  }
}

/** How many GETs the server has run. */
async function gets(client: Client): Promise<number> {
  const stats = await client.info("commandstats");
  return Number(/cmdstat_get:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

onEitherServer("node-redis's client-side cache: answers without the server", async (port) => {
  await withCache(port, async (client, other) => {
    await other.mSet({ a: "1", b: "2" });
    for (let i = 0; i < 50; i++) {
      assertEquals(await client.get("a"), "1");
      assertEquals(await client.get("b"), "2");
      assertEquals(await client.get("none"), null);
    }
    assertEquals(await gets(other), 3);
  });
});

onEitherServer("node-redis's client-side cache: no stale answer for long", async (port) => {
  await withCache(port, async (client, other) => {
    const becomes = async (key: string, value: string | null): Promise<void> =>
      await until(`${key} is ${value}`, async () => await client.get(key) === value);
    await other.set("a", "1");
    await becomes("a", "1");
    await other.set("a", "2");
    await becomes("a", "2");
    await other.multi().set("a", "3").del("a").set("a", "4").exec();
    await becomes("a", "4");
    await other.rename("a", "b");
    await becomes("a", null);
    await becomes("b", "4");
    await other.pExpire("b", 1);
    await becomes("b", null);
    await other.hSet("h", { f: "v" });
    assertEquals({ ...await client.hGetAll("h") }, { f: "v" });
    await other.hSet("h", { f: "w" });
    await until("the hash is new", async () => (await client.hGetAll("h")).f === "w");
    await other.set("c", "1");
    await becomes("c", "1");
    await other.flushAll();
    await becomes("c", null);
    await client.set("own", "1");
    await becomes("own", "1");
    await client.set("own", "2");
    await becomes("own", "2");
  });
});

onEitherServer("node-redis's client-side cache: a lost connection empties it", async (port) => {
  await withCache(port, async (client, other) => {
    await other.set("a", "1");
    assertEquals(await client.get("a"), "1");
    const id = await client.clientId();
    await other.sendCommand(["CLIENT", "KILL", "ID", String(id)]);
    await other.set("a", "2");
    await until(
      "it has the new value",
      async () => await client.get("a").catch(() => null) === "2",
    );
    await other.set("a", "3");
    await until("it tracks again", async () => await client.get("a") === "3");
  });
});

onEitherServer("node-redis's pool: transactions and blocking on borrowed clients", async (port) => {
  const options = { socket: { port, host: "127.0.0.1" }, RESP: 3 } as const;
  const pool = createClientPool(options, { maximum: 4 }).on("error", () => {});
  await pool.connect();
  try {
    const popped = Promise.all(Array.from({ length: 3 }, () => pool.blPop("queue", 0)));
    const own = await open(port, 3);
    await until(
      "three wait",
      async () => (await own.info("clients")).includes("blocked_clients:3\r\n"),
    );
    const increments = Array.from({ length: 20 }, () =>
      pool.execute(async (client) => {
        for (;;) {
          await client.watch("n");
          const next = Number(await client.get("n")) + 1;
          try {
            return await client.multi().set("n", next).exec();
          } catch (error) {
            if (!(error instanceof WatchError)) throw error;
          }
        }
      }));
    await Promise.all(increments);
    assertEquals(await own.get("n"), "20");
    await own.rPush("queue", ["1", "2", "3"]);
    const elements = (await popped).map((reply) => reply?.element);
    assertEquals(elements.toSorted(), ["1", "2", "3"]);
    await own.close();
  } finally {
    pool.destroy();
  }
});

Deno.test("node-redis: tells its library's name and version when it connects", async () => {
  await using server = await serveQuietly();
  for (const RESP of [2, 3] as const) {
    const client = await open(server.address.port, RESP);
    const line = await client.sendCommand(["CLIENT", "LIST"]);
    assert(/ lib-name=node-redis lib-ver=\d+\.\d+\.\d+\n/.test(String(line)), String(line));
    await client.close();
  }
});
