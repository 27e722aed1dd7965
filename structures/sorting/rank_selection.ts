/**
 * Finding what stands at a rank without sorting the rest (Hoare's selection): for who sorts many and
 * wants to see a few.
 *
 * ```
 *   weights   7  2  9  4  4  1            ranks [2, 4)
 *   sorted    1  2 │4  4│ 7  9            low = high = 4: whatever weighs from 4 to 4 has to be sorted
 * ```
 */

/** So many looks at each number, on average, are more than chance lets it take. */
const MOST_LOOKS = 12;

/**
 * The number at a rank among `numbers[0, count)`, which are put into another order. O(count).
 *
 * @returns NaN where it takes suspiciously long: whoever has made up the numbers may have seen to that
 */
export function selectRank(numbers: Float64Array, count: number, rank: number): number {
  let from = 0;
  let to = count - 1;
  let looks = MOST_LOOKS * count;
  while (from < to) {
    looks -= to - from + 1;
    if (looks < 0) return NaN;
    const pivot = medianOfThree(numbers[from], numbers[(from + to) >>> 1], numbers[to]);
    let left = from;
    let right = to;
    while (left <= right) {
      while (numbers[left] < pivot) left++;
      while (numbers[right] > pivot) right--;
      if (left > right) break;
      const number = numbers[left];
      numbers[left++] = numbers[right];
      numbers[right--] = number;
    }
    // What is between the two is the pivot.
    if (rank <= right) to = right;
    else if (rank >= left) from = left;
    else return pivot;
  }
  return numbers[rank];
}

function medianOfThree(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}
