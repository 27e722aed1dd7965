/**
 * Lookups that a call or a pipeline makes many of, in a store and in collections that no cache
 * holds.
 */

import { stringData } from "../../load/workloads.ts";
import type { BenchCase } from "../bench_case.ts";
import { type ThroughputCase, throughputCase } from "../throughput_case.ts";
import { hashOf, setOf, sortedSetOf } from "./data.ts";

const KEYS_A_CALL = 10;
const COLLECTION = "large";
const MEMBER = "element:__rand_int__";
const VALUE = "value-of-16bytes";

const members = Array.from({ length: KEYS_A_CALL }, () => MEMBER);
const keys = Array.from({ length: KEYS_A_CALL }, () => "key:__rand_int__");

function lookups(
  label: string,
  summary: string,
  fill: ThroughputCase["fill"],
  command: readonly string[],
): BenchCase {
  const name = command[0].toLowerCase();
  return throughputCase({
    name: `lookups/${name}`,
    summary: `${summary}, pipeline 1, 16 and 128`,
    random: true,
    fill,
    variants: [1, 16, 128].map((pipeline) => ({ label, pipeline, command })),
  });
}

export const LOOKUP_CASES: readonly BenchCase[] = [
  lookups(
    `MGET of ${KEYS_A_CALL} keys`,
    `MGET of ${KEYS_A_CALL} of 1 M random keys`,
    (client, options) => client.load(stringData(options.keys)),
    ["MGET", ...keys],
  ),
  lookups(
    `MSET of ${KEYS_A_CALL} keys`,
    `MSET of ${KEYS_A_CALL} of 1 M random keys`,
    (client, options) => client.load(stringData(options.keys)),
    ["MSET", ...keys.flatMap((key) => [key, VALUE])],
  ),
  lookups(
    "HGET",
    "HGET of a random field in a hash of 1 M",
    (client, options) => client.load(hashOf(COLLECTION, options.keys)),
    ["HGET", COLLECTION, MEMBER],
  ),
  lookups(
    "SISMEMBER",
    "SISMEMBER of a random member in a set of 1 M",
    (client, options) => client.load(setOf(COLLECTION, options.keys)),
    ["SISMEMBER", COLLECTION, MEMBER],
  ),
  lookups(
    "ZSCORE",
    "ZSCORE of a random member in a sorted set of 1 M",
    (client, options) => client.load(sortedSetOf(COLLECTION, options.keys)),
    ["ZSCORE", COLLECTION, MEMBER],
  ),
  lookups(
    `ZMSCORE of ${KEYS_A_CALL}`,
    `ZMSCORE of ${KEYS_A_CALL} random members in a sorted set of 1 M`,
    (client, options) => client.load(sortedSetOf(COLLECTION, options.keys)),
    ["ZMSCORE", COLLECTION, ...members],
  ),
  lookups(
    "ZINCRBY",
    "ZINCRBY of a random member in a sorted set of 1 M",
    (client, options) => client.load(sortedSetOf(COLLECTION, options.keys)),
    ["ZINCRBY", COLLECTION, "7", MEMBER],
  ),
];
