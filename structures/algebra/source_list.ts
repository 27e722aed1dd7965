/**
 * The sets and sorted sets that one operation works on, each known by its form and reference. A
 * value that is missing is an empty one.
 *
 * ```
 *   added    0 │ 1 │ 2 │ 3        in the order of the keys, with weights
 *   order    2 │ 0 │ 3 │ 1        in the order of their use: as added, by size, …
 * ```
 *
 * References are good until anything changes: a list is filled and used by one command.
 */

import { NONE, type Ref } from "../arena/arena.ts";
import type { MemberSource } from "./member_source.ts";

/** Sources that there is always room for. */
const KEPT = 64;
/** Up to so many are sorted by insertion. */
const MAX_INSERTED = 16;

/** See the top of the file. */
export class SourceList {
  count = 0;
  #room = KEPT;
  #isSorted = new Uint8Array(KEPT);
  #encodings = new Uint8Array(KEPT);
  #refs = new Int32Array(KEPT);
  /** Members of each. */
  #sizes = new Int32Array(KEPT);
  #weights = new Float64Array(KEPT);
  #order = new Int32Array(KEPT);

  /** Empties the list, and gives it room for so many. O(1), or O(capacity). */
  begin(capacity: number): void {
    this.count = 0;
    const room = Math.max(capacity, KEPT);
    if (room === this.#room) return;
    this.#room = room;
    this.#isSorted = new Uint8Array(room);
    this.#encodings = new Uint8Array(room);
    this.#refs = new Int32Array(room);
    this.#sizes = new Int32Array(room);
    this.#weights = new Float64Array(room);
    this.#order = new Int32Array(room);
  }

  /** Adds a value, of a weight of 1. @param view is pointed at it */
  add(isSorted: boolean, encoding: number, ref: Ref, view: MemberSource): void {
    view.open(isSorted, encoding, ref);
    const i = this.#addAs(ref, view.count);
    this.#isSorted[i] = isSorted ? 1 : 0;
    this.#encodings[i] = encoding;
  }

  /** Adds a value that is missing. */
  addMissing(): void {
    this.#addAs(NONE, 0);
  }

  #addAs(ref: Ref, size: number): number {
    const i = this.count++;
    this.#refs[i] = ref;
    this.#sizes[i] = size;
    this.#weights[i] = 1;
    this.#order[i] = i;
    return i;
  }

  /** Gives the source that was added as the `i`-th its weight. */
  setWeight(i: number, weight: number): void {
    this.#weights[i] = weight;
  }

  /** Points a view at the `i`-th in order, if it has members; answers whether it has. */
  open(i: number, view: MemberSource): boolean {
    const source = this.#order[i];
    if (this.#sizes[source] === 0) return false;
    view.open(this.#isSorted[source] !== 0, this.#encodings[source], this.#refs[source]);
    return true;
  }

  /** The encoding of the `i`-th in order. */
  encoding(i: number): number {
    return this.#encodings[this.#order[i]];
  }

  /** The reference of the `i`-th in order, NONE where it is missing. */
  ref(i: number): Ref {
    return this.#refs[this.#order[i]];
  }

  /** Members of the `i`-th in order. */
  size(i: number): number {
    return this.#sizes[this.#order[i]];
  }

  /** Weight of the `i`-th in order. */
  weight(i: number): number {
    return this.#weights[this.#order[i]];
  }

  /** Whether any of them has no members. O(n). */
  get hasEmpty(): boolean {
    for (let i = 0; i < this.count; i++) if (this.#sizes[i] === 0) return true;
    return false;
  }

  /** Members of the largest. O(n). */
  get largest(): number {
    let largest = 0;
    for (let i = 0; i < this.count; i++) largest = Math.max(largest, this.#sizes[i]);
    return largest;
  }

  /** Whether the first in order is among the others once more. O(n). */
  get repeatsFirst(): boolean {
    const first = this.ref(0);
    if (first === NONE) return false;
    for (let i = 1; i < this.count; i++) if (this.ref(i) === first) return true;
    return false;
  }

  /** Brings the smallest to the front; equals keep their order. O(n × log n). */
  sortBySize(): void {
    this.#sort(0, 1);
  }

  /** Brings the largest of all but the first to the front of those; equals keep their order. */
  sortOthersBySize(): void {
    this.#sort(1, -1);
  }

  #sort(from: number, sign: number): void {
    const order = this.#order;
    const sizes = this.#sizes;
    if (this.count > MAX_INSERTED) {
      order.subarray(from, this.count).sort((a, b) => (sizes[a] - sizes[b]) * sign || a - b);
      return;
    }
    for (let end = from + 1; end < this.count; end++) {
      const moved = order[end];
      let at = end;
      for (; at > from && (sizes[order[at - 1]] - sizes[moved]) * sign > 0; at--) {
        order[at] = order[at - 1];
      }
      order[at] = moved;
    }
  }
}
