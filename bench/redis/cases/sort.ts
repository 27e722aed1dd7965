/**
 * SORT: of a short list by redis-benchmark, and of a list and a set of a million elements one call at a
 * time, by the CPU time that the server takes for it.
 */

import type { ControlClient } from "../../load/control_client.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";
import { throughputCase } from "../throughput_case.ts";

const SHORT = 100;
const BATCH = 1000;
/** Scatters 0 … n - 1 over the integers below 2^31, each once: odd, so it has an inverse. */
const SCATTER = 1_103_515_245;

function scattered(index: number): number {
  return Math.imul(index, SCATTER) >>> 1;
}

async function fill(
  client: ControlClient,
  key: string,
  count: number,
  form: (n: number) => string,
) {
  const command = key === "members" ? "SADD" : "RPUSH";
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first);
    const texts = Array.from({ length: size }, (_, i) => form(scattered(first + i)));
    await client.ask(command, key, ...texts);
  }
}

const asText = (n: number) => `element:${String(n).padStart(12, "0")}`;
const asFraction = (n: number) => String(n / 1000);

/** The sorts of many, by what is told of them. */
const SORTS: Readonly<Record<string, readonly string[]>> = {
  "SORT of a list of integers": ["SORT", "integers"],
  "SORT DESC of a list of fractions": ["SORT", "fractions", "DESC"],
  "SORT ALPHA of a list of texts": ["SORT", "texts", "ALPHA"],
  "SORT ALPHA of a set of texts": ["SORT", "members", "ALPHA"],
  "SORT LIMIT 0 10 of a list of integers": ["SORT", "integers", "LIMIT", "0", "10"],
  "SORT STORE of a list of integers": ["SORT", "integers", "STORE", "sorted"],
};

const manyCase: BenchCase = {
  name: "sort/many",
  summary: "SORT of 1 M elements: numbers, texts, a part, stored",
  run: measureMany,
};

async function measureMany(context: CaseContext): Promise<void> {
  const { kinds, options } = context;
  await using servers = await RunningServers.start(kinds);
  for (const server of servers.all) {
    using client = await server.connect();
    await fill(client, "integers", options.keys, String);
    await fill(client, "fractions", options.keys, asFraction);
    await fill(client, "texts", options.keys, asText);
    await fill(client, "members", options.keys, asText);
  }
  for (const [variant, request] of Object.entries(SORTS)) {
    const cpu = new Samples();
    for (let round = 0; round < options.rounds; round++) {
      for (const server of servers.inRound(round)) {
        using client = await server.connect();
        const before = server.cpuSeconds;
        await client.ask(...request);
        cpu.add(server.kind, (server.cpuSeconds - before) * 1000);
      }
    }
    context.report({
      case: "sort/many",
      variant,
      metric: "cpu",
      unit: "ms",
      samples: cpu.lists,
      goal: { ratioAtMost: 1 },
    });
  }
}

export const SORT_CASES: readonly BenchCase[] = [
  throughputCase({
    name: "sort/short",
    summary: `SORT of ${SHORT} integers, and ALPHA, pipeline 1 and 16`,
    random: false,
    fill: (client) => fill(client, "integers", SHORT, String),
    variants: [["SORT", "integers"], ["SORT", "integers", "ALPHA"]].flatMap((command) =>
      [1, 16].map((pipeline) => ({
        label: command.filter((word) => word !== "integers").join(" "),
        pipeline,
        command,
        throughputGoal: { ratioAtLeast: pipeline === 1 ? 0.95 : 1.1 },
      }))
    ),
  }),
  manyCase,
];
