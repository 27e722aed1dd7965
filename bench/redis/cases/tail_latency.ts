/**
 * The slowest thousandth of the answers when the servers are half busy, which is how servers should
 * be. redis-benchmark only runs at full speed, so Ravel's own load generator sends at a fixed rate.
 */

import { localServer } from "../../load/reached_server.ts";
import { LoadWorkers } from "../../load/load_workers.ts";
import { stringData } from "../../load/workloads.ts";
import type { ServerProcess } from "../../server_processes.ts";
import { median, perSecond } from "../../statistics.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";

const PEAK_SHARE = 0.5;
const WARMUP_MS = 1000;

export const tailLatencyCase: BenchCase = {
  name: "tail-latency",
  summary: "p99.9 of GET at half of redis-server's peak, the same rate for all",
  run: measure,
};

async function measure(context: CaseContext): Promise<void> {
  const { options, kinds } = context;
  const durationMs = options.seconds * 1000;
  await using servers = await RunningServers.start(kinds);
  for (const server of servers.all) {
    using client = await server.connect();
    await client.load(stringData(options.keys));
  }
  using workers = new LoadWorkers(1);
  const on = async <T>(server: ServerProcess, work: () => Promise<T>): Promise<T> => {
    await workers.connect({
      ...localServer(server.port),
      protocol: "resp2",
      workload: "get",
      keys: options.keys,
      connections: options.connections,
      pipeline: 1,
      seed: 1,
    });
    const result = await work();
    await workers.close();
    return result;
  };

  const peaks = new Samples();
  for (let round = 0; round < options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      const run = await on(server, () => workers.run({ durationMs }));
      peaks.add(server.kind, perSecond(run.operations, run.elapsedMs));
    }
  }
  const peak = median(peaks.lists.redis ?? peaks.lists.ravel ?? []);
  const ratePerSecond = Math.round(peak * PEAK_SHARE);

  const median50 = new Samples();
  const tail = new Samples();
  for (let round = 0; round < options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      const run = await on(server, async () => {
        await workers.run({ durationMs: WARMUP_MS, ratePerSecond });
        return await workers.run({ durationMs, ratePerSecond });
      });
      median50.add(server.kind, run.histogram.percentileMs(50));
      tail.add(server.kind, run.histogram.percentileMs(99.9));
    }
  }
  const base = { case: "tail-latency" };
  context.report({
    ...base,
    variant: "GET, peak of this generator",
    metric: "count",
    unit: "ops/s",
    samples: peaks.lists,
  });
  const at = `GET at ${ratePerSecond} ops/s`;
  const latency = { ...base, metric: "latency", unit: "ms" } as const;
  context.report({ ...latency, variant: `${at}, p50`, samples: median50.lists });
  context.report({
    ...latency,
    variant: `${at}, p99.9`,
    samples: tail.lists,
    goal: { ratioAtMost: 1.5 },
  });
}
