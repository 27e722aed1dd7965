// Percentiles of the histogram against those of the sorted list of all latencies.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LatencyHistogram } from "../../bench/latency_histogram.ts";
import { total } from "../../bench/load/load_workers.ts";

/** Three significant digits, and whole microseconds. */
function close(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= expected * 0.001 + 0.001;
}

Deno.test("histogram: percentiles of 1 to 1000 ms", () => {
  const histogram = LatencyHistogram.create();
  for (let ms = 1; ms <= 1000; ms++) histogram.record(ms);
  assertEquals(histogram.count, 1000);
  assert(close(histogram.percentileMs(50), 500));
  assert(close(histogram.percentileMs(99), 990));
  assert(close(histogram.percentileMs(99.9), 999));
  assert(close(histogram.summary().max, 1000));
});

Deno.test("histogram: percentiles are those of the sorted values", () => {
  const latencies = fc.array(fc.double({ min: 0.001, max: 50_000, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(latencies, fc.constantFrom(50, 90, 99, 99.9), (values, percent) => {
    const histogram = LatencyHistogram.create();
    for (const value of values) histogram.record(value);
    const sorted = [...values].sort((a, b) => a - b);
    const index = Math.max(0, Math.ceil(sorted.length * percent / 100 - 1e-9) - 1);
    return close(histogram.percentileMs(percent), sorted[index]);
  }));
});

Deno.test("histogram: counts, limits, reset", () => {
  const histogram = LatencyHistogram.create();
  histogram.record(1, 99);
  histogram.record(10);
  assertEquals(histogram.count, 100);
  assert(close(histogram.percentileMs(99), 1));
  assert(close(histogram.percentileMs(99.9), 10));
  // Nothing is too short or too long to be counted.
  histogram.record(0);
  histogram.record(10_000_000);
  assertEquals(histogram.count, 102);
  assert(close(histogram.summary().max, 120_000));
  histogram.reset();
  assertEquals(histogram.count, 0);
});

Deno.test("histogram: survives being sent between threads, and adds up", () => {
  const first = LatencyHistogram.create();
  const second = LatencyHistogram.create();
  for (let ms = 1; ms <= 50; ms++) first.record(ms);
  for (let ms = 51; ms <= 100; ms++) second.record(ms);
  const sum = total([
    { operations: 50, elapsedMs: 1000, histogram: first.encode() },
    { operations: 50, elapsedMs: 1200, histogram: second.encode() },
  ]);
  assertEquals(sum.operations, 100);
  assertEquals(sum.elapsedMs, 1200);
  assertEquals(sum.histogram.count, 100);
  assert(close(sum.histogram.percentileMs(50), 50));
  assert(close(sum.histogram.percentileMs(99), 99));
});
