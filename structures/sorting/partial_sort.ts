/**
 * A sort that ends early: of numbers with an integer beside each, the lowest few come first, in order,
 * and the rest behind them as it falls. What it does with equal numbers is part of what it promises.
 */

import { mergeSort, sortRun } from "./merge_sort.ts";

/** So few are sorted by insertion. */
const FEWER = 7;
/** Of so many the pivot is a median of medians. */
const MANY = 40;
/** Divisions within each other, for each bit of the count, before a merge sort takes over. */
const MAX_DIVISIONS_PER_BIT = 4;

/** Parts that are yet to be sorted: begin, end, divisions so far. */
const parts: number[] = [];

/**
 * Sorts the first `count` pairs so far that the `wanted` lowest come first, ascending. It is the
 * quicksort of J. L. Bentley and M. D. McIlroy, "Engineering a Sort Function" (1993), which leaves
 * out the parts that have none of those. Equal keys come in the order that this leaves them in.
 *
 * O(n + wanted log n) as a rule; where the keys are chosen so that it divides badly, it ends as a merge
 * sort, in O(n log n).
 */
export function sortBeginning(
  keys: Float64Array,
  values: Int32Array,
  count: number,
  wanted: number,
): void {
  const maxDivisions = MAX_DIVISIONS_PER_BIT * (32 - Math.clz32(count));
  parts.push(0, count, 0);
  while (parts.length > 0) {
    const divisions = parts.pop()!;
    const to = parts.pop()!;
    const from = parts.pop()!;
    if (to - from < FEWER) sortRun(keys, values, from, to);
    else if (divisions === maxDivisions) sortPart(keys, values, from, to);
    else divide(keys, values, from, to, wanted, divisions);
  }
}

function sortPart(weights: Float64Array, items: Int32Array, from: number, to: number): void {
  const spareWeights = new Float64Array(weights.length);
  const spareItems = new Int32Array(items.length);
  mergeSort({ weights, items, spareWeights, spareItems }, from, to);
}

/**
 * Divides a part into what is below its pivot, equal to it, and above:
 *
 * ```
 *   ┌───────┬───────┬────┬───────┬───────┐          ┌───────┬───────┬───────┐
 *   │ equal │ below │ ?  │ above │ equal │    ──▶   │ below │ equal │ above │
 *   └───────┴───────┴────┴───────┴───────┘          └───────┴───────┴───────┘
 *   from    equalTo  low  high    equalFrom  to
 * ```
 */
function divide(
  keys: Float64Array,
  values: Int32Array,
  from: number,
  to: number,
  wanted: number,
  divisions: number,
): void {
  swap(keys, values, from, pivotOf(keys, from, to));
  const pivot = keys[from];
  let equalTo = from + 1;
  let low = from + 1;
  let high = to - 1;
  let equalFrom = to - 1;
  for (;;) {
    while (low <= high && keys[low] <= pivot) {
      if (keys[low] === pivot) swap(keys, values, equalTo++, low);
      low++;
    }
    while (low <= high && keys[high] >= pivot) {
      if (keys[high] === pivot) swap(keys, values, high, equalFrom--);
      high--;
    }
    if (low > high) break;
    swap(keys, values, low++, high--);
  }
  const equalBefore = Math.min(equalTo - from, low - equalTo);
  for (let i = 0; i < equalBefore; i++) swap(keys, values, from + i, low - equalBefore + i);
  const equalBehind = Math.min(equalFrom - high, to - 1 - equalFrom);
  for (let i = 0; i < equalBehind; i++) swap(keys, values, low + i, to - equalBehind + i);
  const below = low - equalTo;
  const above = equalFrom - high;
  if (below > 1) parts.push(from, from + below, divisions + 1);
  if (above > 1 && to - above < wanted) parts.push(to - above, to, divisions + 1);
}

/** Index of the pivot: the middle of few, the median of three, or of three medians. */
function pivotOf(keys: Float64Array, from: number, to: number): number {
  const count = to - from;
  const middle = from + (count >> 1);
  if (count === FEWER) return middle;
  const last = to - 1;
  if (count <= MANY) return medianOf(keys, from, middle, last);
  const eighth = count >> 3;
  return medianOf(
    keys,
    medianOf(keys, from, from + eighth, from + 2 * eighth),
    medianOf(keys, middle - eighth, middle, middle + eighth),
    medianOf(keys, last - 2 * eighth, last - eighth, last),
  );
}

function medianOf(keys: Float64Array, a: number, b: number, c: number): number {
  if (keys[a] < keys[b]) return keys[b] < keys[c] ? b : keys[a] < keys[c] ? c : a;
  return keys[b] > keys[c] ? b : keys[a] < keys[c] ? a : c;
}

function swap(keys: Float64Array, values: Int32Array, i: number, j: number): void {
  const key = keys[i];
  const value = values[i];
  keys[i] = keys[j];
  values[i] = values[j];
  keys[j] = key;
  values[j] = value;
}
