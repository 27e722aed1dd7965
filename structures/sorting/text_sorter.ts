/**
 * Sorting by numbers and by texts, of many as of few, and of no more than is asked for.
 *
 * ```
 *   sorter.begin(n);                              n items, 0 … n - 1
 *   sorter.weights[i] = …                         what item i weighs
 *   sorter.sortByWeight(texts, false, 0, 10);     the first ten
 *   sorter.items[0 … 9]                           are these
 * ```
 *
 * Items are sorted by a number each (merge_sort.ts). Those that weigh the same are told apart by their
 * texts, six bytes of which are a number again (text_table.ts):
 *
 * ```
 *   weights     ┌ 1 ┬ 2 ┬ 2 ┬ 2 ┬ 2 ┬ 7 ┐
 *                   └──────┬────────┘
 *   bytes 0 … 5     ┌ appl ┬ banana… ─ banana… ┐
 *                            └───────┬────────┘
 *   bytes 6 … 11               ┌ … ┬ … ┐               and so on, until all differ or end
 * ```
 *
 * Of a window of ranks, only what is in it is sorted: what the bounds weigh is selected
 * (rank_selection.ts), and whatever weighs less or more is put aside.
 *
 * Items that are equal in all that counts stay in the order of their numbers, also where the order is
 * descending.
 */

import { mergeSort, type WeightedItems } from "./merge_sort.ts";
import { selectRank } from "./rank_selection.ts";
import { RefList } from "../set/ref_list.ts";
import { type TextTable, WEIGHT_BYTES } from "./text_table.ts";

/** Items that the sorter keeps room for. */
const KEPT_ITEMS = 1024;
/** So few texts are compared rather than weighed. */
const FEW_TEXTS = 12;
/** Selecting pays where the window is so many times smaller than what it is of. */
const SELECTION_FACTOR = 4;
const MIN_SELECTION_ITEMS = 64;

export class TextSorter implements WeightedItems {
  readonly #keptWeights = new Float64Array(KEPT_ITEMS);
  readonly #keptItems = new Int32Array(KEPT_ITEMS);
  readonly #keptSpareWeights = new Float64Array(KEPT_ITEMS);
  readonly #keptSpareItems = new Int32Array(KEPT_ITEMS);
  /** What each item weighs, to be written before {@linkcode TextSorter.sortByWeight}. */
  weights = this.#keptWeights;
  /** Behind a sort: the items, by ranks; only those of the window are where they belong. */
  items = this.#keptItems;
  spareWeights = this.#keptSpareWeights;
  spareItems = this.#keptSpareItems;
  /** Runs that are yet to be sorted, three numbers each: from, to, depth. */
  readonly #runs = new RefList();
  #texts!: TextTable;
  #descends = false;
  /** The window of ranks. */
  #from = 0;
  #to = 0;

  /** Makes ready for so many items. O(n). @throws {RangeError} no memory for them */
  begin(count: number): void {
    this.clear();
    if (count > KEPT_ITEMS) {
      this.weights = new Float64Array(count);
      this.items = new Int32Array(count);
      this.spareWeights = new Float64Array(count);
      this.spareItems = new Int32Array(count);
    }
    const { items } = this;
    for (let i = 0; i < count; i++) items[i] = i;
  }

  /** Gives back what many items took. */
  clear(): void {
    this.weights = this.#keptWeights;
    this.items = this.#keptItems;
    this.spareWeights = this.#keptSpareWeights;
    this.spareItems = this.#keptSpareItems;
  }

  /**
   * Sorts by {@linkcode TextSorter.weights}, of which none is NaN, and by a text for each item where
   * those are equal: all of them as far as ranks `[from, to)` show. O(n + texts + m × log m), m being
   * the items in the window.
   */
  sortByWeight(texts: TextTable, descends: boolean, from: number, to: number): void {
    const { weights } = this;
    const { count } = texts;
    this.#begin(texts, descends, from, to);
    // Negated, they come in the other order, and those that are equal stay as they are. Minus zero
    // is zero.
    if (descends) { for (let i = 0; i < count; i++) weights[i] = 0 - weights[i]; }
    this.#sortWeighed(0, count, 0);
    this.#finish();
  }

  /** Sorts by a text for each item; otherwise as {@linkcode TextSorter.sortByWeight}. */
  sortByText(texts: TextTable, descends: boolean, from: number, to: number): void {
    this.#begin(texts, descends, from, to);
    this.#later(0, texts.count, 0);
    this.#finish();
  }

