/** The cases of `deno task bench`: every protocol × workload × pipeline on one server. */

import type { LatencySummary } from "./latency_histogram.ts";
import { LoadWorkers } from "./load/load_workers.ts";
import type { LoadPlan } from "./load/load_generator.ts";
import { ControlClient } from "./load/control_client.ts";
import type { ReachedServer } from "./load/reached_server.ts";
import type { WireProtocol } from "./load/wire.ts";
import {
  dataRemoval,
  SORTED_SET_KEYS,
  sortedSetData,
  stringData,
  type WorkloadName,
} from "./load/workloads.ts";
import type { BenchOptions } from "./options.ts";
import { cpuSeconds } from "./process_usage.ts";
import { cpuMicrosPerOperation, finiteOrNull, perSecond } from "./statistics.ts";

const SEED = 20_240_229;

/** One row of the table; null where it could not be measured. */
export interface CaseResult {
  readonly protocol: WireProtocol;
  readonly workload: WorkloadName;
  readonly pipeline: number;
  readonly operations: number;
  readonly elapsedMs: number;
  readonly operationsPerSecond: number | null;
  readonly latencyMs: LatencySummary;
  /** Of the server's process. */
  readonly cpuMicrosPerOperation: number | null;
}

/** The server that is measured. */
export interface Target extends ReachedServer {
  /** Undefined for a server that this program did not start. */
  readonly pid?: number;
}

/** Fills the server, then runs and reports one case after the other. */
export async function runThroughputBench(
  target: Target,
  options: BenchOptions,
  report: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  using control = await ControlClient.reach(target);
  using workers = new LoadWorkers(Math.min(options.workers, options.connections));
  for (const key of SORTED_SET_KEYS) await control.ask("DEL", key);
  await control.load(stringData(options.keys));
  const { workloads } = options;
  const sortedSets = workloads.some((name) => name !== "get" && name !== "set");
  if (sortedSets) await control.load(sortedSetData(options.keys));
  for (const protocol of options.protocols) {
    for (const workload of workloads) {
      for (const pipeline of options.pipelines) {
        const { connections, keys } = options;
        const plan = { ...target, protocol, workload, pipeline, connections, keys, seed: SEED };
        const result = await measure(workers, plan, target.pid, options);
        results.push(result);
        report(result);
      }
    }
  }
  if (target.pid === undefined) {
    for (const key of SORTED_SET_KEYS) await control.ask("DEL", key);
    await control.load(dataRemoval(options.keys));
  }
  return results;
}

async function measure(
  workers: LoadWorkers,
  plan: LoadPlan,
  pid: number | undefined,
  options: BenchOptions,
): Promise<CaseResult> {
  await workers.connect(plan);
  await workers.run({ durationMs: options.warmupSeconds * 1000 });
  const cpuBefore = pid === undefined ? NaN : cpuSeconds(pid);
  const { operations, elapsedMs, histogram } = await workers.run({
    durationMs: options.seconds * 1000,
  });
  const cpu = pid === undefined ? NaN : cpuSeconds(pid) - cpuBefore;
  await workers.close();
  return {
    protocol: plan.protocol,
    workload: plan.workload,
    pipeline: plan.pipeline,
    operations,
    elapsedMs,
    operationsPerSecond: finiteOrNull(perSecond(operations, elapsedMs)),
    latencyMs: histogram.summary(),
    cpuMicrosPerOperation: finiteOrNull(cpuMicrosPerOperation(cpu, operations)),
  };
}
