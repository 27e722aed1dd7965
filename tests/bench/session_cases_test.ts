// The cases of sessions from their servers to their figures, over in a moment.

import { assert, assertEquals } from "@std/assert";
import { SESSION_CASES } from "../../bench/redis/cases/sessions.ts";
import { sessionCase } from "../../bench/redis/session_case.ts";
import { requestText } from "../../bench/load/session_plan.ts";
import type { BenchCase, CaseContext } from "../../bench/redis/bench_case.ts";
import type { Measurement } from "../../bench/redis/measurement.ts";

const OPTIONS: CaseContext["options"] = {
  rounds: 2,
  loadRounds: 1,
  seconds: 0.05,
  connections: 3,
  keys: 200,
  idleConnections: 20,
  activeConnections: 2,
};

async function measured(benchCase: BenchCase): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  await benchCase.run({
    options: OPTIONS,
    kinds: ["ravel"],
    report: (measurement) => measurements.push(measurement),
    log: (line) => {
      throw new Error(line);
    },
  });
  return measurements;
}

Deno.test("a session case has operations, the server's CPU time and the generator's", async () => {
  const ping = sessionCase({
    name: "sessions/ping",
    summary: "",
    variants: [{
      label: "PING P1",
      plan: (target) => ({
        ...target,
        kind: "script",
        groups: 2,
        preparation: [[]],
        rounds: [[{ on: 0, send: requestText("PING"), expect: "+PONG\r\n" }]],
      }),
      goal: { ratioAtLeast: 1 },
    }],
  });
  const measurements = await measured(ping);
  assertEquals(measurements.map(({ metric }) => metric), ["throughput", "cpu", "generator-cpu"]);
  for (const { samples, variant } of measurements) {
    assertEquals(variant, "PING P1");
    assertEquals(samples.ravel?.length, OPTIONS.rounds);
  }
  assert(measurements[0].samples.ravel!.every((value) => value > 0));
});

for (const name of ["sessions/multi", "sessions/blocking", "sessions/connections"]) {
  Deno.test(`${name} runs, and its variants differ in their names`, async () => {
    const benchCase = SESSION_CASES.find((one) => one.name === name)!;
    const measurements = await measured(benchCase);
    const names = measurements.map(({ metric, variant }) => `${metric} ${variant}`);
    assertEquals(new Set(names).size, names.length);
    for (const { metric, goal } of measurements) {
      assertEquals(goal !== undefined, metric === "throughput" || metric === "memory");
    }
  });
}
