/**
 * The arithmetic behind every figure that the benches print. It is apart from the measuring so that
 * tests can hold it to known answers.
 */

/** Middle of the sorted values; of an even number of them the mean of the middle two. NaN if none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that `percent` of the values are no greater than: one of them. NaN if there are none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)] ?? NaN;
}

/** `ours / theirs`; NaN where there is nothing to compare with. */
export function ratio(ours: number, theirs: number): number {
  return theirs > 0 ? ours / theirs : NaN;
}

/** Events in a second. NaN for an empty span of time. */
export function perSecond(events: number, elapsedMs: number): number {
  return elapsedMs > 0 ? events * 1000 / elapsedMs : NaN;
}

/** CPU time of each operation in µs, from CPU seconds. NaN when nothing was done. */
export function cpuMicrosPerOperation(cpuSeconds: number, operations: number): number {
  return operations > 0 ? cpuSeconds * 1e6 / operations : NaN;
}

/** How far the values lie apart: (largest - smallest) / median. NaN if there are none. */
export function spread(values: readonly number[]): number {
  return values.length === 0 ? NaN : (Math.max(...values) - Math.min(...values)) / median(values);
}

/** A number for JSON, which has no NaN. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
