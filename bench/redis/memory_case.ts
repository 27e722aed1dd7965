/**
 * Cases that load data and look at what it did to the server's resident memory, and to what it counts
 * as used itself.
 *
 * ```
 * fresh server ─▶ warm up ─▶ settle ─▶ RSS before ─▶ load ─▶ settle ─▶ RSS after
 *                                                    growth = after - before
 * ```
 *
 * Each round has a server of its own: what a process has once touched may never come back. That is
 * also why it is warmed up, with a few of the same commands whose data is then removed: the code
 * that they run and the buffers that they need are in memory before the first reading, so growth is
 * what the data takes and nothing else. The RSS after loading has all of it in.
 */

import type { CheckedRequest, ControlClient } from "../load/control_client.ts";
import { ServerProcess } from "../server_processes.ts";
import { type BenchCase, type CaseContext, Samples } from "./bench_case.ts";
import type { Goal } from "./measurement.ts";
import { settled } from "./settled.ts";

export interface MemoryCase {
  readonly name: string;
  readonly summary: string;
  /** The data, of `count` keys or members. */
  readonly data: (count: number) => Iterable<CheckedRequest>;
  /** What `count` counts. */
  readonly item: "key" | "member";
  /** For the whole process after loading, in MB (1,000,000 bytes). */
  readonly residentGoal?: Goal;
  /** For the growth by each item, in bytes. */
  readonly growthGoal?: Goal;
}

/** Keys or members of the warm-up: little to keep. */
const WARM_UP_ITEMS = 20_000;
/**
 * How often they are loaded: enough for the hot code to be compiled also where a hundred of them are
 * one request.
 */
const WARM_UP_LOADS = 5;

/** A case made from its description. */
export function memoryCase(description: MemoryCase): BenchCase {
  return {
    name: description.name,
    summary: description.summary,
    run: (context) => measure(description, context),
  };
}

async function measure(description: MemoryCase, context: CaseContext): Promise<void> {
  const { loadRounds, keys } = context.options;
  const resident = new Samples();
  const growth = new Samples();
  const used = new Samples();
  for (let round = 0; round < loadRounds; round++) {
    for (const kind of context.kinds) {
      await using server = await ServerProcess.start(kind);
      using client = await server.connect();
      for (let load = 0; load < WARM_UP_LOADS; load++) {
        await client.load(description.data(Math.min(WARM_UP_ITEMS, keys)));
        await client.ask("FLUSHALL", "SYNC");
      }
      const before = await settled(() => server.residentBytes);
      const usedBefore = await usedMemory(client);
      await client.load(description.data(keys));
      const after = await settled(() => server.residentBytes);
      resident.add(kind, after / 1e6);
      growth.add(kind, (after - before) / keys);
      used.add(kind, (await usedMemory(client) - usedBefore) / keys);
    }
  }
  const base = { case: description.name, metric: "memory" } as const;
  context.report({
    ...base,
    variant: "RSS",
    unit: "MB",
    samples: resident.lists,
    goal: description.residentGoal,
  });
  context.report({
    ...base,
    variant: `growth a ${description.item}`,
    unit: "bytes",
    samples: growth.lists,
    goal: description.growthGoal,
  });
  context.report({
    ...base,
    variant: `used_memory a ${description.item}`,
    unit: "bytes",
    samples: used.lists,
  });
}

/** What the server itself counts as used for data and clients, in bytes. */
async function usedMemory(client: ControlClient): Promise<number> {
  const info = await client.ask("INFO", "memory");
  const text = info instanceof Uint8Array ? new TextDecoder().decode(info) : "";
  return Number(/used_memory:(\d+)/.exec(text)?.[1] ?? NaN);
}
