/** What a million keys, or members of one key, cost in memory, as resident and as `used_memory`. */

import { stringData } from "../../load/workloads.ts";
import type { BenchCase } from "../bench_case.ts";
import { memoryCase } from "../memory_case.ts";
import {
  hashOf,
  listOf,
  mixedKeys,
  setOf,
  smallHashes,
  smallIntegerSets,
  smallLists,
  smallSortedSets,
  sortedSetOf,
} from "./data.ts";

const KEY = "large";

export const MEMORY_CASES: readonly BenchCase[] = [
  memoryCase({
    name: "memory/keys",
    summary: "memory after loading 1 M 16-byte keys with 16-byte values",
    data: stringData,
    item: "key",
    residentGoal: { atMost: 100, ratioAtMost: 0.7 },
  }),
  memoryCase({
    name: "memory/mixed",
    summary: "memory after loading 1 M keys of five types, a third of them with a TTL",
    data: mixedKeys,
    item: "key",
    residentGoal: { ratioAtMost: 0.75 },
  }),
  memoryCase({
    name: "memory/sorted-set",
    summary: "bytes a member of one sorted set of 1 M",
    data: (count) => sortedSetOf(KEY, count),
    item: "member",
    growthGoal: { ratioAtMost: 0.6 },
  }),
  memoryCase({
    name: "memory/set",
    summary: "bytes a member of one set of 1 M",
    data: (count) => setOf(KEY, count),
    item: "member",
    growthGoal: { ratioAtMost: 0.6 },
  }),
  memoryCase({
    name: "memory/hash",
    summary: "bytes a field of one hash of 1 M, values of 16 bytes",
    data: (count) => hashOf(KEY, count),
    item: "member",
    growthGoal: { ratioAtMost: 0.6 },
  }),
  memoryCase({
    name: "memory/list",
    summary: "bytes an element of one list of 1 M",
    data: (count) => listOf(KEY, count),
    item: "member",
    growthGoal: { ratioAtMost: 1.05 },
  }),
  memoryCase({
    name: "memory/small-hashes",
    summary: "bytes a key of 1 M hashes of 5 fields",
    data: smallHashes,
    item: "key",
    growthGoal: { ratioAtMost: 0.6 },
  }),
  memoryCase({
    name: "memory/small-sets",
    summary: "bytes a key of 1 M sets of 5 integers",
    data: smallIntegerSets,
    item: "key",
    growthGoal: { ratioAtMost: 0.6 },
  }),
  memoryCase({
    name: "memory/small-lists",
    summary: "bytes a key of 1 M lists of 5 elements",
    data: smallLists,
    item: "key",
    growthGoal: { ratioAtMost: 0.6 },
  }),
  memoryCase({
    name: "memory/small-sorted-sets",
    summary: "bytes a key of 1 M sorted sets of 5 members",
    data: smallSortedSets,
    item: "key",
    growthGoal: { ratioAtMost: 0.6 },
  }),
];
