/**
 * The latest spikes of one kind of event: of each second the worst, for the latest 160 seconds that
 * had one.
 *
 * ```
 *  …  │ 14:03:07 │ 14:03:09 │ 14:05:31 │   one sample a second; the oldest goes
 *     │  120 ms  │   80 ms  │  310 ms  │
 * ```
 */

const MAX_SAMPLES = 160;

export interface Sample {
  /** In seconds since 1970. */
  readonly atSeconds: number;
  /** Whole milliseconds. */
  readonly milliseconds: number;
}

/** What a series says as a whole. */
export interface SeriesFigures {
  readonly samples: number;
  /** Whole milliseconds: mean, and mean distance from that. */
  readonly mean: number;
  readonly meanDeviation: number;
  /** Seconds from the first sample until now, at least 1. */
  readonly seconds: number;
}

export class TimeSeries {
  /** The worst there ever was, in milliseconds. */
  worst = 0;
  /** At least one, the oldest first. */
  readonly samples: Sample[] = [];

  /** O(samples). */
  add(atSeconds: number, milliseconds: number): void {
    this.worst = Math.max(this.worst, milliseconds);
    const { samples } = this;
    const last = samples.at(-1);
    if (last?.atSeconds === atSeconds) {
      if (milliseconds > last.milliseconds) {
        samples[samples.length - 1] = { atSeconds, milliseconds };
      }
      return;
    }
    samples.push({ atSeconds, milliseconds });
    if (samples.length > MAX_SAMPLES) samples.shift();
  }

  get latest(): Sample {
    return this.samples[this.samples.length - 1];
  }

  figures(nowSeconds: number): SeriesFigures {
    const { samples } = this;
    const mean = meanOf(samples.map(({ milliseconds }) => milliseconds));
    const oldest = samples.reduce(
      (least, { atSeconds }) => Math.min(least, atSeconds),
      Infinity,
    );
    return {
      samples: samples.length,
      mean,
      meanDeviation: meanOf(samples.map(({ milliseconds }) => Math.abs(mean - milliseconds))),
      seconds: Math.max(1, nowSeconds - oldest),
    };
  }
}

function meanOf(numbers: readonly number[]): number {
  return Math.floor(numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
}
