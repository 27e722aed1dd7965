/**
 * Every command of lists that redis-benchmark has no test for, each a case of its own: pipeline 1 and
 * 16. Pushes and pops of its own are in default_tests.ts.
 */

import type { ControlClient } from "../../load/control_client.ts";
import type { BenchCase } from "../bench_case.ts";
import { type ThroughputCase, throughputCase } from "../throughput_case.ts";
import { listOf } from "./data.ts";

const LIST = "list";
const OTHER = "other";
/** The first and the middle one of a list. */
const HEAD = "element:000000000000";
const INNER = "element:000000000050";
const SHORT = 100;
const LONG = 100_000;

const UNPIPELINED_GOAL = { ratioAtLeast: 0.95 };
const PIPELINED_GOAL = { ratioAtLeast: 1.1 };

/** What the list has before each run: so many elements, or as many as there will be requests. */
type Length = number | "requests";

async function refill(client: ControlClient, length: number): Promise<void> {
  await client.ask("DEL", LIST, OTHER);
  await client.load(listOf(LIST, length));
}

function listCase(command: readonly string[], length: Length, what: string): BenchCase {
  const name = command[0].toLowerCase();
  const prepared: Pick<ThroughputCase, "beforeRun"> = {
    beforeRun: (client, requests) => refill(client, length === "requests" ? requests : length),
  };
  return throughputCase({
    name: `lists/${name}`,
    summary: `${command[0]} ${what}, pipeline 1 and 16`,
    random: false,
    ...prepared,
    variants: [1, 16].map((pipeline) => ({
      label: command[0],
      pipeline,
      command,
      throughputGoal: pipeline === 1 ? UNPIPELINED_GOAL : PIPELINED_GOAL,
    })),
  });
}

export const LIST_CASES: readonly BenchCase[] = [
  listCase(["LPUSHX", LIST, "VXK"], 1, "at a list that is there"),
  listCase(["RPUSHX", LIST, "VXK"], 1, "at a list that is there"),
  listCase(["LLEN", LIST], SHORT, "of a short list"),
  listCase(["LINDEX", LIST, "50"], SHORT, "in the middle of a short list"),
  listCase(["LSET", LIST, "50", "VXK"], SHORT, "in the middle of a short list"),
  listCase(["LINSERT", LIST, "AFTER", HEAD, "VXK"], SHORT, "behind the first element"),
  listCase(["LPOS", LIST, INNER], SHORT, "of the middle of a short list"),
  listCase(["LREM", LIST, "1", "missing"], SHORT, "of what is not in a short list"),
  listCase(["LTRIM", LIST, "0", "-1"], SHORT, "that leaves all of a list"),
  listCase(["LMOVE", LIST, LIST, "LEFT", "RIGHT"], LONG, "from one end of a list to the other"),
  listCase(["RPOPLPUSH", LIST, OTHER], "requests", "from one list to another"),
  listCase(["LMPOP", "2", OTHER, LIST, "LEFT"], "requests", "from the second of two lists"),
  listCase(["BLPOP", LIST, "0"], "requests", "of a list with elements"),
  listCase(["BRPOP", LIST, "0"], "requests", "of a list with elements"),
  listCase(["BLMPOP", "0", "1", LIST, "LEFT"], "requests", "of a list with elements"),
  listCase(["BLMOVE", LIST, LIST, "LEFT", "RIGHT", "0"], LONG, "of a list with elements"),
  listCase(["BRPOPLPUSH", LIST, LIST, "0"], LONG, "of a list with elements"),
];
