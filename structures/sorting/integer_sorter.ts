/**
 * Sorting texts that are integers by their values: the values are all that is kept, for such a text
 * is the one way to write its value, and equal ones are alike.
 */

import { parseSafeInteger, writeInteger } from "../numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../numbers/int64.ts";

/** Numbers that the sorter keeps room for. */
const KEPT_NUMBERS = 1024;

export class IntegerSorter {
  /** The text that {@linkcode IntegerSorter.seek} writes, and its length. */
  readonly text: Uint8Array = new Uint8Array(MAX_INT64_TEXT);
  length = 0;
  readonly #kept = new Float64Array(KEPT_NUMBERS);
  #numbers = this.#kept;
  #count = 0;

  /** Empties the sorter. @param capacity most numbers to come  @throws {RangeError} no memory */
  begin(capacity: number): void {
    this.clear();
    if (capacity > KEPT_NUMBERS) this.#numbers = new Float64Array(capacity);
  }

  /** Empties the sorter, and gives back what many numbers took. */
  clear(): void {
    this.#numbers = this.#kept;
    this.#count = 0;
  }

  /** Adds a text, if it is an integer's within ±(2^53 - 1). O(1). @returns whether it is */
  add(bytes: Uint8Array, start: number, length: number): boolean {
    const number = parseSafeInteger(bytes, start, length);
    if (Number.isNaN(number)) return false;
    this.#numbers[this.#count++] = number;
    return true;
  }

  /** Sorts all of them. O(n × log n). */
  sort(): void {
    this.#numbers.subarray(0, this.#count).sort();
  }

  /** Writes the text of a rank, counted from the largest where `descends`. O(1). */
  seek(rank: number, descends: boolean): void {
    const number = this.#numbers[descends ? this.#count - 1 - rank : rank];
    this.length = writeInteger(this.text, 0, number);
  }
}
