/**
 * Commands on one sorted set of a million members: scores that move, pages by score, and all the other
 * commands that there are. Those that take elements away find one for each request of their run.
 */

import type { ControlClient } from "../../load/control_client.ts";
import type { ServerKind } from "../../server_processes.ts";
import type { BenchCase } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";
import { sortedSetOf } from "./data.ts";

const KEY = "board";
const RESULT = "result";
const RANDOM = "__rand_int__";
const MEMBER = `element:${RANDOM}`;
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

/** Redis's own pace, and more where requests come together. */
function others(label: string, command: readonly string[]): ThroughputVariant[] {
  return [
    { label, pipeline: 1, command, throughputGoal: { ratioAtLeast: 0.95 } },
    { label, pipeline: 16, command, throughputGoal: { ratioAtLeast: 1.1 } },
  ];
}

const SCORES = [RANDOM, "+inf"];
const PART = ["LIMIT", "0", PAGE];
/** Members of a set in which all scores are 0, from one on: by name. */
const FROM_MEMBER = `[element:${RANDOM}`;

const READS: readonly (readonly [label: string, command: readonly string[]])[] = [
  ["ZCARD", ["ZCARD", KEY]],
  ["ZRANK", ["ZRANK", KEY, MEMBER]],
  ["ZREVRANK", ["ZREVRANK", KEY, MEMBER]],
  ["ZMSCORE of 3", ["ZMSCORE", KEY, MEMBER, MEMBER, MEMBER]],
  ["ZCOUNT", ["ZCOUNT", KEY, ...SCORES]],
  ["ZRANGE of 10 ranks", ["ZRANGE", KEY, "0", "9"]],
  ["ZREVRANGE of 10 with scores", ["ZREVRANGE", KEY, "0", "9", "WITHSCORES"]],
  ["ZRANGEBYSCORE of 10", ["ZRANGEBYSCORE", KEY, ...SCORES, ...PART]],
  ["ZREVRANGEBYSCORE of 10", ["ZREVRANGEBYSCORE", KEY, RANDOM, "-inf", ...PART]],
  ["ZRANDMEMBER", ["ZRANDMEMBER", KEY]],
  ["ZRANDMEMBER of 10 with scores", ["ZRANDMEMBER", KEY, "10", "WITHSCORES"]],
  ["ZSCAN", ["ZSCAN", KEY, RANDOM]],
  ["ZRANGESTORE of 10 ranks", ["ZRANGESTORE", RESULT, KEY, "1000", "1009"]],
  ["ZRANGESTORE of 10 scores", ["ZRANGESTORE", RESULT, KEY, ...SCORES, "BYSCORE", ...PART]],
  ["ZINCRBY", ["ZINCRBY", KEY, "1", MEMBER]],
];

const LEX_READS: readonly (readonly [label: string, command: readonly string[]])[] = [
  ["ZLEXCOUNT", ["ZLEXCOUNT", KEY, FROM_MEMBER, "+"]],
  ["ZRANGEBYLEX of 10", ["ZRANGEBYLEX", KEY, FROM_MEMBER, "+", ...PART]],
  ["ZREVRANGEBYLEX of 10", ["ZREVRANGEBYLEX", KEY, FROM_MEMBER, "-", ...PART]],
];

const REMOVALS: readonly (readonly [label: string, command: readonly string[]])[] = [
  ["ZREM", ["ZREM", KEY, MEMBER]],
  ["ZPOPMIN", ["ZPOPMIN", KEY]],
  ["ZPOPMAX", ["ZPOPMAX", KEY]],
  ["ZMPOP", ["ZMPOP", "1", KEY, "MIN"]],
  ["BZPOPMIN", ["BZPOPMIN", KEY, "1"]],
  ["BZPOPMAX", ["BZPOPMAX", KEY, "1"]],
  ["BZMPOP", ["BZMPOP", "1", "1", KEY, "MAX"]],
  ["ZREMRANGEBYRANK", ["ZREMRANGEBYRANK", KEY, "0", "0"]],
  ["ZREMRANGEBYSCORE", ["ZREMRANGEBYSCORE", KEY, RANDOM, RANDOM]],
  ["ZREMRANGEBYLEX", ["ZREMRANGEBYLEX", KEY, FROM_MEMBER, FROM_MEMBER]],
];

/** As many elements as a run has requests: none of them finds the set empty. */
async function refill(client: ControlClient, requests: number): Promise<void> {
  await client.ask("DEL", KEY);
  await client.load(sortedSetOf(KEY, requests));
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
  throughputCase({
    name: "sorted-set/others",
    summary: "Commands that read, count or copy a sorted set of 1 M, pipeline 1 and 16",
    random: true,
    fill: (client, { keys }) => client.load(sortedSetOf(KEY, keys)),
    variants: READS.flatMap(([label, command]) => others(label, command)),
  }),
  throughputCase({
    name: "sorted-set/lex",
    summary: "Ranges by member in a sorted set of 1 M whose scores are all 0, pipeline 1 and 16",
    random: true,
    fill: (client, { keys }) => client.load(sortedSetOf(KEY, keys, { score: () => 0 })),
    variants: LEX_READS.flatMap(([label, command]) => others(label, command)),
  }),
  throughputCase({
    name: "sorted-set/removal",
    summary: "Commands that take elements out of a sorted set, one at a time, pipeline 1 and 16",
    random: true,
    beforeRun: refill,
    variants: REMOVALS.flatMap(([label, command]) => others(label, command)),
  }),
];
