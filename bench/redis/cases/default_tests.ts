/**
 * Every test that redis-benchmark runs by itself, each a case of its own: pipeline 1 and 16.
 *
 * Its tests prepare each other (LPUSH fills the list that LPOP empties); here each one finds what
 * it would have found in that sequence.
 */

import type { ControlClient } from "../../load/control_client.ts";
import type { BenchCase } from "../bench_case.ts";
import { type ThroughputCase, throughputCase } from "../throughput_case.ts";
import { listOf } from "./data.ts";

const LIST = "mylist";
/** As long as redis-benchmark's values are without -d. */
const ELEMENT = "VXK";
const LRANGE_LIST_LENGTH = 100_000;

interface DefaultTest {
  /** The name in redis-benchmark's results, in lower case. */
  readonly name: string;
  /** Instead of `-t name`, for tests whose run includes another one. */
  readonly command?: readonly string[];
  readonly fill?: ThroughputCase["fill"];
  readonly beforeRun?: ThroughputCase["beforeRun"];
}

async function emptyList(client: ControlClient): Promise<void> {
  await client.ask("DEL", LIST);
}

/** A list with an element for each request of the run. */
async function fullList(client: ControlClient, requests: number): Promise<void> {
  await emptyList(client);
  await client.load(listOf(LIST, requests, () => ELEMENT));
}

function lrange(length: number): DefaultTest {
  return {
    name: `lrange_${length}`,
    command: ["LRANGE", LIST, "0", String(length - 1)],
    fill: (client) => client.load(listOf(LIST, LRANGE_LIST_LENGTH, () => ELEMENT)),
  };
}

const TESTS: readonly DefaultTest[] = [
  { name: "ping_inline" },
  { name: "ping_mbulk" },
  { name: "set" },
  { name: "get" },
  { name: "incr" },
  { name: "lpush", beforeRun: emptyList },
  { name: "rpush", beforeRun: emptyList },
  { name: "lpop", beforeRun: fullList },
  { name: "rpop", beforeRun: fullList },
  { name: "sadd" },
  { name: "hset" },
  { name: "spop" },
  { name: "zadd" },
  { name: "zpopmin" },
  lrange(100),
  lrange(300),
  lrange(500),
  lrange(600),
  { name: "mset" },
];

export const DEFAULT_TEST_CASES: readonly BenchCase[] = TESTS.map((test) => {
  const command = test.command ?? ["-t", test.name];
  const label = test.name.toUpperCase();
  return throughputCase({
    name: `defaults/${test.name}`,
    summary: `redis-benchmark's own ${label}, pipeline 1 and 16`,
    random: false,
    fill: test.fill,
    beforeRun: test.beforeRun,
    variants: [
      { label, pipeline: 1, command, throughputGoal: { ratioAtLeast: 0.95 } },
      { label, pipeline: 16, command, throughputGoal: { ratioAtLeast: 1.2 } },
    ],
  });
});
