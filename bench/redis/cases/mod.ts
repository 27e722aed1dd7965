/** Every case, in the order in which they run. */

import type { BenchCase } from "../bench_case.ts";
import { ACL_CASES } from "./acl.ts";
import { ALGEBRA_CASES } from "./algebra.ts";
import { BITMAP_CASES } from "./bitmaps.ts";
import { BULLMQ_CASE } from "./bullmq.ts";
import { connectionsCase } from "./connections.ts";
import { DEFAULT_TEST_CASES } from "./default_tests.ts";
import { EVICTION_CASES } from "./eviction.ts";
import { floorCase } from "./floor.ts";
import { GENERIC_CASES } from "./generic.ts";
import { GEO_CASES } from "./geo.ts";
import { HASH_CASES } from "./hashes.ts";
import { HYPERLOGLOG_CASES } from "./hyperloglog.ts";
import { KEY_COMMAND_CASES } from "./key_commands.ts";
import { LIST_CASES } from "./lists.ts";
import { LOOKUP_CASES } from "./lookups.ts";
import { MEMORY_CASES } from "./memory.ts";
import { SCRIPT_CASES } from "./scripts.ts";
import { SESSION_CASES } from "./sessions.ts";
import { SORT_CASES } from "./sort.ts";
import { SORTED_SET_CASES } from "./sorted_sets.ts";
import { STRING_COMMAND_CASES } from "./string_commands.ts";
import { keysCase } from "./strings.ts";
import { tailLatencyCase } from "./tail_latency.ts";
import { unlinkCase } from "./unlink.ts";
import { WAY_CASES } from "./ways.ts";

export const ALL_CASES: readonly BenchCase[] = [
  keysCase,
  ...DEFAULT_TEST_CASES,
  floorCase,
  ...WAY_CASES,
  ...SORTED_SET_CASES,
  ...LIST_CASES,
  ...SORT_CASES,
  ...GEO_CASES,
  ...LOOKUP_CASES,
  ...ALGEBRA_CASES,
  ...STRING_COMMAND_CASES,
  ...KEY_COMMAND_CASES,
  ...BITMAP_CASES,
  ...HYPERLOGLOG_CASES,
  ...GENERIC_CASES,
  ...HASH_CASES,
  ...ACL_CASES,
  ...SCRIPT_CASES,
  ...SESSION_CASES,
  BULLMQ_CASE,
  ...MEMORY_CASES,
  ...EVICTION_CASES,
  unlinkCase,
  connectionsCase,
  tailLatencyCase,
];
