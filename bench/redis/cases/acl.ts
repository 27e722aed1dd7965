/** What it costs that a user may not do everything: the same GET by one who may, and by one who may not. */

import { stringData } from "../../load/workloads.ts";
import type { BenchCase } from "../bench_case.ts";
import { throughputCase } from "../throughput_case.ts";

/** Ten rules, of which the last about keys is the one that opens those of the case. */
const TEN_RULES = [
  "resetkeys",
  "-debug",
  "-shutdown",
  "-@blocking",
  "%R~config:*",
  "%W~log:*",
  "~user:*",
  "~session:*",
  "~cache:??:*",
  "~key:*",
];

function reading(name: string, summary: string, rules: readonly string[]): BenchCase {
  return throughputCase({
    name: `acl/${name}`,
    summary,
    random: true,
    async fill(client, options) {
      await client.load(stringData(options.keys));
      if (rules.length > 0) await client.ask("ACL", "SETUSER", "default", ...rules);
    },
    variants: [1, 16].map((pipeline) => ({
      label: `GET, ${rules.length} rules`,
      pipeline,
      command: ["GET", "key:__rand_int__"],
    })),
  });
}

export const ACL_CASES: readonly BenchCase[] = [
  reading("unrestricted", "GET by a user who may do everything", []),
  reading("ten-rules", "GET by a user of ten rules", TEN_RULES),
];
