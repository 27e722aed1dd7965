/**
 * A case for one command among many: it need not shine, and must not be slower than redis-server,
 * neither where each request waits for the reply before it, nor 16 deep.
 */

import type { ServerKind } from "../../server_processes.ts";
import type { BenchCase } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { type ThroughputCase, throughputCase } from "../throughput_case.ts";

const GOALS: readonly (readonly [pipeline: number, goal: Goal])[] = [
  [1, { ratioAtLeast: 0.95 }],
  [16, { ratioAtLeast: 1.1 }],
];

export interface CommandCaseOptions {
  /** What the case is called within its group; the command's name, where it is left out. */
  readonly name?: string;
  /** What redis-server is sent, where it lacks the command: the nearest that it has. */
  readonly instead?: readonly string[];
  readonly fill?: ThroughputCase["fill"];
  readonly beforeRun?: ThroughputCase["beforeRun"];
}

/** The case `group/name` of a command, whose `__rand_int__` are numbers below that of the keys. */
export function commandCase(
  group: string,
  command: readonly string[],
  { name = command[0].toLowerCase(), instead, fill, beforeRun }: CommandCaseOptions = {},
): BenchCase {
  const words = command.join(" ").replaceAll("__rand_int__", "…");
  return throughputCase({
    name: `${group}/${name}`,
    summary: `${words}, pipeline 1 and 16`,
    random: true,
    fill,
    beforeRun,
    variants: GOALS.map(([pipeline, throughputGoal]) => ({
      label: name.toUpperCase(),
      pipeline,
      command: (kind: ServerKind) => kind === "ravel" ? command : instead ?? command,
      throughputGoal,
    })),
  });
}
