/**
 * Servers in processes of Node and Bun beside one on Deno, by redis-benchmark from outside. All of
 * them are there at the same time and take turns.
 */

import type { Runtime } from "../../tests/harness/npm_installation.ts";
import { cpuSeconds } from "../process_usage.ts";
import { runRedisBenchmark } from "../redis/redis_benchmark.ts";
import { ServerProcess } from "../server_processes.ts";
import { cpuMicrosPerOperation, median } from "../statistics.ts";
import type { Figure } from "./figure.ts";
import { type Bench, inTurns } from "./package_bench.ts";

const PROGRAM = `
import { serve } from "ravel-server";

const server = await serve();
console.log(server.port);
for await (const _ of process.stdin);
await server.stop();
`;

const CONNECTIONS = 50;
const KEYS = 100_000;
/** A guess at what all of them reach, from which the number of requests follows. */
const GUESSED_PER_SECOND = { 1: 100_000, 16: 900_000 } as const;

const CASES = [
  { name: "SET P1", command: ["SET", "k:__rand_int__", "a value of 16 B."], pipeline: 1 },
  { name: "GET P1", command: ["GET", "k:__rand_int__"], pipeline: 1 },
  { name: "SET P16", command: ["SET", "k:__rand_int__", "a value of 16 B."], pipeline: 16 },
  { name: "GET P16", command: ["GET", "k:__rand_int__"], pipeline: 16 },
] as const;

interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
}

interface Sample {
  readonly operationsPerSecond: number;
  /** Of the server's process. */
  readonly cpuMicros: number;
}

export async function measureThroughput(bench: Bench): Promise<Figure[]> {
  await bench.project.write({ "host.mjs": PROGRAM });
  await using stack = new AsyncDisposableStack();
  const deno = stack.use(await ServerProcess.start("ravel"));
  const contestants: Contestant[] = [{ name: "Deno", port: deno.port, pid: deno.pid }];
  for (const runtime of bench.runtimes) {
    contestants.push(stack.use(await HostProcess.start(bench, runtime)));
  }
  const figures: Figure[] = [];
  for (const { command, name, pipeline } of CASES) {
    const { rounds, seconds } = bench.options;
    const requests = Math.ceil(GUESSED_PER_SECOND[pipeline] * seconds);
    const samples = await inTurns(rounds, contestants, async (contestant) => {
      const before = cpuSeconds(contestant.pid);
      const { operationsPerSecond } = await runRedisBenchmark({
        port: contestant.port,
        connections: CONNECTIONS,
        pipeline,
        requests,
        randomRange: KEYS,
        arguments: command,
      });
      const cpuMicros = cpuMicrosPerOperation(cpuSeconds(contestant.pid) - before, requests);
      bench.log(`${name}, ${contestant.name}: ${Math.round(operationsPerSecond)}/s`);
      return { operationsPerSecond, cpuMicros };
    });
    const [first, ...others] = contestants;
    const middle = (contestant: Contestant, field: keyof Sample) =>
      median(samples.get(contestant)!.map((it) => it[field]));
    for (const contestant of others) {
      const beside = (field: keyof Sample) => ({ what: first.name, value: middle(first, field) });
      figures.push({
        what: name,
        on: contestant.name,
        unit: "ops/s",
        value: middle(contestant, "operationsPerSecond"),
        beside: beside("operationsPerSecond"),
        goal: { kind: "at least", limit: 0.85 },
      }, {
        what: `${name}, CPU an operation`,
        on: contestant.name,
        unit: "µs",
        value: middle(contestant, "cpuMicros"),
        beside: beside("cpuMicros"),
      });
    }
  }
  return figures;
}

/** A program with a server in its process. */
class HostProcess implements AsyncDisposable {
  private constructor(
    readonly name: string,
    readonly port: number,
    readonly process: Deno.ChildProcess,
    readonly output: ReadableStreamDefaultReader<Uint8Array>,
  ) {}

  static async start({ project }: Bench, { name, program }: Runtime): Promise<HostProcess> {
    const process = new Deno.Command(program, {
      args: ["host.mjs"],
      cwd: project.folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const output = process.stdout.getReader();
    const { value } = await output.read();
    const port = Number(new TextDecoder().decode(value));
    return new HostProcess(name, port, process, output);
  }

  get pid(): number {
    return this.process.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stdin.close();
    await this.output.cancel();
    await this.process.status;
  }
}