  #begin(texts: TextTable, descends: boolean, from: number, to: number): void {
    this.#texts = texts;
    this.#descends = descends;
    this.#from = from;
    this.#to = to;
  }

  /** Sorts items `[from, to)`, whose texts are equal up to `depth`, by their texts, in time. */
  #later(from: number, to: number, depth: number): void {
    if (to - from <= FEW_TEXTS) return this.#insertTexts(from, to, depth);
    const runs = this.#runs;
    runs.push(from);
    runs.push(to);
    runs.push(depth);
  }

  /** Sorts all that was put off. Nothing nests, however long texts have the same beginning. */
  #finish(): void {
    const runs = this.#runs;
    while (runs.count > 0) {
      const { count } = runs;
      const from = runs.at(count - 3);
      const to = runs.at(count - 2);
      const depth = runs.at(count - 1);
      runs.truncate(count - 3);
      this.#sortTexts(from, to, depth);
    }
    runs.clear();
  }

  #sortTexts(from: number, to: number, depth: number): void {
    const texts = this.#texts;
    const { items, weights } = this;
    let first = 0;
    let behind = depth;
    for (;; behind += WEIGHT_BYTES) {
      let differ = false;
      for (let i = from; i < to; i++) {
        const weight = texts.weight(items[i], behind);
        weights[i] = this.#descends ? -weight : weight;
        if (i === from) first = weight;
        else if (weight !== first) differ = true;
      }
      // So long as all have the same bytes there is nothing to sort.
      if (differ) break;
      if (!texts.goesOn(items[from], behind)) return;
    }
    this.#sortWeighed(from, to, behind + WEIGHT_BYTES);
  }

  /**
   * Sorts items `[from, to)` by their weights, and those that weigh the same by their texts from
   * `depth` on: of weights of texts, those that go on there.
   */
  #sortWeighed(from: number, to: number, depth: number): void {
    const { weights } = this;
    const start = this.#narrow(from, to);
    const end = this.#end;
    mergeSort(this, start, end);
    for (let run = start; run < end;) {
      const weight = weights[run];
      let behind = run + 1;
      while (behind < end && weights[behind] === weight) behind++;
      const isSeen = behind > this.#from && run < this.#to;
      if (isSeen && behind - run > 1 && this.#goesOn(run, depth)) {
        this.#later(run, behind, depth);
      }
      run = behind;
    }
  }

  /** Whether the texts of a run go on at a depth: at 0 they have not been looked at. */
  #goesOn(run: number, depth: number): boolean {
    return depth === 0 || this.#texts.goesOn(this.items[run], depth - WEIGHT_BYTES);
  }

  /** The end of what {@linkcode TextSorter.#narrow} left. */
  #end = 0;

  /**
   * Puts aside what weighs less or more than what is in the window.
   *
   * @returns where the rest begins
   */
  #narrow(from: number, to: number): number {
    this.#end = to;
    const count = to - from;
    const first = Math.max(this.#from, from);
    const last = Math.min(this.#to, to) - 1;
    if (first > last || count < MIN_SELECTION_ITEMS) return from;
    if ((last - first + 1) * SELECTION_FACTOR > count) return from;
    const { weights, spareWeights } = this;
    for (let i = 0; i < count; i++) spareWeights[i] = weights[from + i];
    const low = selectRank(spareWeights, count, first - from);
    const high = first === last ? low : selectRank(spareWeights, count, last - from);
    if (Number.isNaN(low) || Number.isNaN(high)) return from;
    return this.#putAside(from, to, low, high);
  }

  /** Moves items below `low` to the front and those above `high` to the end; all keep their order. */
  #putAside(from: number, to: number, low: number, high: number): number {
    const { items, spareItems, spareWeights, weights } = this;
    let below = from;
    let within = 0;
    for (let i = from; i < to; i++) {
      if (weights[i] < low) below++;
      else if (weights[i] <= high) within++;
    }
    const start = below;
    let at = from;
    let inside = start;
    let above = start + within;
    for (let i = from; i < to; i++) {
      const weight = weights[i];
      const target = weight < low ? at++ : weight <= high ? inside++ : above++;
      spareItems[target] = items[i];
      spareWeights[target] = weight;
    }
    items.set(spareItems.subarray(from, to), from);
    weights.set(spareWeights.subarray(from, to), from);
    this.#end = start + within;
    return start;
  }

  #insertTexts(from: number, to: number, depth: number): void {
    const texts = this.#texts;
    const { items } = this;
    const sign = this.#descends ? -1 : 1;
    for (let i = from + 1; i < to; i++) {
      const item = items[i];
      let at = i;
      for (; at > from && sign * texts.compare(items[at - 1], item, depth) > 0; at--) {
        items[at] = items[at - 1];
      }
      items[at] = item;
    }
  }
}
