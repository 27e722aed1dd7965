/**
 * Set algebra: on sets of a hundred members, as requests of applications are, and on two sets and two
 * sorted sets of a million, half of which they have in common.
 */

import type { ControlClient } from "../../load/control_client.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";
import { setOf, sortedSetOf } from "./data.ts";

const SMALL = 100;
const UNPIPELINED: Goal = { ratioAtLeast: 0.95 };
const PIPELINED: Goal = { ratioAtLeast: 1.1 };
const LARGE: Goal = { ratioAtMost: 1 };

const SET_COMMANDS = [
  "SINTER a b",
  "SUNION a b",
  "SDIFF a b",
  "SINTERSTORE to a b",
  "SUNIONSTORE to a b",
  "SDIFFSTORE to a b",
  "SINTERCARD 2 a b",
  "SINTER i j",
  "SUNION i j",
  "SDIFFSTORE to i j",
];

const SORTED_SET_COMMANDS = [
  "ZINTER 2 y z WITHSCORES",
  "ZUNION 2 y z WITHSCORES",
  "ZDIFF 2 y z WITHSCORES",
  "ZINTERSTORE to 2 y z",
  "ZUNIONSTORE to 2 y z WEIGHTS 2 0.5",
  "ZDIFFSTORE to 2 y z",
  "ZINTERCARD 2 y z",
];

const LARGE_COMMANDS = [
  "SINTER a b",
  "SINTERSTORE to a b",
  "SUNIONSTORE to a b",
  "SDIFFSTORE to a b",
  "SINTERCARD 2 a b",
  "ZUNIONSTORE to 2 y z",
  "ZINTERSTORE to 2 y z",
];

/** Pairs of sets of strings (a, b), of integers (i, j), and of sorted sets (y, z). */
async function fillPairs(client: ControlClient, count: number): Promise<void> {
  const half = count >> 1;
  await client.load(setOf("a", count));
  await client.load(setOf("b", count, half));
  await client.load(setOf("i", count, 0, String));
  await client.load(setOf("j", count, half, String));
  await client.load(sortedSetOf("y", count));
  await client.load(sortedSetOf("z", count, { from: half }));
}

function variants(commands: readonly string[]): ThroughputVariant[] {
  return commands.flatMap((words) =>
    [1, 16].map((pipeline) => ({
      label: words,
      pipeline,
      command: words.split(" "),
      throughputGoal: pipeline === 1 ? UNPIPELINED : PIPELINED,
    }))
  );
}

async function measureLarge(context: CaseContext): Promise<void> {
  const { options, kinds } = context;
  await using servers = await RunningServers.start(kinds);
  for (const server of servers.all) {
    using client = await server.connect();
    await fillPairs(client, options.keys);
  }
  for (const words of LARGE_COMMANDS) {
    const cpu = new Samples();
    for (let round = 0; round < options.rounds; round++) {
      for (const server of servers.inRound(round)) {
        using client = await server.connect();
        const before = server.cpuSeconds;
        await client.ask(...words.split(" "));
        cpu.add(server.kind, (server.cpuSeconds - before) * 1000);
      }
    }
    context.report({
      case: "algebra/large",
      variant: words,
      metric: "cpu",
      unit: "ms",
      samples: cpu.lists,
      goal: LARGE,
    });
  }
}

export const ALGEBRA_CASES: readonly BenchCase[] = [
  throughputCase({
    name: "algebra/sets",
    summary: "SINTER and its kin on two sets of 100 members, pipeline 1 and 16",
    random: false,
    fill: (client) => fillPairs(client, SMALL),
    variants: variants(SET_COMMANDS),
  }),
  throughputCase({
    name: "algebra/sorted-sets",
    summary: "ZINTER and its kin on two sorted sets of 100 members, pipeline 1 and 16",
    random: false,
    fill: (client) => fillPairs(client, SMALL),
    variants: variants(SORTED_SET_COMMANDS),
  }),
  {
    name: "algebra/large",
    summary: "CPU time of set algebra on two sets, and two sorted sets, of 1 M members",
    run: measureLarge,
  },
];
