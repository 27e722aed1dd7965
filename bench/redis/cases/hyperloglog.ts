/** HyperLogLogs: elements that are added, and ten large ones that are counted and merged. */

import type { BenchCase } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { type ThroughputCase, throughputCase, type ThroughputVariant } from "../throughput_case.ts";

const RANDOM = "__rand_int__";
const TEN = Array.from({ length: 10 }, (_, i) => `dense:${i}`);
const ELEMENTS_A_KEY = 10_000;
const ELEMENTS_A_CALL = 500;
const UNPIPELINED: Goal = { ratioAtLeast: 0.95 };
const PIPELINED: Goal = { ratioAtLeast: 1.1 };
/** Of what takes a server tens of microseconds by itself. */
const LONG: Goal = { ratioAtLeast: 1 / 1.5 };

const fill: ThroughputCase["fill"] = async (client) => {
  for (const key of TEN) {
    for (let first = 0; first < ELEMENTS_A_KEY; first += ELEMENTS_A_CALL) {
      const elements = Array.from({ length: ELEMENTS_A_CALL }, (_, i) => `${key}:${first + i}`);
      await client.ask("PFADD", key, ...elements);
    }
  }
  await client.ask("PFADD", "sparse", ...Array.from({ length: 100 }, (_, i) => `element:${i}`));
};

function hyperLogLogs(
  label: string,
  command: readonly string[],
  goals: readonly [Goal, Goal] = [UNPIPELINED, PIPELINED],
): BenchCase {
  const variants: ThroughputVariant[] = [1, 16].map((pipeline, i) => ({
    label,
    pipeline,
    command,
    throughputGoal: goals[i],
  }));
  return throughputCase({
    name: `hyperloglog/${label.toLowerCase().replaceAll(" ", "-")}`,
    summary: `${command[0]} (${label}), pipeline 1 and 16`,
    random: true,
    fill,
    variants,
  });
}

export const HYPERLOGLOG_CASES: readonly BenchCase[] = [
  hyperLogLogs("PFADD dense", ["PFADD", "dense:0", `element:${RANDOM}`]),
  hyperLogLogs("PFADD sparse", ["PFADD", `sparse:${RANDOM}`, "a", "b", "c"]),
  hyperLogLogs("PFCOUNT", ["PFCOUNT", "sparse"]),
  hyperLogLogs("PFCOUNT of ten", ["PFCOUNT", ...TEN], [LONG, LONG]),
  hyperLogLogs("PFMERGE of ten", ["PFMERGE", "merged", ...TEN], [LONG, LONG]),
];
