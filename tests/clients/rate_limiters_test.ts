// Rate limiters of web applications: two packages that count without scripts, and the usual ones that
// people write themselves, by INCR in a window and by a log in a sorted set.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Redis } from "ioredis";
import { RateLimiterRedisNonAtomic, RateLimiterRes } from "rate-limiter-flexible";
import Limiter from "ratelimiter";
import { createClient } from "redis";
import { onEitherServer } from "../harness/either_server.ts";
import { until } from "../harness/until.ts";

/** What ratelimiter tells of a request. */
interface Allowance {
  readonly total: number;
  readonly remaining: number;
  readonly reset: number;
}

const connectNodeRedis = (port: number) =>
  createClient({ url: `redis://127.0.0.1:${port}` }).on("error", () => {}).connect();

/** A window and a few requests in it, through either client. */
async function useFlexible(storeClient: unknown, useRedisPackage: boolean): Promise<void> {
  const limiter = new RateLimiterRedisNonAtomic({
    storeClient,
    useRedisPackage,
    keyPrefix: "flexible",
    points: 3,
    duration: 60,
  });
  assertEquals(await limiter.get("ann"), null);
  for (const left of [2, 1, 0]) {
    const answer = await limiter.consume("ann");
    assertEquals([answer.consumedPoints, answer.remainingPoints], [3 - left, left]);
    assert(answer.msBeforeNext > 50_000 && answer.msBeforeNext <= 60_000);
  }
  const refusal = await limiter.consume("ann").then(() => undefined, (reason) => reason);
  assert(refusal instanceof RateLimiterRes);
  assertEquals(refusal.remainingPoints, 0);
  assertEquals((await limiter.consume("bob", 2)).remainingPoints, 1);
  assertEquals((await limiter.reward("bob", 1)).remainingPoints, 2);
  assertEquals((await limiter.penalty("bob", 2)).remainingPoints, 0);
  await limiter.set("cy", 1, 100);
  const cy = await limiter.get("cy");
  assertEquals(cy?.consumedPoints, 1);
  assert(cy!.msBeforeNext > 90_000 && cy!.msBeforeNext <= 100_000);
  await limiter.block("cy", 1000);
  await assertRejects(() =>
    limiter.consume("cy").catch(() => Promise.reject(new Error("blocked")))
  );
  assertEquals(await limiter.delete("ann"), true);
  assertEquals(await limiter.delete("ann"), false);
  assertEquals((await limiter.consume("ann")).remainingPoints, 2);
}

onEitherServer("rate-limiter-flexible on ioredis: points in a window", async (port) => {
  const redis = new Redis({ port, host: "127.0.0.1" });
  await useFlexible(redis, false);
  assertEquals(await redis.get("flexible:bob"), "3");
  redis.disconnect();
});

onEitherServer("rate-limiter-flexible on node-redis: points in a window", async (port) => {
  const client = await connectNodeRedis(port);
  await useFlexible(client, true);
  assertEquals(await client.get("flexible:bob"), "3");
  await client.close();
});

onEitherServer("rate-limiter-flexible: a window ends by itself", async (port) => {
  const redis = new Redis({ port, host: "127.0.0.1" });
  const limiter = new RateLimiterRedisNonAtomic({ storeClient: redis, points: 1, duration: 1 });
  await limiter.consume("ann");
  await until("the window has ended", async () => await limiter.get("ann") === null);
  assertEquals((await limiter.consume("ann")).remainingPoints, 0);
  redis.disconnect();
});

onEitherServer("ratelimiter: a log of the last requests in a sorted set", async (port) => {
  const db = new Redis({ port, host: "127.0.0.1" });
  const limiter = new Limiter({ id: "ann", db, max: 3, duration: 60_000 });
  const ask = () =>
    new Promise<Allowance>((resolve, reject) =>
      limiter.get((error: Error | null, allowance: Allowance) =>
        error === null ? resolve(allowance) : reject(error)
      )
    );
  const remaining: number[] = [];
  for (let i = 0; i < 6; i++) {
    const { remaining: left, reset, total } = await ask();
    remaining.push(left);
    assertEquals(total, 3);
    assert(Math.abs(reset - Date.now() / 1000 - 60) < 10);
  }
  assertEquals(remaining, [3, 2, 1, 0, 0, 0]);
  assertEquals(await db.zcard("limit:ann"), 3);
  const left = await db.pttl("limit:ann");
  assert(left > 50_000 && left <= 60_000);
  db.disconnect();
});

onEitherServer("a window counted by INCR and EXPIRE NX, by twenty at once", async (port) => {
  const client = await connectNodeRedis(port);
  const isAllowed = async (who: string, max: number) => {
    const key = `window:${who}`;
    const [count] = await client.multi().incr(key).expire(key, 60, "NX").exec();
    return Number(count) <= max;
  };
  const answers = await Promise.all(Array.from({ length: 20 }, () => isAllowed("ann", 7)));
  assertEquals(answers.filter(Boolean).length, 7);
  assertEquals(await client.get("window:ann"), "20");
  const left = await client.ttl("window:ann");
  assert(left > 50 && left <= 60);
  await client.close();
});

onEitherServer(
  "a sliding log by WATCH: never more than are allowed, whoever asks",
  async (port) => {
    const MAX = 5;
    const isAllowed = async (redis: Redis, now: number): Promise<boolean> => {
      for (;;) {
        await redis.watch("log");
        const count = await redis.zcount("log", `(${now - 1000}`, "+inf");
        if (count >= MAX) {
          await redis.unwatch();
          return false;
        }
        const done = await redis.multi()
          .zremrangebyscore("log", "-inf", now - 1000)
          .zadd("log", now, crypto.randomUUID())
          .pexpire("log", 1000_000)
          .exec();
        if (done !== null) return true;
      }
    };
    const clients = Array.from({ length: 4 }, () => new Redis({ port, host: "127.0.0.1" }));
    const round = async (now: number) => {
      const answers = await Promise.all(clients.map(async (redis) => {
        const own: boolean[] = [];
        for (let i = 0; i < 4; i++) own.push(await isAllowed(redis, now + i));
        return own;
      }));
      return answers.flat().filter(Boolean).length;
    };
    assertEquals(await round(10_000), MAX);
    assertEquals(await round(10_500), 0);
    assertEquals(await round(20_000), MAX);
    assertEquals(await clients[0].zcard("log"), MAX);
    for (const redis of clients) redis.disconnect();
  },
);
