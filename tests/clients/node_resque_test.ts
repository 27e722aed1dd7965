// node-resque on its own ioredis: a queue, a worker that runs real jobs, and the scheduler of delayed
// ones. The worker takes jobs by LPOP and SET, its way in a cluster; elsewhere it uses a script.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Connection, Queue, Scheduler, Worker } from "node-resque";
import { Inbox } from "../harness/inbox.ts";
import { onEitherServer } from "../harness/either_server.ts";
import { until } from "../harness/until.ts";

const POLL_MS = 5;
const done: string[] = [];

const jobs = {
  add: {
    perform(a: number, b: number): Promise<number> {
      return Promise.resolve(a + b);
    },
  },
  note: {
    perform(text: string): Promise<string> {
      done.push(text);
      return Promise.resolve(text);
    },
  },
  fail: {
    perform(): Promise<never> {
      return Promise.reject(new Error("this job cannot be done"));
    },
  },
};

const connectionTo = (port: number) => ({ host: "127.0.0.1", port, namespace: "app" });

/** Lets a worker fetch jobs without the script that ioredis would have sent. */
function withoutScript(connection: Connection): void {
  Object.assign(connection.redis, { popAndStoreJob: undefined });
}

async function withQueue(port: number, body: (queue: Queue) => Promise<void>): Promise<void> {
  const queue = new Queue({ connection: connectionTo(port) }, jobs);
  queue.on("error", (error) => {
    throw error;
  });
  await queue.connect();
  try {
    await body(queue);
  } finally {
    await queue.end();
  }
}

async function withWorker(
  port: number,
  queues: string[],
  body: (worker: Worker, outcomes: Inbox<string>) => Promise<void>,
): Promise<void> {
  const options = { connection: connectionTo(port), queues, timeout: POLL_MS };
  const worker = new Worker(options, jobs);
  const outcomes = new Inbox<string>();
  worker.on("success", (_queue, job, result) => outcomes.add(`${job.class}: ${result}`));
  worker.on("failure", (_queue, job, error) => outcomes.add(`${job.class}: ${error}`));
  worker.on("error", (error) => outcomes.add(`error: ${error}`));
  await worker.connect();
  withoutScript(worker.connection);
  try {
    await body(worker, outcomes);
  } finally {
    await worker.end();
  }
}

onEitherServer("node-resque: jobs are queued, listed and taken back", async (port) => {
  await withQueue(port, async (queue) => {
    await queue.enqueue("math", "add", [1, 2]);
    await queue.enqueue("math", "add", [3, 4]);
    await queue.enqueue("math", "fail");
    await queue.enqueue("text", "note", ["hello"]);
    assertEquals((await queue.queues()).sort(), ["math", "text"]);
    assertEquals(await queue.length("math"), 3);
    const queued = await queue.queued("math", 0, -1);
    assertEquals(queued.map((job) => job.args), [[1, 2], [3, 4], []]);
    assertEquals(await queue.del("math", "add", [1, 2]), 1);
    assertEquals(await queue.delByFunction("math", "add"), 1);
    assertEquals(await queue.length("math"), 1);
    await queue.delQueue("math");
    assertEquals(await queue.queues(), ["text"]);
    assertEquals(await queue.length("math"), 0);
  });
});

onEitherServer("node-resque: a worker runs the jobs of its queues", async (port) => {
  await withQueue(port, async (queue) => {
    for (let i = 0; i < 20; i++) await queue.enqueue("math", "add", [i, i]);
    await queue.enqueue("late", "fail");
    await withWorker(port, ["math", "late"], async (worker, outcomes) => {
      await worker.start();
      const first = await outcomes.take(21);
      assertEquals(first.slice(0, 20), Array.from({ length: 20 }, (_, i) => `add: ${2 * i}`));
      assertEquals(first[20], "fail: Error: this job cannot be done");
      assertEquals(Object.values(await queue.workers()), ["math,late"]);
      await queue.enqueue("math", "add", [20, 22]);
      assertEquals(await outcomes.take(1), ["add: 42"]);
    });
    assertEquals(await queue.workers(), {});
    assertEquals(await queue.failedCount(), 1);
    const [failure] = await queue.failed(0, -1);
    assertEquals(failure.error, "this job cannot be done");
    const stats = await queue.stats();
    assertEquals([stats.processed, stats.failed], ["21", "1"]);
    await queue.removeFailed(failure);
    assertEquals(await queue.failedCount(), 0);
  });
});

onEitherServer("node-resque: several workers share one queue, no job done twice", async (port) => {
  done.length = 0;
  await withQueue(port, async (queue) => {
    const texts = Array.from({ length: 60 }, (_, i) => `job ${i}`);
    await withWorker(
      port,
      ["text"],
      (one, ofOne) =>
        withWorker(port, ["text"], async (two, ofTwo) => {
          await Promise.all([one.start(), two.start()]);
          await Promise.all(texts.map((text) => queue.enqueue("text", "note", [text])));
          await until(
            "all are done",
            () => ofOne.items.length + ofTwo.items.length === texts.length,
          );
        }),
    );
    assertEquals(done.toSorted(), texts.toSorted());
  });
});

onEitherServer("node-resque: the scheduler moves due jobs to their queue", async (port) => {
  await withQueue(port, async (queue) => {
    const pastMs = Date.now() - 10_000;
    const futureMs = Date.now() + 3_600_000;
    await queue.enqueueAt(pastMs, "text", "note", ["late"]);
    await queue.enqueueAt(pastMs - 5000, "text", "note", ["later"]);
    await queue.enqueueAt(futureMs, "text", "note", ["not yet"]);
    await assertRejects(
      () => queue.enqueueAt(futureMs, "text", "note", ["not yet"]),
      Error,
      "already enqueued",
    );
    assertEquals((await queue.timestamps()).length, 3);
    assertEquals((await queue.scheduledAt("text", "note", ["late"])).length, 1);
    const scheduler = new Scheduler({ connection: connectionTo(port), name: "one" });
    const other = new Scheduler({ connection: connectionTo(port), name: "two" });
    await Promise.all([scheduler.connect(), other.connect()]);
    await scheduler.poll();
    await other.poll();
    assert(scheduler.leader && !other.leader, "one of them leads");
    const jobs = await queue.queued("text", 0, -1);
    assertEquals(jobs.map((job) => job.args[0]), ["later", "late"]);
    assertEquals(await queue.timestamps(), [Math.round(futureMs / 1000) * 1000]);
    assertEquals(await queue.delDelayed("text", "note", ["not yet"]), [
      Math.round(futureMs / 1000),
    ]);
    await scheduler.end();
    await other.poll();
    assert(other.leader, "the lock was given back");
    await other.end();
  });
});
