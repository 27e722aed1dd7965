// The comparison's arithmetic and tables, from samples written here.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  goalMet,
  goalText,
  type Measurement,
  measurementRecord,
  medianOf,
  ratioCeiling,
  ratioTo,
} from "../../bench/redis/measurement.ts";
import { parseFigures } from "../../bench/redis/redis_benchmark.ts";
import { comparisonChart, comparisonTables } from "../../bench/redis/report.ts";
import { elementNames } from "./xml.ts";

const throughput: Measurement = {
  case: "keys",
  variant: "GET P16",
  metric: "throughput",
  unit: "ops/s",
  samples: { ravel: [150, 130, 140], redis: [100, 90, 110] },
  goal: { ratioAtLeast: 1.3 },
};
const cpu: Measurement = {
  ...throughput,
  metric: "cpu",
  unit: "µs/op",
  samples: { ravel: [0.5, 0.6], redis: [1, 1.2] },
  goal: { ratioAtMost: 0.4 },
};
const generatorCpu: Measurement = {
  ...throughput,
  metric: "generator-cpu",
  unit: "µs/op",
  samples: { ravel: [5_000, 4_000, 6_000], redis: [9_000] },
  goal: undefined,
};
const latency: Measurement = { ...throughput, metric: "latency", unit: "ms p99", goal: undefined };
const memory: Measurement = {
  case: "memory/keys",
  variant: "RSS",
  metric: "memory",
  unit: "MB",
  samples: { ravel: [90], redis: [120] },
  goal: { atMost: 100, ratioAtMost: 0.7 },
};

Deno.test("measurement: medians, ratios, and whether a goal is reached", () => {
  assertEquals(medianOf(throughput, "ravel"), 140);
  assertEquals(medianOf(throughput, "valkey"), NaN);
  assertEquals(ratioTo(throughput, "redis"), 1.4);
  assertEquals(goalMet(throughput), true);
  assertEquals(goalMet(cpu), false);
  assertEquals(goalMet(latency), undefined);
  // 90 MB are below 100, but not below 0.7 of 120.
  assertEquals(goalMet(memory), false);
  assertEquals(goalText(memory), "≤ 100 MB, ≤ 0.70 ×");
  assertEquals(goalMet({ ...memory, goal: { atMost: 90 } }), true);
});

Deno.test("measurement: no server is faster than the generator has time for", () => {
  // 5 ms a request are 200 a second, twice redis-server's 100.
  assertEquals(ratioCeiling(throughput, generatorCpu), 2);
  assertEquals(ratioCeiling(throughput, { ...generatorCpu, samples: {} }), NaN);
});

Deno.test("measurement: without redis-server only the absolute part of a goal is judged", () => {
  const alone = { ...memory, samples: { ravel: [90] } };
  assertEquals(goalMet(alone), true);
  assertEquals(goalMet({ ...alone, goal: { ratioAtMost: 0.7 } }), undefined);
  assertEquals(goalMet({ ...alone, samples: { ravel: [101] } }), false);
});

Deno.test("measurement: its record is JSON without holes", () => {
  const record = JSON.parse(JSON.stringify(measurementRecord(throughput)));
  assertEquals(record.median, { ravel: 140, redis: 100 });
  assertEquals(record.ratioToRedis, 1.4);
  assertEquals(record.ratioToValkey, null);
  assertEquals(record.samples.redis, [100, 90, 110]);
  assertEquals(record.goalMet, true);
  const missing = measurementRecord({ ...throughput, samples: { ravel: [NaN] } });
  assertEquals(missing.median, { ravel: null });
  assertEquals(missing.samples, { ravel: [null] });
});

Deno.test("tables: throughput and CPU side by side, the rest below, latencies in the JSON only", () => {
  const lines = comparisonTables([throughput, cpu, generatorCpu, latency, memory]).split("\n");
  assertEquals(lines.length, 7);
  assertEquals(lines[2].split(/\s{2,}/), [
    "keys",
    "GET P16",
    "140",
    "100",
    "1.40",
    "2.00",
    "0.55",
    "1.10",
    "0.50",
    "≥ 1.30 ×, CPU ≤ 0.40 ×",
    "reached, MISSED",
  ]);
  assertEquals(lines[6].split(/\s{2,}/), [
    "memory/keys",
    "RSS",
    "MB",
    "90.00",
    "120.00",
    "0.75",
    "≤ 100 MB, ≤ 0.70 ×",
    "MISSED",
  ]);
});

Deno.test("tables: a third server has a column and a ratio of its own", () => {
  const three = { ...throughput, samples: { ...throughput.samples, valkey: [280] } };
  const [head, , row] = comparisonTables([three]).split("\n");
  assertStringIncludes(head, "valkey ops/s");
  assertStringIncludes(row, "0.50");
  assertEquals(comparisonTables([]), "");
});

Deno.test("tables: rows of other servers have a table of their own, and no place in the chart", () => {
  const floor = {
    ...throughput,
    case: "floor",
    variant: "PING P16",
    samples: { ...throughput.samples, bare: [200] },
  };
  const [first, second] = comparisonTables([throughput, floor]).split("\n\n");
  assert(!first.includes("bare"));
  assertStringIncludes(second, "bare ops/s");
  assertStringIncludes(second.split("\n")[2], "0.70");
  assert(!comparisonChart([throughput, floor], "").includes("PING"));
});

Deno.test("chart of ratios: a panel for each depth, well-formed", () => {
  const deep = { ...throughput, variant: "GET P128" };
  const svg = comparisonChart([throughput, deep, cpu, memory], "a < b");
  elementNames(svg);
  assertStringIncludes(svg, "pipeline 16");
  assertStringIncludes(svg, "pipeline 128");
  assertStringIncludes(svg, "1.40 ×");
  assert(!svg.includes("RSS"));
});

Deno.test("redis-benchmark's CSV: the last line counts, columns by their titles", () => {
  const csv = '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms",' +
    '"p95_latency_ms","p99_latency_ms","max_latency_ms"\n' +
    '"LPUSH","1000.50","0.1","0.1","0.2","0.3","0.4","9"\n' +
    '"LRANGE_100 (first 100, of ""all"" elements)","2000.25","0.1","0.1","0.25","0.3","0.45","9"\n';
  const expected = { operationsPerSecond: 2000.25, p50Ms: 0.25, p99Ms: 0.45 };
  assertEquals(parseFigures(csv), expected);
  assertThrows(() => parseFigures("Could not connect\n"), Error, "no figures");
  assertThrows(() => parseFigures(""), Error, "no figures");
});
