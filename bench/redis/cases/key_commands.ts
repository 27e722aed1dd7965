/** Every command on keys of any type that no other case measures, on random keys of a full server. */

import type { ControlClient } from "../../load/control_client.ts";
import { stringData } from "../../load/workloads.ts";
import type { BenchCase } from "../bench_case.ts";
import type { ComparisonOptions } from "../options.ts";
import { commandCase } from "./command_case.ts";

const KEY = "key:__rand_int__";
const MISSING_KEY = "missing:__rand_int__";
/** A year or so from now, and longer than any run. */
const SECONDS = "30000000";
const UNIX_SECONDS = "4000000000";
/** So few keys that KEYS and a whole SCAN are requests like others. */
const FEW_KEYS = 100;

async function fill(client: ControlClient, { keys }: ComparisonOptions): Promise<void> {
  await client.load(stringData(keys));
}

async function fillWithFew(client: ControlClient): Promise<void> {
  await client.load(stringData(FEW_KEYS));
}

function onKeys(...command: readonly string[]): BenchCase {
  return commandCase("generic", command, { fill });
}

export const KEY_COMMAND_CASES: readonly BenchCase[] = [
  onKeys("DBSIZE"),
  onKeys("DEL", MISSING_KEY),
  onKeys("EXISTS", KEY),
  onKeys("EXPIRE", KEY, SECONDS),
  onKeys("EXPIREAT", KEY, UNIX_SECONDS),
  onKeys("EXPIRETIME", KEY),
  commandCase("generic", ["KEYS", "*__rand_int__*"], { fill: fillWithFew }),
  onKeys("OBJECT", "ENCODING", KEY),
  onKeys("PERSIST", KEY),
  onKeys("PEXPIRE", KEY, `${SECONDS}000`),
  onKeys("PEXPIREAT", KEY, `${UNIX_SECONDS}000`),
  onKeys("PEXPIRETIME", KEY),
  onKeys("PTTL", KEY),
  onKeys("RANDOMKEY"),
  commandCase("generic", ["RENAME", "key:000000000001", "key:000000000001"], { fill }),
  onKeys("RENAMENX", KEY, KEY),
  onKeys("SCAN", "__rand_int__"),
  commandCase("generic", ["SCAN", "0", "COUNT", "100"], { name: "scan-all", fill: fillWithFew }),
  onKeys("TOUCH", KEY),
  onKeys("TTL", KEY),
  onKeys("TYPE", KEY),
  onKeys("UNLINK", MISSING_KEY),
];
