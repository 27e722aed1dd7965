/**
 * Cases whose connections have to do with each other: transactions, pub/sub, waiting. redis-benchmark
 * can send none of them, so Ravel's own session loads do.
 *
 * ```
 * start all servers
 * for each variant    a short run on each server, for its code to be compiled
 *   for each round    ravel, redis, (valkey) │ (valkey), redis, ravel │ …
 *                     operations from the load, CPU time of the server's process from /proc
 * ```
 *
 * The generator's CPU time is that of this process, divided by the Workers that share the load: what
 * an operation costs the busiest thread of it, about.
 */

import type { SessionPlan } from "../load/session_plan.ts";
import { SessionWorkers } from "../load/session_workers.ts";
import { cpuSeconds } from "../process_usage.ts";
import type { ServerProcess } from "../server_processes.ts";
import { cpuMicrosPerOperation, perSecond } from "../statistics.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "./bench_case.ts";
import type { Goal } from "./measurement.ts";
import type { ComparisonOptions } from "./options.ts";

/** Where a plan's connections lead to. */
export type Target = Pick<SessionPlan, "hostname" | "port">;

export interface SessionVariant {
  /** In tables. */
  readonly label: string;
  readonly plan: (target: Target, options: ComparisonOptions) => SessionPlan;
  readonly goal?: Goal;
}

export interface SessionCase {
  readonly name: string;
  readonly summary: string;
  /** Threads of the generator; one if it is not given, which is enough for scripts. */
  readonly workers?: number;
  readonly variants: readonly SessionVariant[];
}

const WARM_UP_SHARE = 0.5;

/** A case made from its description. */
export function sessionCase(description: SessionCase): BenchCase {
  return {
    name: description.name,
    summary: description.summary,
    async run(context) {
      await using servers = await RunningServers.start(context.kinds);
      using workers = new SessionWorkers(description.workers ?? 1);
      for (const variant of description.variants) {
        await measureVariant(description, variant, servers, workers, context);
      }
    },
  };
}

async function measureVariant(
  description: SessionCase,
  variant: SessionVariant,
  servers: RunningServers,
  workers: SessionWorkers,
  context: CaseContext,
): Promise<void> {
  const { options } = context;
  const durationMs = options.seconds * 1000;
  const runOn = async ({ hostname, port, pid }: ServerProcess, spanMs: number) => {
    await workers.connect(variant.plan({ hostname, port }, options));
    const server = cpuSeconds(pid);
    const generator = cpuSeconds(Deno.pid);
    const { operations, elapsedMs } = await workers.run(spanMs);
    const run = {
      perSecond: perSecond(operations, elapsedMs),
      cpu: cpuMicrosPerOperation(cpuSeconds(pid) - server, operations),
      generatorCpu: cpuMicrosPerOperation(
        (cpuSeconds(Deno.pid) - generator) / workers.count,
        operations,
      ),
    };
    await workers.close();
    return run;
  };
  const throughput = new Samples();
  const cpu = new Samples();
  const generatorCpu = new Samples();
  for (const server of servers.all) await runOn(server, durationMs * WARM_UP_SHARE);
  for (let round = 0; round < options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      const run = await runOn(server, durationMs);
      throughput.add(server.kind, run.perSecond);
      cpu.add(server.kind, run.cpu);
      generatorCpu.add(server.kind, run.generatorCpu);
    }
  }
  const base = { case: description.name, variant: variant.label };
  context.report({
    ...base,
    metric: "throughput",
    unit: "ops/s",
    samples: throughput.lists,
    goal: variant.goal,
  });
  context.report({ ...base, metric: "cpu", unit: "µs/op", samples: cpu.lists });
  context.report({
    ...base,
    metric: "generator-cpu",
    unit: "µs/op",
    samples: generatorCpu.lists,
  });
}
