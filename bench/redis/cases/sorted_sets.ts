/** Commands on one sorted set of a million members: scores that move, and pages by score. */

import type { ServerKind } from "../../server_processes.ts";
import type { BenchCase } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";
import { sortedSetOf } from "./data.ts";

const KEY = "board";
const RANDOM = "__rand_int__";
const PAGE = "10";
const GOAL: Goal = { ratioAtLeast: 1 };
const PIPELINES = [1, 16];

const ZADD = ["ZADD", KEY, RANDOM, `element:${RANDOM}`];
const ZRANGE = ["ZRANGE", KEY, RANDOM, "+inf", "BYSCORE", "LIMIT", "0", PAGE, "WITHSCORES"];
const ZQUERY = ["ZQUERY", KEY, RANDOM, "", "0", PAGE];

function variants(label: string, command: ThroughputVariant["command"]): ThroughputVariant[] {
  return PIPELINES.map((pipeline) => ({ label, pipeline, command, throughputGoal: GOAL }));
}

/** Redis has no ZQUERY; the page of scores that it would answer is the nearest it has. */
function zquery(kind: ServerKind): readonly string[] {
  return kind === "ravel" ? ZQUERY : ZRANGE;
}

export const SORTED_SET_CASES: readonly BenchCase[] = [
  throughputCase({
    name: "sorted-set/zadd",
    summary: "ZADD of other scores to members of a sorted set of 1 M, pipeline 1 and 16",
    random: true,
    fill: (client, { keys }) => client.load(sortedSetOf(KEY, keys)),
    variants: variants("ZADD", ZADD),
  }),
  throughputCase({
    name: "sorted-set/range",
    summary: "ZRANGE BYSCORE LIMIT 0 10 in a sorted set of 1 M, and ZQUERY against it",
    random: true,
    fill: (client, { keys }) => client.load(sortedSetOf(KEY, keys)),
    variants: [...variants("ZRANGE", ZRANGE), ...variants("ZQUERY", zquery)],
  }),
];
