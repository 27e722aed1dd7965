/** GET and SET of random keys in a full server: the case that caches cannot hide. */

import { stringData } from "../../load/workloads.ts";
import type { Goal } from "../measurement.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";

const KEY = "key:__rand_int__";
const VALUE = "value-of-16bytes";

const THROUGHPUT_GOALS: Readonly<Record<number, Goal>> = {
  1: { ratioAtLeast: 0.97 },
  16: { ratioAtLeast: 1.3 },
  128: { ratioAtLeast: 1.8 },
};
const CPU_GOALS: Readonly<Record<number, Goal>> = { 128: { ratioAtMost: 0.55 } };

function variants(label: string, command: readonly string[]): ThroughputVariant[] {
  return [1, 16, 128].map((pipeline) => ({
    label,
    pipeline,
    command,
    throughputGoal: THROUGHPUT_GOALS[pipeline],
    cpuGoal: CPU_GOALS[pipeline],
  }));
}

export const keysCase = throughputCase({
  name: "keys",
  summary: "GET and SET of 1 M random 16-byte keys with 16-byte values, pipeline 1, 16, 128",
  random: true,
  fill: (client, { keys }) => client.load(stringData(keys)),
  variants: [
    ...variants("GET random", ["GET", KEY]),
    ...variants("SET random", ["SET", KEY, VALUE]),
  ],
});
