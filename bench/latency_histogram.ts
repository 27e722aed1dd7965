/**
 * Latencies of millions of requests in a few kilobytes, with percentiles exact to three digits.
 *
 * Values are whole microseconds; the buckets get wider as the values grow (an HDR histogram), so a
 * p99.9 of 90 µs and one of 900 ms have the same precision. The library's plain JavaScript build is
 * used: recording is one array increment, and nothing has to be compiled before the first request.
 */

import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";

/** Longer waits are recorded as this long. */
const MAX_MICROS = 120_000_000;
const DIGITS = 3;

/** Percentiles in milliseconds. */
export interface LatencySummary {
  p50: number;
  p99: number;
  p999: number;
  max: number;
}

export class LatencyHistogram {
  readonly #histogram: Histogram;

  private constructor(histogram: Histogram) {
    this.#histogram = histogram;
  }

  static create(): LatencyHistogram {
    return new LatencyHistogram(build({
      useWebAssembly: false,
      bitBucketSize: 32,
      lowestDiscernibleValue: 1,
      highestTrackableValue: MAX_MICROS,
      numberOfSignificantValueDigits: DIGITS,
    }));
  }

  /** What encode() returned, in another thread or a file. */
  static decode(text: string): LatencyHistogram {
    return new LatencyHistogram(decodeFromCompressedBase64(text, 32, false));
  }

  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  /** `count` requests took this long each. O(1). */
  record(milliseconds: number, count = 1): void {
    const micros = Math.min(Math.max(Math.round(milliseconds * 1000), 1), MAX_MICROS);
    this.#histogram.recordValueWithCount(micros, count);
  }

  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
  }

  reset(): void {
    this.#histogram.reset();
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** The time in which `percent` % of the requests were answered, in milliseconds. */
  percentileMs(percent: number): number {
    return this.#histogram.getValueAtPercentile(percent) / 1000;
  }

  summary(): LatencySummary {
    return {
      p50: this.percentileMs(50),
      p99: this.percentileMs(99),
      p999: this.percentileMs(99.9),
      max: this.#histogram.maxValue / 1000,
    };
  }
}
