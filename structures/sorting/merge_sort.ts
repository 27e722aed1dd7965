/**
 * A stable merge sort of items by numbers: two arrays that are moved alike, the weights and whatever
 * 32 bits each belongs to.
 *
 * ```
 * weights   3.5  1  2  1        ─▶   1  1  2  3.5
 * items       a  b  c  d        ─▶   b  d  c    a       equal weights stay in their order
 * ```
 *
 * Short runs are sorted by insertion, then runs are merged to ones twice as long, forth and back
 * between the arrays and as many scratch ones. Runs that are in order are copied as they are, so what
 * is sorted already costs one look at each.
 */

/** Runs of so many are sorted by insertion. */
const RUN_ITEMS = 12;

/** What is sorted, and scratch of the same lengths. */
export interface WeightedItems {
  weights: Float64Array;
  items: Int32Array;
  spareWeights: Float64Array;
  spareItems: Int32Array;
}

/** Sorts the items `[from, to)` by their weights, ascending. No weight is NaN. O(n × log n). */
export function mergeSort(sorted: WeightedItems, from: number, to: number): void {
  const { weights, items, spareWeights, spareItems } = sorted;
  for (let run = from; run < to; run += RUN_ITEMS) {
    sortRun(weights, items, run, Math.min(run + RUN_ITEMS, to));
  }
  let isSpare = false;
  for (let width = RUN_ITEMS; width < to - from; width *= 2) {
    for (let run = from; run < to; run += 2 * width) {
      const middle = Math.min(run + width, to);
      const end = Math.min(middle + width, to);
      if (isSpare) merge(spareWeights, spareItems, weights, items, run, middle, end);
      else merge(weights, items, spareWeights, spareItems, run, middle, end);
    }
    isSpare = !isSpare;
  }
  if (!isSpare) return;
  weights.set(spareWeights.subarray(from, to), from);
  items.set(spareItems.subarray(from, to), from);
}

/** Sorts few items by insertion, as stable. O(n²). */
export function sortRun(weights: Float64Array, items: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const weight = weights[i];
    const item = items[i];
    let at = i;
    for (; at > from && weights[at - 1] > weight; at--) {
      weights[at] = weights[at - 1];
      items[at] = items[at - 1];
    }
    weights[at] = weight;
    items[at] = item;
  }
}

/** Merges `[run, middle)` and `[middle, end)` of two arrays into the same place of two others. */
function merge(
  weights: Float64Array,
  items: Int32Array,
  targetWeights: Float64Array,
  targetItems: Int32Array,
  run: number,
  middle: number,
  end: number,
): void {
  let left = run;
  let right = middle;
  let at = run;
  if (middle < end && weights[middle - 1] > weights[middle]) {
    let leftWeight = weights[left];
    let rightWeight = weights[right];
    for (;;) {
      if (leftWeight <= rightWeight) {
        targetWeights[at] = leftWeight;
        targetItems[at++] = items[left++];
        if (left === middle) break;
        leftWeight = weights[left];
      } else {
        targetWeights[at] = rightWeight;
        targetItems[at++] = items[right++];
        if (right === end) break;
        rightWeight = weights[right];
      }
    }
  }
  for (; left < middle; left++, at++) {
    targetWeights[at] = weights[left];
    targetItems[at] = items[left];
  }
  for (; right < end; right++, at++) {
    targetWeights[at] = weights[right];
    targetItems[at] = items[right];
  }
}
