/**
 * What a search has found: where the elements are, and how far from its center, in the order in which
 * they were found or by distance. Twelve bytes each; one list serves search after search.
 *
 * ```
 * distances   ┌─────┬─────┬─────┬─ …      meters
 * places      ├─────┼─────┼─────┼─ …      in the sorted set
 * ```
 */

import { mergeSort } from "../sorting/merge_sort.ts";
import { sortBeginning } from "../sorting/partial_sort.ts";

/** Room that a list keeps when it is not in use. */
const KEPT = 1024;

export class FoundPoints {
  #distances = new Float64Array(KEPT);
  #places = new Int32Array(KEPT);
  /** Scratch for sorting, as long as the others once something was sorted. */
  #spareDistances = new Float64Array(0);
  #sparePlaces = new Int32Array(0);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Empties the list, and gives back the room that a long one took. */
  clear(): void {
    this.#count = 0;
    if (this.#places.length > KEPT) {
      this.#distances = new Float64Array(KEPT);
      this.#places = new Int32Array(KEPT);
      this.#spareDistances = new Float64Array(0);
      this.#sparePlaces = new Int32Array(0);
    }
  }

  add(place: number, meters: number): void {
    const count = this.#count;
    if (count === this.#places.length) this.#grow();
    this.#distances[count] = meters;
    this.#places[count] = place;
    this.#count = count + 1;
  }

  #grow(): void {
    const length = this.#count * 2;
    const distances = new Float64Array(length);
    const places = new Int32Array(length);
    distances.set(this.#distances);
    places.set(this.#places);
    this.#distances = distances;
    this.#places = places;
  }

  /** Place of the `i`-th element. */
  placeAt(i: number): number {
    return this.#places[i];
  }

  /** Distance of the `i`-th element, in meters. */
  metersAt(i: number): number {
    return this.#distances[i];
  }

  /**
   * Puts the `wanted` nearest elements first, the nearest of all before them; or the farthest. Of
   * those that are equally far, the order is that of a stable sort where all are wanted, else that of
   * Bentley and McIlroy's quicksort. O(n log n).
   */
  sort(wanted: number, farthestFirst: boolean): void {
    const count = this.#count;
    // A distance is not negative, and negated in place, what is farthest is least.
    if (farthestFirst) this.#negate();
    if (wanted >= count) this.#sortAll();
    else sortBeginning(this.#distances, this.#places, count, wanted);
    if (farthestFirst) this.#negate();
  }

  #sortAll(): void {
    const { length } = this.#places;
    if (this.#sparePlaces.length !== length) {
      this.#spareDistances = new Float64Array(length);
      this.#sparePlaces = new Int32Array(length);
    }
    const sorted = {
      weights: this.#distances,
      items: this.#places,
      spareWeights: this.#spareDistances,
      spareItems: this.#sparePlaces,
    };
    mergeSort(sorted, 0, this.#count);
  }

  #negate(): void {
    const distances = this.#distances;
    for (let i = 0; i < this.#count; i++) distances[i] = -distances[i];
  }
}
