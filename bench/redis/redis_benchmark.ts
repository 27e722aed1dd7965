/** Runs redis-benchmark, the load generator that everyone has, and reads its figures. */

import { UsageError } from "../option_values.ts";

export interface BenchmarkRun {
  readonly port: number;
  /** Options by which the server is reached, in place of address and port. */
  readonly way?: readonly string[];
  readonly connections: number;
  readonly pipeline: number;
  readonly requests: number;
  /** How many values `__rand_int__` in the arguments stands for; none are replaced if not given. */
  readonly randomRange?: number;
  /** Whether the connections have CLIENT TRACKING on, in RESP3. */
  readonly isTracking?: boolean;
  /** `-t` and a default test's name, or a command with its arguments. */
  readonly arguments: readonly string[];
}

export interface BenchmarkFigures {
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Rejects when redis-benchmark fails, or reports that the server answered an error. */
export async function runRedisBenchmark(run: BenchmarkRun): Promise<BenchmarkFigures> {
  const { code, stdout, stderr } = await command(run).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  const complaint = /^.*\berror\b.*$/im.exec(decoder.decode(stderr) + text)?.[0];
  if (code !== 0 || complaint !== undefined) {
    const words = run.arguments.join(" ").slice(0, 100);
    throw new Error(`redis-benchmark ${words}: ${complaint ?? `exit code ${code}`}`);
  }
  return parseFigures(text);
}

function command(run: BenchmarkRun): Deno.Command {
  const { port, connections, pipeline, requests, randomRange } = run;
  const numbers = { c: connections, P: pipeline, n: requests, r: randomRange };
  const args = ["--csv", ...run.way ?? ["-h", "127.0.0.1", "-p", String(port)]];
  for (const [option, value] of Object.entries(numbers)) {
    if (value !== undefined) args.push(`-${option}`, String(value));
  }
  if (run.isTracking) args.push("-3", "--enable-tracking");
  return new Deno.Command("redis-benchmark", {
    args: [...args, ...run.arguments],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/**
 * The last line of figures in what `redis-benchmark --csv` prints; the line before names the columns.
 *
 * @throws {Error} when there is none
 */
export function parseFigures(csv: string): BenchmarkFigures {
  const lines = csv.split("\n").filter((line) => line.startsWith('"')).map(fieldsOf);
  const titles = lines[0] ?? [];
  const values = lines.at(-1) ?? [];
  const figure = (title: string) => Number(values[titles.indexOf(title)] ?? NaN);
  const figures = {
    operationsPerSecond: figure("rps"),
    p50Ms: figure("p50_latency_ms"),
    p99Ms: figure("p99_latency_ms"),
  };
  if (Number.isFinite(figures.operationsPerSecond)) return figures;
  throw new Error(`redis-benchmark printed no figures: ${JSON.stringify(csv.slice(0, 200))}`);
}

/** Fields of a line in which every field is quoted; a field may have quotes and commas in it. */
function fieldsOf(line: string): string[] {
  return line.trim().replace(/^"|"$/g, "").split('","');
}

/** @throws {UsageError} where redis-benchmark is not installed */
export function requireRedisBenchmark(): void {
  try {
    new Deno.Command("redis-benchmark", { args: ["--version"], stdout: "null" }).outputSync();
  } catch {
    throw new UsageError(
      "redis-benchmark is not installed (on Debian and Ubuntu: apt-get install redis-tools)",
    );
  }
}
