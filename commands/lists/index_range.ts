/**
 * A range of indexes, as LRANGE and LTRIM have it: both ends included, negative ones counted from
 * the end of the list, and what lies outside of the list cut off.
 */

/** The range's bounds among `count` elements; see the top of the file. */
export class IndexRange {
  /** Index of the first element in the range. */
  first = 0;
  /** Number of elements in the range. */
  length = 0;

  /** Reads a range from its two ends. */
  set(start: number, stop: number, count: number): void {
    this.first = Math.max(start < 0 ? start + count : start, 0);
    const last = Math.min(stop < 0 ? stop + count : stop, count - 1);
    this.length = Math.max(last - this.first + 1, 0);
  }
}
