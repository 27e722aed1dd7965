/**
 * A histogram of times, from a nanosecond to a second, precise to one part in 128. It is an HDR
 * histogram of two significant digits, as redis-server keeps one for each command, so that the same
 * times give the same figures.
 *
 * ```
 * row      0        1          2          3                  23
 *        0–127   128–255    256–511    512–1023   …   2^29–2^30 ns
 * step      1        1          2          4               2^22
 * ```
 *
 * A row has 128 places of equal width. Rows are made when they are first needed: a command's times
 * lie in a few of them, at 1 KiB each.
 *
 * Source: HdrHistogram by Gil Tene, https://hdrhistogram.github.io/HdrHistogram/
 */

const PLACES = 128;
const PLACE_BITS = 7;
const ROWS = 24;
/** What takes longer counts as that. */
const MAX_NANOSECONDS = 1e9;

/** The least power of two that a distribution names, and the end of the last row, as exponents. */
const FIRST_POWER = 10;
const END_POWER = 30;

/** How many calls took at most so many whole microseconds. */
export type CumulativeCount = readonly [microseconds: number, calls: number];

export class LatencyHistogram {
  total = 0;
  readonly #rows: (Float64Array | undefined)[] = new Array(ROWS).fill(undefined);

  /** Adds `count` calls that took so long each. O(1). */
  record(milliseconds: number, count: number): void {
    let nanoseconds = milliseconds * 1e6 | 0;
    // Past 31 bits the conversion wraps around.
    if (milliseconds > 1000) nanoseconds = MAX_NANOSECONDS;
    else if (nanoseconds < 1) nanoseconds = 1;
    const row = rowOf(nanoseconds);
    const counts = this.#rows[row] ??= new Float64Array(PLACES);
    counts[row === 0 ? nanoseconds : (nanoseconds >> (row - 1)) - PLACES] += count;
    this.total += count;
  }

  /**
   * The time that this part of the calls did not exceed, in nanoseconds: the longest that is counted
   * at its place, or for 0 the shortest. O(places).
   *
   * @param percentile 0 to 100
   */
  nanosecondsAt(percentile: number): number {
    const wanted = Math.max(1, Math.trunc(percentile / 100 * this.total + 0.5));
    let seen = 0;
    for (let row = 0; row < ROWS; row++) {
      const counts = this.#rows[row];
      if (counts === undefined) continue;
      for (let place = 0; place < PLACES; place++) {
        seen += counts[place];
        if (seen < wanted) continue;
        const width = row === 0 ? 1 : 2 ** (row - 1);
        const first = row === 0 ? place : (PLACES + place) * width;
        return percentile === 0 ? first : first + width - 1;
      }
    }
    return 0;
  }

  /**
   * How many calls took at most about 1 µs, 2 µs, 4 µs, and so on to the longest, without those where
   * none is added. The ends are Redis's: powers of two in nanoseconds, each with the place that begins
   * there. O(places).
   */
  cumulativeCounts(): CumulativeCount[] {
    const counts: CumulativeCount[] = [];
    let before = 0;
    for (let row = 0; row < FIRST_POWER - PLACE_BITS + 1; row++) before += sumOf(this.#rows[row]);
    let told = 0;
    for (let power = FIRST_POWER; told < this.total; power++) {
      const row = this.#rows[power - PLACE_BITS + 1];
      const isEnd = power === END_POWER;
      const calls = isEnd ? this.total : before + (row?.[0] ?? 0);
      const width = isEnd ? 0 : 2 ** (power - PLACE_BITS);
      if (calls > told) counts.push([Math.floor((2 ** power + width - 1) / 1000), calls]);
      told = calls;
      before += sumOf(row);
    }
    return counts;
  }
}

function rowOf(nanoseconds: number): number {
  return nanoseconds < PLACES ? 0 : 32 - PLACE_BITS - Math.clz32(nanoseconds);
}

function sumOf(counts: Float64Array | undefined): number {
  return counts === undefined ? 0 : counts.reduce((sum, count) => sum + count, 0);
}
