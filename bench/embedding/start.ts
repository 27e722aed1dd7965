/** How long a program waits for its server: the first one, with the import of the package, and others. */

import { median } from "../statistics.ts";
import type { Figure } from "./figure.ts";
import { type Bench, figuresOf, inTurns } from "./package_bench.ts";

/** Each round is a process; what comes late in a process that has warmed up is measured there too. */
const PROGRAM = `
const startedMs = performance.now();
const { serve } = await import("ravel-server");
const importedMs = performance.now();
const first = await serve();
const listeningMs = performance.now();

const others = [];
const stops = [];
for (let i = 0; i < 11; i++) {
  const beforeMs = performance.now();
  const server = await serve();
  const servingMs = performance.now();
  await server.stop();
  others.push(servingMs - beforeMs);
  stops.push(performance.now() - servingMs);
}
await first.stop();
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
console.log(JSON.stringify({
  importMs: importedMs - startedMs,
  listeningMs: listeningMs - startedMs,
  secondMs: others[0],
  anotherMs: middle(others),
  stopMs: middle(stops),
}));
`;

interface Sample {
  readonly importMs: number;
  readonly listeningMs: number;
  /** The second server of the process, and the median of eleven. */
  readonly secondMs: number;
  readonly anotherMs: number;
  readonly stopMs: number;
}

export async function measureStart(bench: Bench): Promise<Figure[]> {
  await bench.project.write({ "start.mjs": PROGRAM });
  const { options: { rounds }, runtimes } = bench;
  const samples = await inTurns(rounds, runtimes, async (runtime) => {
    const sample = await figuresOf<Sample>(bench, runtime, ["start.mjs"]);
    bench.log(`start, ${runtime.name}: ${sample.listeningMs.toFixed(1)} ms`);
    return sample;
  });
  return runtimes.flatMap((runtime): Figure[] => {
    const middle = (name: keyof Sample) => median(samples.get(runtime)!.map((it) => it[name]));
    const common = { on: runtime.name, unit: "ms" } as const;
    return [
      { ...common, what: "import", value: middle("importMs") },
      {
        ...common,
        what: "import to listening",
        value: middle("listeningMs"),
        goal: { kind: "at most", limit: 60 },
      },
      { ...common, what: "the second server of a process", value: middle("secondMs") },
      {
        ...common,
        what: "another server of the process",
        value: middle("anotherMs"),
        goal: { kind: "at most", limit: 5 },
      },
      { ...common, what: "stopping it", value: middle("stopMs") },
    ];
  });
}
