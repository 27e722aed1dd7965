/**
 * A full cache: how fast new keys come in where others have to go, and how many requests of a Zipf load
 * find their key, with as many keys and with as much memory.
 *
 * ```
 * throughput   load keys ─▶ maxmemory = used_memory ─▶ SET of keys that are not there
 * hits         maxmemory ─▶ GET, and SET where that found nothing ─▶ the last two thirds count
 * ```
 */

import type { ControlClient } from "../../load/control_client.ts";
import { stringData } from "../../load/workloads.ts";
import { ServerProcess } from "../../server_processes.ts";
import { type BenchCase, type CaseContext, Samples } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { throughputCase } from "../throughput_case.ts";

const VALUE = "value-of-16bytes";
const POLICIES = ["allkeys-lru", "allkeys-lfu"] as const;
const GOALS: Readonly<Record<number, Goal>> = {
  1: { ratioAtLeast: 1 },
  16: { ratioAtLeast: 1.3 },
};

/** Keys of the load of hits; a fifth of them fits. */
const NAMES = 50_000;
const FITTING = NAMES / 5;
const REQUESTS = 150_000;
/** What a key and its value take on a redis-server, about. */
const BYTES_PER_KEY = 104;

/** Has a server evict from now on. */
async function fillUp(client: ControlClient, policy: string): Promise<void> {
  await client.ask("CONFIG", "SET", "maxmemory-policy", policy);
  await client.ask("CONFIG", "SET", "maxmemory", String(await usedMemory(client)));
}

/** What the server itself counts as used for data and clients, in bytes. */
async function usedMemory(client: ControlClient): Promise<number> {
  const info = await client.ask("INFO", "memory");
  const text = info instanceof Uint8Array ? new TextDecoder().decode(info) : "";
  return Number(/used_memory:(\d+)/.exec(text)![1]);
}

/** Ranks of a Zipf load, the same at every call: the n-th an n-th as often as the first. */
function* zipf(count: number): Generator<number> {
  const sums: number[] = [];
  let sum = 0;
  for (let i = 1; i <= NAMES; i++) sums.push(sum += 1 / i);
  let state = 42;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const wanted = (Math.imul(state, 0x9e3779b1) >>> 0) / 2 ** 32 * sum;
    let low = 0;
    let high = NAMES - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    yield low;
  }
}

/** Percent of requests that find their key. */
async function hits(client: ControlClient): Promise<number> {
  let done = 0;
  let found = 0;
  for (const rank of zipf(REQUESTS)) {
    const isCounted = done++ >= REQUESTS / 3;
    const key = `key:${String(rank).padStart(12, "0")}`;
    if (await client.ask("GET", key) !== null) {
      if (isCounted) found++;
    } else await client.ask("SET", key, VALUE);
  }
  return 100 * found / (REQUESTS - REQUESTS / 3);
}

async function measureHits(context: CaseContext, byMemory: boolean): Promise<void> {
  for (const policy of POLICIES) {
    const samples = new Samples();
    const keys = new Samples();
    for (let round = 0; round < context.options.loadRounds; round++) {
      for (const kind of context.kinds) {
        await using server = await ServerProcess.start(kind);
        if (!byMemory) {
          // Whose buffers are large is gone before memory is measured.
          using loader = await server.connect();
          await loader.load(stringData(FITTING));
        }
        using client = await server.connect();
        if (byMemory) {
          const limitBytes = await usedMemory(client) + FITTING * BYTES_PER_KEY;
          await client.ask("CONFIG", "SET", "maxmemory-policy", policy);
          await client.ask("CONFIG", "SET", "maxmemory", String(limitBytes));
        } else {
          await fillUp(client, policy);
        }
        samples.add(kind, await hits(client));
        keys.add(kind, Number(await client.ask("DBSIZE")));
      }
    }
    const base = {
      case: "eviction/hits",
      variant: `${policy}, as ${byMemory ? "much memory" : "many keys"}`,
      metric: "count",
    } as const;
    context.report({
      ...base,
      unit: "% hits",
      samples: samples.lists,
      goal: { ratioAtLeast: 0.97 },
    });
    context.report({ ...base, unit: "keys", samples: keys.lists });
  }
}

export const EVICTION_CASES: readonly BenchCase[] = [
  ...POLICIES.map((policy) =>
    throughputCase({
      name: `eviction/${policy}`,
      summary: `SET of new random keys at a full cache of 1 M keys, ${policy}, pipeline 1, 16`,
      random: true,
      numbersPerKey: 100,
      fill: async (client, { keys }) => {
        await client.load(stringData(keys));
        await fillUp(client, policy);
      },
      variants: [1, 16].map((pipeline) => ({
        label: "SET new",
        pipeline,
        command: ["SET", "key:__rand_int__", VALUE],
        throughputGoal: GOALS[pipeline],
      })),
    })
  ),
  {
    name: "eviction/hits",
    summary: "hits of a Zipf load by policy, with as many keys, and with as much memory",
    async run(context) {
      await measureHits(context, false);
      await measureHits(context, true);
    },
  },
];
