/**
 * Ten thousand connections that do nothing, and a thousand that do.
 *
 * Each idle one has asked once, so the server has had buffers for it; what counts is what it still
 * holds. Afterwards every idle one asks again: none may have been forgotten.
 */

import { localServer } from "../../load/reached_server.ts";
import { LoadWorkers } from "../../load/load_workers.ts";
import { stringData } from "../../load/workloads.ts";
import { ServerProcess } from "../../server_processes.ts";
import { perSecond } from "../../statistics.ts";
import { type BenchCase, type CaseContext, Samples } from "../bench_case.ts";
import { ManyConnections, mayOpen } from "../many_connections.ts";
import { settled } from "../settled.ts";

const KEYS = 100_000;
/** Connections that the case itself needs. */
const SPARE_CLIENTS = 100;

export const connectionsCase: BenchCase = {
  name: "connections",
  summary: "memory of 10,000 idle connections, and GETs of 1,000 active ones beside them",
  run: measure,
};

async function measure(context: CaseContext): Promise<void> {
  const { idleConnections, activeConnections, rounds, seconds } = context.options;
  const count = idleConnections + activeConnections;
  if (!mayOpen(count, context)) return;
  const memory = new Samples();
  const throughput = new Samples();
  const latency = new Samples();
  for (const kind of context.kinds) {
    await using server = await ServerProcess.start(kind, [
      "--maxclients",
      String(count + SPARE_CLIENTS),
    ]);
    using control = await server.connect();
    await control.load(stringData(KEYS));
    const before = await settled(() => server.residentBytes);
    using idle = await ManyConnections.open(server, idleConnections);
    const after = await settled(() => server.residentBytes);
    memory.add(kind, (after - before) / idleConnections / 1000);
    using workers = new LoadWorkers(1);
    await workers.connect({
      ...localServer(server.port),
      protocol: "resp2",
      workload: "get",
      keys: KEYS,
      connections: activeConnections,
      pipeline: 1,
      seed: 1,
    });
    for (let round = 0; round < rounds; round++) {
      const run = await workers.run({ durationMs: seconds * 1000 });
      throughput.add(kind, perSecond(run.operations, run.elapsedMs));
      latency.add(kind, run.histogram.percentileMs(99));
    }
    await workers.close();
    await idle.ping();
  }
  const base = { case: "connections" };
  context.report({
    ...base,
    variant: "RSS of an idle connection",
    metric: "memory",
    unit: "KB",
    samples: memory.lists,
    goal: { atMost: 10 },
  });
  const active = `GET of ${activeConnections} active`;
  context.report({
    ...base,
    variant: active,
    metric: "count",
    unit: "ops/s",
    samples: throughput.lists,
  });
  context.report({
    ...base,
    variant: `${active}, p99`,
    metric: "latency",
    unit: "ms",
    samples: latency.lists,
  });
}
