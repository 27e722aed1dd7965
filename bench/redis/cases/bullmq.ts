/**
 * BullMQ's scripts on the data of a queue at work: jobs are added, then workers take and finish them.
 * Measured is the CPU time that the server takes a job, of which BullMQ's own process takes far more.
 */

import { Queue, Worker } from "bullmq";
import type { ServerProcess } from "../../server_processes.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";
import { StreamlessRedis } from "../streamless_redis.ts";

const JOBS = 4000;
const BATCH = 200;
const CONCURRENCY = 50;
const QUEUE = "letters";

/** CPU time of the server, in microseconds a job. */
interface JobCost {
  readonly added: number;
  readonly worked: number;
}

async function runJobs(server: ServerProcess): Promise<JobCost> {
  const { hostname: host, port } = server;
  const connection = new StreamlessRedis({ host, port, maxRetriesPerRequest: null });
  const queue = new Queue(QUEUE, { connection, skipMetasUpdate: true });
  await queue.waitUntilReady();
  const addedFrom = server.cpuSeconds;
  for (let first = 0; first < JOBS; first += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i) => ({
      name: "letter",
      data: { to: `user${first + i}@example.com`, subject: "Your order", items: [1, 2, 3] },
    }));
    await queue.addBulk(batch);
  }
  const workedFrom = server.cpuSeconds;
  const { promise: allDone, resolve } = Promise.withResolvers<void>();
  let left = JOBS;
  const worker = new Worker(QUEUE, () => Promise.resolve({ sent: true }), {
    connection,
    concurrency: CONCURRENCY,
  });
  worker.on("completed", () => {
    left--;
    if (left === 0) resolve();
  });
  await allDone;
  const workedTo = server.cpuSeconds;
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  connection.disconnect();
  const microsPerJob = (from: number, to: number) => (to - from) * 1e6 / JOBS;
  return {
    added: microsPerJob(addedFrom, workedFrom),
    worked: microsPerJob(workedFrom, workedTo),
  };
}

async function measure(context: CaseContext): Promise<void> {
  const { kinds, options } = context;
  await using servers = await RunningServers.start(kinds);
  const added = new Samples();
  const worked = new Samples();
  for (const server of servers.all) await runJobs(server);
  for (let round = 0; round < options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      const cost = await runJobs(server);
      added.add(server.kind, cost.added);
      worked.add(server.kind, cost.worked);
    }
  }
  const base = {
    case: "scripts/bullmq",
    metric: "cpu",
    unit: "µs/op",
    goal: { ratioAtMost: 0.5 },
  } as const;
  context.report({ ...base, variant: "addStandardJob", samples: added.lists });
  context.report({ ...base, variant: "moveToActive, moveToFinished", samples: worked.lists });
}

export const BULLMQ_CASE: BenchCase = {
  name: "scripts/bullmq",
  summary: `${JOBS} jobs added to a queue of BullMQ and taken by a worker`,
  run: measure,
};
