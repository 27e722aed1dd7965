// The benches' arithmetic against answers worked out by hand.

import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  cpuSecondsOf,
  endedChildrenCpuSecondsOf,
  residentBytesOf,
} from "../../bench/process_usage.ts";
import { requestsFor } from "../../bench/redis/throughput_case.ts";
import {
  cpuMicrosPerOperation,
  finiteOrNull,
  median,
  percentile,
  perSecond,
  ratio,
  spread,
} from "../../bench/statistics.ts";

Deno.test("median: the middle, or the mean of the middle two, whatever the order", () => {
  assertEquals(median([]), NaN);
  assertEquals(median([7]), 7);
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median([1, 1, 1000]), 1);
  // Numbers are not sorted as text.
  assertEquals(median([100, 20, 3]), 20);
});

Deno.test("percentile: one of the values, which so many are no greater than", () => {
  assertEquals(percentile([], 50), NaN);
  assertEquals(percentile([7], 99), 7);
  assertEquals(percentile([30, 10, 20], 50), 20);
  assertEquals(percentile([4, 1, 3, 2], 50), 2);
  assertEquals(percentile([100, 20, 3], 0), 3);
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assertEquals(percentile(hundred, 99), 99);
  assertEquals(percentile(hundred, 100), 100);
});

Deno.test("median: as many values below as above, and the input is left as it was", () => {
  fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
    const copy = [...values];
    const middle = median(values);
    assertEquals(values, copy);
    const below = values.filter((value) => value < middle).length;
    const above = values.filter((value) => value > middle).length;
    return below <= values.length / 2 && above <= values.length / 2;
  }));
});

Deno.test("ratios, rates and CPU time an operation; nothing to divide by is NaN", () => {
  assertEquals(ratio(3, 2), 1.5);
  assertEquals(ratio(3, 0), NaN);
  assertEquals(ratio(3, NaN), NaN);
  assertEquals(ratio(NaN, 3), NaN);
  assertEquals(perSecond(500, 250), 2000);
  assertEquals(perSecond(0, 250), 0);
  assertEquals(perSecond(5, 0), NaN);
  // 1.5 s of CPU for a million operations is 1.5 µs each.
  assertEquals(cpuMicrosPerOperation(1.5, 1_000_000), 1.5);
  assertEquals(cpuMicrosPerOperation(1.5, 0), NaN);
  assertEquals(cpuMicrosPerOperation(NaN, 10), NaN);
  assertAlmostEquals(spread([90, 100, 120]), 0.3);
  assertEquals(spread([]), NaN);
  assertEquals(finiteOrNull(2), 2);
  assertEquals(finiteOrNull(NaN), null);
});

Deno.test("CPU time and memory from the texts in /proc", () => {
  // The process's name may have spaces and parentheses in it.
  const stat = "4711 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 70 30 20 0 11 0 100 1 2";
  assertEquals(cpuSecondsOf(stat), 3);
  assertEquals(endedChildrenCpuSecondsOf(stat), 1);
  assertEquals(cpuSecondsOf(""), NaN);
  assertEquals(endedChildrenCpuSecondsOf(""), NaN);
  const status = "Name:\tdeno\nVmHWM:\t  9000 kB\nVmRSS:\t  1234 kB\nRssAnon:\t 1000 kB\n";
  assertEquals(residentBytesOf(status), 1234 * 1024);
  assertEquals(residentBytesOf("Name:\tdeno\n"), NaN);
});

Deno.test("requests for a run: speed times seconds, within bounds", () => {
  assertEquals(requestsFor(50_000, 2), 100_000);
  assertEquals(requestsFor(10, 1), 1000);
  assertEquals(requestsFor(1e9, 3600), 100_000_000);
});
