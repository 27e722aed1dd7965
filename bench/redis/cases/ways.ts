/** GET and SET over TLS and over a Unix socket. */

import type { BenchCase } from "../bench_case.ts";
import { throughputCase, type ThroughputVariant } from "../throughput_case.ts";
import { overTls, overUnixSocket } from "../ways_in.ts";

function variants(ratioAtLeast: number): ThroughputVariant[] {
  return [1, 16].flatMap((pipeline) =>
    ["set", "get"].map((test): ThroughputVariant => ({
      label: test.toUpperCase(),
      pipeline,
      command: ["-t", test],
      throughputGoal: pipeline === 1 ? { ratioAtLeast } : undefined,
    }))
  );
}

export const WAY_CASES: readonly BenchCase[] = [
  throughputCase({
    name: "ways/tls",
    summary: "GET and SET over TLS, pipeline 1 and 16",
    random: false,
    way: overTls,
    variants: variants(0.9),
  }),
  throughputCase({
    name: "ways/unix",
    summary: "GET and SET over a Unix socket, pipeline 1 and 16",
    random: false,
    way: overUnixSocket,
    variants: variants(0.9),
  }),
];
