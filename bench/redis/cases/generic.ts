/**
 * Values as a whole: small ones that are copied, dumped and looked at by the thousand, and large ones
 * of each type of which a single COPY, DUMP or RESTORE is timed.
 *
 * ```
 *   DUMP k ──▶ bytes          each timed, on a connection by itself
 *   RESTORE r 0 bytes
 *   COPY k c
 * ```
 */

import type { ControlClient } from "../../load/control_client.ts";
import { stringData } from "../../load/workloads.ts";
import { type BenchCase, type CaseContext, RunningServers, Samples } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";
import { hashOf, listOf, setOf, sortedSetOf } from "./data.ts";

const KEY = "key:__rand_int__";
const GOALS: Readonly<Record<number, Goal>> = {
  1: { ratioAtLeast: 0.95 },
  16: { ratioAtLeast: 1.1 },
};

function variants(label: string, ...command: readonly string[]): ThroughputVariant[] {
  return [1, 16].map((pipeline) => ({
    label,
    pipeline,
    command,
    throughputGoal: GOALS[pipeline],
  }));
}

const smallValues = throughputCase({
  name: "generic/small",
  summary: "COPY, DUMP, TOUCH and OBJECT of 1 M random keys, SWAPDB, pipeline 1 and 16",
  random: true,
  async fill(client, { keys }) {
    await client.load(stringData(keys));
    await client.ask("HSET", "hash", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5");
    await client.ask("ZADD", "zset", "1", "a", "2", "b", "3", "c", "4", "d", "5", "e");
  },
  variants: [
    ...variants("COPY of a string", "COPY", KEY, "copy", "REPLACE"),
    ...variants("COPY of a hash of 5", "COPY", "hash", "copy", "REPLACE"),
    ...variants("DUMP of a string", "DUMP", KEY),
    ...variants("DUMP of a sorted set of 5", "DUMP", "zset"),
    ...variants("TOUCH", "TOUCH", KEY),
    ...variants("OBJECT ENCODING", "OBJECT", "ENCODING", KEY),
    ...variants("SWAPDB", "SWAPDB", "0", "1"),
  ],
});

/** What fills the key `k`. */
const LARGE: Readonly<Record<string, (keys: number) => ReturnType<typeof setOf>>> = {
  list: (keys) => listOf("k", keys),
  set: (keys) => setOf("k", keys),
  hash: (keys) => hashOf("k", keys),
  "sorted set": (keys) => sortedSetOf("k", keys),
};

/** Milliseconds that a request takes. */
async function timed(client: ControlClient, ...request: (string | Uint8Array)[]) {
  const startMs = performance.now();
  const reply = await client.ask(...request);
  return { reply, ms: performance.now() - startMs };
}

async function measureLarge(context: CaseContext): Promise<void> {
  const { kinds, options } = context;
  await using servers = await RunningServers.start(kinds);
  for (const [type, fill] of Object.entries(LARGE)) {
    const samples = { COPY: new Samples(), DUMP: new Samples(), RESTORE: new Samples() };
    for (const server of servers.all) {
      using client = await server.connect();
      await client.ask("FLUSHALL");
      await client.load(fill(options.keys));
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const server of servers.inRound(round)) {
        using client = await server.connect();
        const copied = await timed(client, "COPY", "k", "c");
        samples.COPY.add(server.kind, copied.ms);
        await client.ask("UNLINK", "c");
        const dump = await timed(client, "DUMP", "k");
        samples.DUMP.add(server.kind, dump.ms);
        const restored = await timed(client, "RESTORE", "r", "0", dump.reply as Uint8Array);
        samples.RESTORE.add(server.kind, restored.ms);
        await client.ask("UNLINK", "r");
      }
    }
    for (const [command, { lists }] of Object.entries(samples)) {
      context.report({
        case: "generic/large",
        variant: `${command} of a ${type}`,
        metric: "latency",
        unit: "ms",
        samples: lists,
        goal: { ratioAtMost: 1 },
      });
    }
  }
}

export const GENERIC_CASES: readonly BenchCase[] = [smallValues, {
  name: "generic/large",
  summary: "time of COPY, DUMP and RESTORE of a list, set, hash and sorted set of 1 M",
  run: measureLarge,
}];
