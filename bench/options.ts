/** The command line of `deno task bench`. */

import { parseTexts, positiveInteger, positiveNumber, subset } from "./option_values.ts";
import { WIRE_PROTOCOLS, type WireProtocol } from "./load/wire.ts";
import { MAX_PIPELINE, type WorkloadName, WORKLOADS } from "./load/workloads.ts";

export interface BenchOptions {
  readonly protocols: readonly WireProtocol[];
  readonly workloads: readonly WorkloadName[];
  readonly pipelines: readonly number[];
  readonly connections: number;
  readonly keys: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly workers: number;
  /** A server that runs already; undefined to start one. */
  readonly external?: { readonly hostname: string; readonly port: number };
  readonly jsonFile?: string;
  readonly svgFile?: string;
}

export const BENCH_HELP = `Measures a Ravel server with Ravel's own load generator.

Usage:
  deno task bench [options]

Options:
  --protocol LIST     of resp2,resp3,native (all)
  --workload LIST     of get,set,zadd,zquery,mixed (all)
  --pipeline LIST     requests sent in one piece (1,16,128)
  --connections N     (50)
  --keys N            keys, and members of each sorted set (100000)
  --seconds S         measured time of each case (2)
  --warmup S          unmeasured time before it (0.5)
  --workers N         threads of the load generator (all cores but one, at most 2)
  --host HOST         measure a server that runs already; it gets the keys key:000000000000 …,
  --port PORT         bench:board and bench:moving, which are deleted afterwards
  --json FILE         write the results as JSON
  --svg FILE          write a chart of the throughput
  --help              show this help

Every reply is compared with the one that the data demands; the first wrong one ends the bench.`;

const STRINGS = [
  "protocol",
  "workload",
  "pipeline",
  "connections",
  "keys",
  "seconds",
  "warmup",
  "workers",
  "host",
  "port",
  "json",
  "svg",
] as const;

/** Options, or "help". @throws {UsageError} */
export function parseBenchOptions(args: readonly string[]): BenchOptions | "help" {
  const given = parseTexts(args, STRINGS);
  if (given === "help") return "help";
  const { protocol, workload, pipeline, connections, keys, seconds, warmup, workers } = given;
  const external = given.host !== undefined || given.port !== undefined;
  return {
    protocols: subset("protocol", protocol, WIRE_PROTOCOLS),
    workloads: subset("workload", workload, WORKLOADS),
    pipelines: (pipeline ?? "1,16,128").split(",")
      .map((value) => positiveInteger("pipeline", value, MAX_PIPELINE)),
    connections: positiveInteger("connections", connections ?? "50", 60_000),
    keys: positiveInteger("keys", keys ?? "100000", 10_000_000),
    seconds: positiveNumber("seconds", seconds ?? "2"),
    warmupSeconds: positiveNumber("warmup", warmup ?? "0.5"),
    workers: positiveInteger("workers", workers ?? String(defaultWorkers()), 64),
    external: external
      ? {
        hostname: given.host ?? "127.0.0.1",
        port: positiveInteger("port", given.port ?? "1234", 65_535),
      }
      : undefined,
    jsonFile: given.json,
    svgFile: given.svg,
  };
}

function defaultWorkers(): number {
  return Math.min(2, Math.max(1, navigator.hardwareConcurrency - 1));
}
