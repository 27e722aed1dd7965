/** The command line of `deno task bench:redis`. */

import { parseTexts, positiveInteger, positiveNumber } from "../option_values.ts";

export interface ComparisonOptions {
  /** Names of cases or of their groups; undefined for all. */
  readonly only?: readonly string[];
  readonly rounds: number;
  /** Rounds of cases that load a fresh server each time. */
  readonly loadRounds: number;
  /** About how long one run of redis-benchmark takes. */
  readonly seconds: number;
  readonly connections: number;
  /** Keys, or members of one key: the million of the cases' descriptions. */
  readonly keys: number;
  readonly idleConnections: number;
  readonly activeConnections: number;
  readonly jsonFile?: string;
  readonly svgFile?: string;
}

export const COMPARISON_HELP =
  `Compares Ravel with redis-server, and with valkey-server where it is installed.

Usage:
  deno task bench:redis [options]

Options:
  --only LIST         cases, or groups of them, by name; see --list
  --list              list the cases
  --rounds N          alternating rounds of each measurement, of which the median counts (5)
  --load-rounds N     the same for cases that load a fresh server each round (1)
  --seconds S         about how long each run of redis-benchmark takes (2)
  --connections N     (50)
  --keys N            keys, or members of one key (1000000)
  --idle N            idle connections of the case "connections" (10000)
  --active N          its active connections (1000)
  --json FILE         write all samples, medians and ratios as JSON
  --svg FILE          write a chart of throughput relative to redis-server
  --help              show this help

Ratios are Ravel's median divided by the other server's. CPU time and memory are those of the
server's process, read from /proc.`;

const STRINGS = [
  "only",
  "rounds",
  "load-rounds",
  "seconds",
  "connections",
  "keys",
  "idle",
  "active",
  "json",
  "svg",
] as const;

/** Options, "help", or "list". @throws {UsageError} */
export function parseComparisonOptions(
  args: readonly string[],
): ComparisonOptions | "help" | "list" {
  if (args.includes("--list")) return "list";
  const given = parseTexts(args, STRINGS);
  if (given === "help") return given;
  const integer = (name: typeof STRINGS[number], fallback: number, max: number) =>
    positiveInteger(name, given[name] ?? String(fallback), max);
  return {
    only: given.only?.split(","),
    rounds: integer("rounds", 5, 1000),
    loadRounds: integer("load-rounds", 1, 1000),
    seconds: positiveNumber("seconds", given.seconds ?? "2"),
    connections: integer("connections", 50, 10_000),
    keys: integer("keys", 1_000_000, 100_000_000),
    idleConnections: integer("idle", 10_000, 60_000),
    activeConnections: integer("active", 1000, 10_000),
    jsonFile: given.json,
    svgFile: given.svg,
  };
}
