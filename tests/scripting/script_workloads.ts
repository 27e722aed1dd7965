/** Applications whose work is done by scripts, and what they do here: enough to run all that matter. */

import { assertEquals, assertRejects } from "@std/assert";
import BeeQueue from "bee-queue";
import Bottleneck from "bottleneck";
import Bull from "bull";
import { FlowProducer, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { RedisStore } from "rate-limit-redis";
import Redlock from "redlock";
import { StreamlessRedis } from "../../bench/redis/streamless_redis.ts";

export type Workload = (port: number) => Promise<void>;

const HOST = "127.0.0.1";

/** Resolves when `count` jobs have ended one way or the other. */
function counter(count: number): { readonly done: Promise<void>; tick(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  return {
    done: promise,
    tick() {
      left--;
      if (left === 0) resolve();
    },
  };
}

/** bull: jobs with priorities, delays, failures and retries, progress, removal, pause, clean. */
async function bull(port: number): Promise<void> {
  const queue = new Bull("letters", { redis: { port, host: HOST } });
  const ended = counter(8);
  queue.on("error", () => {});
  queue.on("completed", () => ended.tick());
  queue.on("failed", (job) => {
    if (job.attemptsMade >= (job.opts.attempts ?? 1)) ended.tick();
  });
  await queue.pause();
  for (let i = 0; i < 4; i++) await queue.add({ i }, { priority: 1 + i % 2 });
  await queue.add({ i: 4 }, { delay: 5 });
  await queue.add({ i: 5, fails: true }, { attempts: 2, backoff: 1 });
  await queue.add({ i: 6, fails: true }, { jobId: "six" });
  const removed = await queue.add({ i: 7 }, { jobId: "seven" });
  assertEquals((await queue.add({ i: 7 }, { jobId: "seven" })).id, removed.id);
  await removed.remove();
  await queue.addBulk([{ data: { i: 8 }, opts: { lifo: true } }]);
  queue.process(2, async (job) => {
    await job.progress(50);
    await job.log("half way");
    if (job.data.fails) throw new Error("cannot");
    return { sent: job.data.i };
  });
  await queue.resume();
  await ended.done;
  const failed = await queue.getFailed();
  assertEquals(failed.length, 2);
  await (await queue.getJob("six"))?.retry();
  assertEquals((await queue.getJobCounts()).failed <= 2, true);
  await queue.whenCurrentJobsFinished();
  await queue.clean(0, "completed");
  await queue.removeJobs("si*");
  await queue.empty();
  await queue.close();
}

/** bee-queue: jobs that succeed, fail, are retried and wait. */
async function beeQueue(port: number): Promise<void> {
  const settings = {
    redis: { port, host: HOST },
    activateDelayedJobs: true,
    removeOnSuccess: false,
  };
  const queue = new BeeQueue("sums", settings);
  const ended = counter(4);
  queue.on("error", () => {});
  queue.on("succeeded", () => ended.tick());
  queue.on("failed", () => ended.tick());
  await queue.ready();
  await queue.createJob({ x: 1, y: 2 }).setId("one").save();
  await queue.createJob({ x: 2, y: 2 }).timeout(10_000).retries(1).save();
  await queue.createJob({ x: 3, fails: true }).save();
  await queue.createJob({ x: 4, y: 1 }).delayUntil(Date.now() + 20).save();
  queue.process(1, (job: { data: { x: number; y: number; fails?: boolean } }) => {
    if (job.data.fails) return Promise.reject(new Error("cannot"));
    return Promise.resolve(job.data.x + job.data.y);
  });
  await ended.done;
  await queue.checkHealth();
  await queue.checkStalledJobs();
  await queue.removeJob("one");
  await queue.close(1000);
}

/** BullMQ: standard, delayed, prioritized, parent and repeated jobs through a worker, then upkeep. */
async function bullMq(port: number): Promise<void> {
  const connection = new StreamlessRedis({ port, host: HOST, maxRetriesPerRequest: null });
  const queue = new Queue("mails", { connection, skipMetasUpdate: true });
  const children = new Queue("parts", { connection, skipMetasUpdate: true });
  const flows = new FlowProducer({ connection });
  await queue.pause();
  await queue.add("plain", { i: 0 });
  await queue.addBulk([1, 2, 3].map((i) => ({ name: "bulk", data: { i }, opts: { priority: i } })));
  await queue.add("late", { i: 4 }, { delay: 10 });
  await queue.add("fails", { i: 5, fails: true }, {
    attempts: 2,
    backoff: { type: "fixed", delay: 1 },
  });
  await queue.add("once", { i: 6 }, { jobId: "six", removeOnComplete: true });
  await queue.add("once", { i: 6 }, { jobId: "six" });
  await queue.add("deduplicated", { i: 7 }, { deduplication: { id: "d", ttl: 5000 } });
  await queue.add("deduplicated", { i: 7 }, { deduplication: { id: "d", ttl: 5000 } });
  await flows.add({
    name: "parent",
    queueName: "mails",
    data: { i: 8 },
    children: [{ name: "child", queueName: "parts", data: { i: 9 } }, {
      name: "child",
      queueName: "parts",
      data: { i: 10 },
    }],
  });
  const unwanted = await queue.add("unwanted", { i: 11 }, { delay: 60_000 });
  await unwanted.changeDelay(120_000);
  await unwanted.updateData({ i: 12 });
  await unwanted.promote();
  await unwanted.remove();
  const ended = counter(11);
  const options = { connection, concurrency: 2, lockDuration: 60_000, autorun: false };
  const work = async (job: {
    data: { fails?: boolean; i: number };
    updateProgress(progress: number): Promise<void>;
    log(row: string): Promise<number>;
  }) => {
    await job.updateProgress(50);
    await job.log("half way");
    if (job.data.fails) throw new Error("cannot");
    return { sent: job.data.i };
  };
  const workers = ["mails", "parts"].map((name) => new Worker(name, work, options));
  for (const worker of workers) {
    worker.on("error", () => {});
    worker.on("completed", () => ended.tick());
    worker.on("failed", (job) => {
      if (job !== undefined && job.attemptsMade >= (job.opts.attempts ?? 1)) ended.tick();
    });
    worker.run();
  }
  await queue.resume();
  await ended.done;
  await queue.getJobCounts();
  await queue.getJobs(["completed", "failed"]);
  await queue.retryJobs({ state: "failed" });
  await queue.clean(0, 100, "completed");
  await queue.drain(true);
  for (const worker of workers) await worker.close();
  await queue.obliterate({ force: true });
  for (const each of [flows, queue, children]) await each.close();
  connection.disconnect();
}

/** rate-limiter-flexible: points in windows, with a block in between. */
async function rateLimiterFlexible(port: number): Promise<void> {
  const storeClient = new Redis({ port, host: HOST });
  const limiter = new RateLimiterRedis({
    storeClient,
    keyPrefix: "flexible",
    points: 3,
    duration: 60,
    blockDuration: 120,
  });
  for (const left of [2, 1, 0]) {
    assertEquals((await limiter.consume("ann")).remainingPoints, left);
  }
  await assertRejects(() =>
    limiter.consume("ann").catch((r) => Promise.reject(new Error(String(r))))
  );
  assertEquals((await limiter.consume("bob", 2)).remainingPoints, 1);
  assertEquals((await limiter.reward("bob", 1)).remainingPoints, 2);
  assertEquals((await limiter.penalty("bob", 2)).remainingPoints, 0);
  await limiter.set("cy", 1, 100);
  await limiter.block("cy", 1000);
  assertEquals(await limiter.delete("bob"), true);
  storeClient.disconnect();
}

/** rate-limit-redis: the store of express-rate-limit. */
async function rateLimitRedis(port: number): Promise<void> {
  const client = new Redis({ port, host: HOST });
  const store = new RedisStore({
    sendCommand: (command: string, ...args: string[]) => client.call(command, ...args) as never,
  });
  await store.init({ windowMs: 60_000 } as never);
  assertEquals((await store.increment("ann")).totalHits, 1);
  assertEquals((await store.increment("ann")).totalHits, 2);
  await store.decrement("ann");
  assertEquals((await store.get?.("ann"))?.totalHits, 1);
  await store.resetKey("ann");
  assertEquals((await store.increment("ann")).totalHits, 1);
  client.disconnect();
}

/** redlock: one who holds a lock, one who waits in vain, an extension. */
async function redlock(port: number): Promise<void> {
  const client = new Redis({ port, host: HOST });
  const locks = new Redlock([client], { retryCount: 0 });
  const held = await locks.lock(["door", "window"], 60_000);
  await assertRejects(() => Promise.resolve(locks.lock("door", 1000)));
  const extended = await held.extend(120_000);
  await extended.unlock();
  await assertRejects(() => Promise.resolve(extended.unlock()));
  const again = await locks.lock("door", 1000);
  await again.unlock();
  client.disconnect();
}

/** Locks as Celery and its kin keep them: a token, let go of and extended by who holds it alone. */
async function tokenLocks(port: number): Promise<void> {
  const client = new Redis({ port, host: HOST });
  const mine = `if redis.call("get", KEYS[1]) ~= ARGV[1] then return 0 end `;
  const release = `${mine} redis.call("del", KEYS[1]) return 1`;
  const extend = `${mine} local left = redis.call("pttl", KEYS[1])
    return redis.call("pexpire", KEYS[1], left + ARGV[2])`;
  assertEquals(await client.set("beat", "ann", "PX", 60_000, "NX"), "OK");
  assertEquals(await client.set("beat", "bob", "PX", 60_000, "NX"), null);
  assertEquals(await client.eval(extend, 1, "beat", "bob", "1000"), 0);
  assertEquals(await client.eval(extend, 1, "beat", "ann", "1000"), 1);
  const sha = await client.script("LOAD", release) as string;
  assertEquals(await client.script("EXISTS", sha), [1]);
  assertEquals(await client.evalsha(sha, 1, "beat", "bob"), 0);
  assertEquals(await client.evalsha(sha, 1, "beat", "ann"), 1);
  assertEquals(await client.evalsha(sha, 1, "beat", "ann"), 0);
  client.disconnect();
}

/** bottleneck: jobs under a limit that is kept on the server. */
async function bottleneck(port: number): Promise<void> {
  const limiter = new Bottleneck({
    id: "limits",
    datastore: "ioredis",
    clearDatastore: true,
    clientOptions: { port, host: HOST },
    maxConcurrent: 2,
    reservoir: 20,
    minTime: 1,
    Redis,
  } as Bottleneck.ConstructorOptions);
  await limiter.ready();
  const doubled = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => limiter.schedule({ priority: n }, () => Promise.resolve(2 * n))),
  );
  assertEquals(doubled, [2, 4, 6, 8, 10]);
  assertEquals(await limiter.currentReservoir(), 15);
  await limiter.incrementReservoir(5);
  assertEquals(await limiter.check(), true);
  await limiter.updateSettings({ maxConcurrent: 1 });
  assertEquals(await limiter.running(), 0);
  await limiter.disconnect(true);
}

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  bull,
  "bee-queue": beeQueue,
  BullMQ: bullMq,
  "rate-limiter-flexible": rateLimiterFlexible,
  "rate-limit-redis": rateLimitRedis,
  redlock,
  "token locks": tokenLocks,
  bottleneck,
};
