/** The command line of `deno task bench`. */

import { OptionError, parseOptions } from "../client/options.ts";
import {
  parseTexts,
  positiveInteger,
  positiveNumber,
  subset,
  UsageError,
} from "./option_values.ts";
import type { ReachedServer } from "./load/reached_server.ts";
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
  readonly external?: ReachedServer;
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
  -s, --socket PATH   … one at a Unix socket
  --uri ADDRESS       … one at redis://user:password@host:port/database, or rediss://… for TLS
  --tls               … over TLS, with --cacert FILE for certificates to trust, or --insecure
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
  "socket",
  "uri",
  "cacert",
  "json",
  "svg",
] as const;

/** Options that tell of a server which runs already, by their names for the client. */
const REACH = ["host", "port", "socket", "uri", "cacert"] as const;
const FLAGS = ["tls", "insecure"] as const;

/** Options, or "help". @throws {UsageError} */
export function parseBenchOptions(args: readonly string[]): BenchOptions | "help" {
  const given = parseTexts(args.map((word) => word === "-s" ? "--socket" : word), STRINGS, FLAGS);
  if (given === "help") return "help";
  const { protocol, workload, pipeline, connections, keys, seconds, warmup, workers } = given;
  const reach = [
    ...REACH.flatMap((name) => given[name] === undefined ? [] : [`--${name}=${given[name]}`]),
    ...FLAGS.filter((name) => given[name] !== undefined).map((name) => `--${name}`),
  ];
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
    external: reach.length === 0 ? undefined : externalServer(reach),
    jsonFile: given.json,
    svgFile: given.svg,
  };
}

/** As the client reads the same words. */
function externalServer(words: readonly string[]): ReachedServer {
  try {
    const { db, endpoint, password, user } = parseOptions(words);
    const login = password === undefined
      ? []
      : [user === undefined ? ["AUTH", password] : ["AUTH", user, password]];
    return { endpoint, greeting: db === 0 ? login : [...login, ["SELECT", String(db)]] };
  } catch (error) {
    throw error instanceof OptionError ? new UsageError(error.message) : error;
  }
}

function defaultWorkers(): number {
  return Math.min(2, Math.max(1, navigator.hardwareConcurrency - 1));
}
