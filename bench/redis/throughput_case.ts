/**
 * Cases that redis-benchmark measures. A case is data: what the servers hold, and the commands.
 *
 * ```
 * start all servers, fill them
 * for each variant    a short run on each server tells how many requests fill the wanted time
 *                     (the number is the same for all), then a run of that length warms it up
 *   for each round    ravel, redis, (valkey) │ (valkey), redis, ravel │ …
 *                     throughput from redis-benchmark, CPU time from /proc
 * ```
 *
 * The CPU time of redis-benchmark itself is noted too: it has one thread, so what a request costs
 * it is the least time that any server can be seen to need for one.
 */

import type { ControlClient } from "../load/control_client.ts";
import { endedChildrenCpuSeconds } from "../process_usage.ts";
import type { ServerKind, ServerProcess } from "../server_processes.ts";
import { cpuMicrosPerOperation } from "../statistics.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "./bench_case.ts";
import type { Goal } from "./measurement.ts";
import type { ComparisonOptions } from "./options.ts";
import { type BenchmarkFigures, type BenchmarkRun, runRedisBenchmark } from "./redis_benchmark.ts";
import { settled } from "./settled.ts";
import type { WayIn } from "./ways_in.ts";

export interface ThroughputVariant {
  /** Without the pipeline's depth, which is added. */
  readonly label: string;
  readonly pipeline: number;
  /** redis-benchmark's words: a command, or `-t` and a default test. */
  readonly command: readonly string[] | ((kind: ServerKind) => readonly string[]);
  readonly throughputGoal?: Goal;
  readonly cpuGoal?: Goal;
}

export interface ThroughputCase {
  readonly name: string;
  readonly summary: string;
  /** Whether `__rand_int__` in commands is replaced by numbers below the number of keys. */
  readonly random: boolean;
  /** How many numbers there are for each key; 1 where it is left out. */
  readonly numbersPerKey?: number;
  /** Whether the connections have CLIENT TRACKING on. */
  readonly isTracking?: boolean;
  /** How the servers are reached, where it is not by TCP. */
  readonly way?: () => WayIn;
  /** Fills a server that has just started. */
  readonly fill?: (client: ControlClient, options: ComparisonOptions) => Promise<void>;
  /** Before each run, not measured. `requests` is what the run will send. */
  readonly beforeRun?: (client: ControlClient, requests: number) => Promise<void>;
  /** Whether the bare server takes part, which answers nothing but PING. */
  readonly besideBare?: boolean;
  /** Whether the memory is reported that the servers have when all variants have run. */
  readonly reportsMemory?: boolean;
  readonly variants: readonly ThroughputVariant[];
}

/** Requests of the first short run, by depth: a few hundred milliseconds at usual speeds. */
const TRIAL_REQUESTS_PER_WINDOW = 100;
const MAX_REQUESTS = 100_000_000;

/** A case made from its description. */
export function throughputCase(description: ThroughputCase): BenchCase {
  return {
    name: description.name,
    summary: description.summary,
    async run(context) {
      const beside: readonly ServerKind[] = description.besideBare ? ["bare"] : [];
      using way = description.way?.();
      await using servers = await RunningServers.start(
        [...context.kinds, ...beside],
        way === undefined ? [] : (kind) => way.directives(kind),
      );
      for (const server of servers.all) {
        using client = await server.connect();
        await description.fill?.(client, context.options);
      }
      for (const variant of description.variants) {
        await measureVariant(description, variant, { servers, way }, context);
      }
      if (description.reportsMemory) await reportMemory(description, servers, context);
    },
  };
}

async function measureVariant(
  description: ThroughputCase,
  variant: ThroughputVariant,
  { servers, way }: { readonly servers: RunningServers; readonly way: WayIn | undefined },
  context: CaseContext,
): Promise<void> {
  const { options } = context;
  const label = `${variant.label} P${variant.pipeline}`;
  const runOn = (server: ServerProcess, requests: number) => {
    const { command, pipeline } = variant;
    return runOnce(description, server, {
      port: server.port,
      way: way?.words(server.kind),
      connections: options.connections,
      pipeline,
      requests,
      randomRange: description.random ? options.keys * (description.numbersPerKey ?? 1) : undefined,
      isTracking: description.isTracking,
      arguments: typeof command === "function" ? command(server.kind) : command,
    });
  };
  const trial = TRIAL_REQUESTS_PER_WINDOW * options.connections * variant.pipeline;
  let slowest = Infinity;
  for (const server of servers.all) {
    slowest = Math.min(slowest, (await runOn(server, trial)).operationsPerSecond);
  }
  const requests = requestsFor(slowest, options.seconds);
  const throughput = new Samples();
  const cpu = new Samples();
  const generatorCpu = new Samples();
  const latency = new Samples();
  for (const server of servers.all) await runOn(server, requests);
  for (let round = 0; round < options.rounds; round++) {
    for (const server of servers.inRound(round)) {
      const run = await runOn(server, requests);
      throughput.add(server.kind, run.operationsPerSecond);
      cpu.add(server.kind, cpuMicrosPerOperation(run.cpuSeconds, requests));
      generatorCpu.add(
        server.kind,
        cpuMicrosPerOperation(run.generatorCpuSeconds, requests),
      );
      latency.add(server.kind, run.p99Ms);
    }
  }
  const base = { case: description.name, variant: label };
  context.report({
    ...base,
    metric: "throughput",
    unit: "ops/s",
    samples: throughput.lists,
    goal: variant.throughputGoal,
  });
  context.report({
    ...base,
    metric: "cpu",
    unit: "µs/op",
    samples: cpu.lists,
    goal: variant.cpuGoal,
  });
  context.report({
    ...base,
    metric: "generator-cpu",
    unit: "µs/op",
    samples: generatorCpu.lists,
  });
  context.report({ ...base, metric: "latency", unit: "ms p99", samples: latency.lists });
}

async function reportMemory(
  description: ThroughputCase,
  servers: RunningServers,
  context: CaseContext,
): Promise<void> {
  const resident = new Samples();
  for (const server of servers.all) {
    resident.add(server.kind, await settled(() => server.residentBytes) / 1e6);
  }
  context.report({
    case: description.name,
    variant: "RSS afterwards",
    metric: "memory",
    unit: "MB",
    samples: resident.lists,
  });
}

/** How many requests fill the wanted time at that speed. */
export function requestsFor(operationsPerSecond: number, seconds: number): number {
  return Math.min(Math.max(1000, Math.round(operationsPerSecond * seconds)), MAX_REQUESTS);
}

interface MeasuredRun extends BenchmarkFigures {
  /** The server's. */
  readonly cpuSeconds: number;
  readonly generatorCpuSeconds: number;
}

async function runOnce(
  description: ThroughputCase,
  server: ServerProcess,
  run: BenchmarkRun,
): Promise<MeasuredRun> {
  if (description.beforeRun !== undefined) {
    using client = await server.connect();
    await description.beforeRun(client, run.requests);
  }
  const before = server.cpuSeconds;
  const generatorBefore = endedChildrenCpuSeconds();
  const figures = await runRedisBenchmark(run);
  return {
    ...figures,
    cpuSeconds: server.cpuSeconds - before,
    generatorCpuSeconds: endedChildrenCpuSeconds() - generatorBefore,
  };
}
