// The histogram of times against a sorted array, and against redis-server's ends of places.

import { assertEquals } from "@std/assert";
import { LatencyHistogram } from "../../../server/report/latency/latency_histogram.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";

/** The width of the place that a time, in nanoseconds, is counted at. */
function widthAt(nanoseconds: number): number {
  return nanoseconds < 256 ? 1 : 2 ** (Math.floor(Math.log2(nanoseconds)) - 7);
}

function endOf(nanoseconds: number): number {
  const width = widthAt(nanoseconds);
  return Math.floor(nanoseconds / width) * width + width - 1;
}

Deno.test("percentiles and cumulative counts are those of all the times", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const bits = new SeededRandom(seed);
    const random = () => bits.below(2 ** 30) / 2 ** 30;
    const histogram = new LatencyHistogram();
    const times: number[] = [];
    for (let i = 0; i < 300; i++) {
      const nanoseconds = Math.min(1e9, Math.floor(2 ** (random() * 31)));
      const count = 1 + Math.floor(random() * 3);
      histogram.record(nanoseconds / 1e6, count);
      for (let c = 0; c < count; c++) times.push(Math.max(1, Math.trunc(nanoseconds / 1e6 * 1e6)));
    }
    times.sort((a, b) => a - b);
    assertEquals(histogram.total, times.length);
    for (const percentile of [0.001, 1, 25, 50, 90, 99, 99.9, 100]) {
      const rank = Math.max(1, Math.trunc(percentile / 100 * times.length + 0.5));
      assertEquals(histogram.nanosecondsAt(percentile), endOf(times[rank - 1]), `${seed}`);
    }
    const first = endOf(times[0]);
    assertEquals(histogram.nanosecondsAt(0), first - widthAt(times[0]) + 1);
    const expected: [number, number][] = [];
    let told = 0;
    for (let power = 10; told < times.length; power++) {
      const end = power === 30 ? 2 ** 30 - 1 : 2 ** power + 2 ** (power - 7) - 1;
      const calls = times.filter((time) => time <= end).length;
      if (calls > told) expected.push([Math.floor(end / 1000), calls]);
      told = calls;
    }
    assertEquals(histogram.cumulativeCounts(), expected, `seed ${seed}`);
  }
});

Deno.test("the ends of places are redis-server's; nothing is shorter than one, longer than the last", () => {
  const histogram = new LatencyHistogram();
  for (const milliseconds of [0, 0.0015, 0.003, 0.012, 0.05, 1, 30, 250, 999, 1000, 1001, 1e9]) {
    histogram.record(milliseconds, 1);
  }
  // As LATENCY HISTOGRAM of redis-server 7.2 has them.
  assertEquals(histogram.cumulativeCounts(), [
    [1, 1],
    [2, 2],
    [4, 3],
    [16, 4],
    [66, 5],
    [1056, 6],
    [33816, 7],
    [270532, 8],
    [1073741, 12],
  ]);
  assertEquals(histogram.nanosecondsAt(0), 1);
  assertEquals(histogram.nanosecondsAt(100), endOf(1e9));
});

Deno.test("an empty histogram", () => {
  const histogram = new LatencyHistogram();
  assertEquals(histogram.cumulativeCounts(), []);
  assertEquals(histogram.nanosecondsAt(50), 0);
});
