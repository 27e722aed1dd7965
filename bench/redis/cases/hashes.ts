/**
 * Commands of hashes: on one of five fields, on one of a hundred, and on one of a million.
 *
 * What only newer versions of redis-server know is measured beside the nearest that all know: a field
 * that gets an expiry beside one that gets a value, an expiry that is told beside a value.
 */

import type { BenchCase } from "../bench_case.ts";
import type { Goal } from "../measurement.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";
import { hashOf } from "./data.ts";

const SMALL = "small";
const HUNDRED = "hundred";
const LARGE = "large";
const FIELD = "element:__rand_int__";
const VALUE = "value-of-16bytes";
const IN_AN_HOUR = "3600";
const GOALS: Readonly<Record<number, Goal>> = {
  1: { ratioAtLeast: 0.95 },
  16: { ratioAtLeast: 1.1 },
};

/** @param nearest what redis-server is asked in its place */
function variants(
  label: string,
  command: readonly string[],
  nearest: readonly string[] = command,
): ThroughputVariant[] {
  return [1, 16].map((pipeline) => ({
    label,
    pipeline,
    command: (kind) => kind === "ravel" ? command : nearest,
    throughputGoal: GOALS[pipeline],
  }));
}

const pairs = (count: number) =>
  Array.from({ length: count }, (_, i) => [`field${i}`, VALUE]).flat();

const smallHashes = throughputCase({
  name: "hashes/small",
  summary: "commands on hashes of 5 and of 100 fields, pipeline 1 and 16",
  random: true,
  async fill(client) {
    await client.ask("HSET", SMALL, ...pairs(5), "n", "0", "x", "0.5");
    await client.ask("HSET", HUNDRED, ...pairs(100));
  },
  variants: [
    ...variants("HSET of 5 fields", ["HSET", SMALL, ...pairs(5)]),
    ...variants("HMSET of 5 fields", ["HMSET", SMALL, ...pairs(5)]),
    ...variants("HSETNX", ["HSETNX", SMALL, "field0", VALUE]),
    ...variants("HGET", ["HGET", SMALL, "field4"]),
    ...variants("HMGET of 5 fields", ["HMGET", SMALL, ...pairs(5).filter((_, i) => i % 2 === 0)]),
    ...variants("HEXISTS", ["HEXISTS", SMALL, "field4"]),
    ...variants("HSTRLEN", ["HSTRLEN", SMALL, "field4"]),
    ...variants("HLEN", ["HLEN", SMALL]),
    ...variants("HINCRBY", ["HINCRBY", SMALL, "n", "7"]),
    ...variants("HINCRBYFLOAT", ["HINCRBYFLOAT", SMALL, "x", "0.25"]),
    ...variants("HGETALL of 5 fields", ["HGETALL", SMALL]),
    ...variants("HGETALL of 100 fields", ["HGETALL", HUNDRED]),
    ...variants("HKEYS of 100 fields", ["HKEYS", HUNDRED]),
    ...variants("HVALS of 100 fields", ["HVALS", HUNDRED]),
    ...variants("HRANDFIELD", ["HRANDFIELD", SMALL]),
    ...variants("HSCAN of 5 fields", ["HSCAN", SMALL, "0"]),
    ...variants("HSCAN NOVALUES", ["HSCAN", SMALL, "0", "NOVALUES"], ["HSCAN", SMALL, "0"]),
    ...variants("HDEL of what is not there", ["HDEL", SMALL, "none"]),
  ],
});

const expiringFields = throughputCase({
  name: "hashes/expiring",
  summary: "fields that expire, of a hash of 5 and of one of 1 M, pipeline 1 and 16",
  random: true,
  async fill(client, { keys }) {
    await client.ask("HSET", SMALL, ...pairs(5));
    await client.load(hashOf(LARGE, keys));
  },
  variants: [
    ...variants(
      "HEXPIRE in a small hash",
      ["HEXPIRE", SMALL, IN_AN_HOUR, "FIELDS", "1", "field3"],
      ["HSET", SMALL, "field3", VALUE],
    ),
    ...variants(
      "HTTL in a small hash",
      ["HTTL", SMALL, "FIELDS", "1", "field3"],
      ["HGET", SMALL, "field3"],
    ),
    ...variants(
      "HEXPIRE",
      ["HEXPIRE", LARGE, IN_AN_HOUR, "FIELDS", "1", FIELD],
      ["HSET", LARGE, FIELD, VALUE],
    ),
    ...variants("HTTL", ["HTTL", LARGE, "FIELDS", "1", FIELD], ["HGET", LARGE, FIELD]),
    ...variants(
      "HPEXPIRETIME",
      ["HPEXPIRETIME", LARGE, "FIELDS", "1", FIELD],
      ["HGET", LARGE, FIELD],
    ),
    ...variants("HGET of one that expires", ["HGET", LARGE, FIELD]),
    ...variants(
      "HSETEX",
      ["HSETEX", LARGE, "EX", IN_AN_HOUR, "FIELDS", "1", FIELD, VALUE],
      ["HSET", LARGE, FIELD, VALUE],
    ),
    ...variants(
      "HGETEX",
      ["HGETEX", LARGE, "EX", IN_AN_HOUR, "FIELDS", "1", FIELD],
      ["HGET", LARGE, FIELD],
    ),
    ...variants("HPERSIST", ["HPERSIST", LARGE, "FIELDS", "1", FIELD], [
      "HSET",
      LARGE,
      FIELD,
      VALUE,
    ]),
    ...variants("HGETDEL", ["HGETDEL", LARGE, "FIELDS", "1", FIELD], ["HDEL", LARGE, FIELD]),
  ],
});

export const HASH_CASES: readonly BenchCase[] = [smallHashes, expiringFields];
