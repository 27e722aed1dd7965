/** Every case, in the order in which they run. */

import type { BenchCase } from "../bench_case.ts";
import { connectionsCase } from "./connections.ts";
import { DEFAULT_TEST_CASES } from "./default_tests.ts";
import { floorCase } from "./floor.ts";
import { GENERIC_CASES } from "./generic.ts";
import { HASH_CASES } from "./hashes.ts";
import { LOOKUP_CASES } from "./lookups.ts";
import { MEMORY_CASES } from "./memory.ts";
import { SESSION_CASES } from "./sessions.ts";
import { SORTED_SET_CASES } from "./sorted_sets.ts";
import { keysCase } from "./strings.ts";
import { tailLatencyCase } from "./tail_latency.ts";
import { unlinkCase } from "./unlink.ts";

export const ALL_CASES: readonly BenchCase[] = [
  keysCase,
  ...DEFAULT_TEST_CASES,
  floorCase,
  ...SORTED_SET_CASES,
  ...LOOKUP_CASES,
  ...GENERIC_CASES,
  ...HASH_CASES,
  ...SESSION_CASES,
  ...MEMORY_CASES,
  unlinkCase,
  connectionsCase,
  tailLatencyCase,
];
