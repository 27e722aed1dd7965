// Cases that load data and look at what it did to the server's resident memory.
//
//     fresh server ─▶ RSS before ─▶ load ─▶ pause ─▶ RSS after        growth = after - before
//
// Each round has a server of its own: what a process has once touched may never come back.

import type { CheckedRequest } from "../load/control_client.ts";
import { ServerProcess } from "../server_processes.ts";
import { type BenchCase, type CaseContext, Samples } from "./bench_case.ts";
import type { Goal } from "./measurement.ts";

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

/** Time for a server to end what it does in the background after loading. */
const SETTLE_MS = 1500;

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
  for (let round = 0; round < loadRounds; round++) {
    for (const kind of context.kinds) {
      await using server = await ServerProcess.start(kind);
      await pause();
      const before = server.residentBytes;
      {
        using client = await server.connect();
        await client.load(description.data(keys));
      }
      await pause();
      const after = server.residentBytes;
      resident.add(kind, after / 1e6);
      growth.add(kind, (after - before) / keys);
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
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}
