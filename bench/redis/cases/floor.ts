/** How near Ravel is to what any server on Deno can reach. */

import type { BenchCase } from "../bench_case.ts";
import { throughputCase } from "../throughput_case.ts";

const command = ["-t", "ping_mbulk"];

export const floorCase: BenchCase = throughputCase({
  name: "floor",
  summary:
    "PING and RSS beside a bare read loop on Deno that answers constants, pipeline 1, 16, 128",
  random: false,
  besideBare: true,
  reportsMemory: true,
  variants: [1, 16, 128].map((pipeline) => ({ label: "PING", pipeline, command })),
});
