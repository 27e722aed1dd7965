/**
 * Lua's one structure: an array part for the keys 1 … n, and a map for all others.
 *
 * ```
 * elements  [ t[1], t[2], … t[n] ]
 * others    key ─▶ place        keys   [ "a", true, 2.5, … ]     in the order of their insertion;
 *                               values [ …,   …,    …      ]     nil where an entry was removed
 * ```
 *
 * An integer key at the end of the array part goes there, and takes along those that follow it in the
 * map. What was removed from the map keeps its place until the map is rebuilt, so that a traversal may
 * remove what it visits.
 */

import { fail } from "./lua_error.ts";
import type { LuaValue } from "./value.ts";

export class LuaTable {
  metatable: LuaTable | undefined = undefined;
  readonly #elements: LuaValue[];
  #places: Map<LuaValue, number> | undefined;
  #keys: LuaValue[] = [];
  #values: LuaValue[] = [];

  /** @param elements become the array part, and are the table's from here on */
  constructor(elements: LuaValue[] = []) {
    this.#elements = elements;
  }

  /** The value of a key, nil where there is none; metatables are not asked. O(1). */
  get(key: LuaValue): LuaValue {
    if (typeof key === "number" && key >= 1 && key <= this.#elements.length) {
      const element = this.#elements[key - 1];
      if (element !== undefined || Number.isInteger(key)) return element;
    }
    const place = this.#places?.get(key);
    return place === undefined ? undefined : this.#values[place];
  }

  /** Sets the value of a key, nil to remove it; metatables are not asked. O(1) amortized. */
  set(key: LuaValue, value: LuaValue): void {
    if (typeof key === "number") {
      const elements = this.#elements;
      if (key >= 1 && key <= elements.length && Number.isInteger(key)) {
        elements[key - 1] = value;
        return;
      }
      if (key === elements.length + 1 && value !== undefined) {
        this.#remove(key);
        elements.push(value);
        this.#takeFollowing();
        return;
      }
      if (Number.isNaN(key)) fail("table index is NaN");
    } else if (key === undefined) fail("table index is nil");
    if (value === undefined) this.#remove(key);
    else this.#put(key, value);
  }

  /** A border: n where t[n] is there and t[n + 1] is not, or 0. O(log n). */
  get length(): number {
    const elements = this.#elements;
    let high = elements.length;
    if (high === 0 || elements[high - 1] !== undefined) return high;
    let low = 0;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (elements[middle - 1] === undefined) high = middle;
      else low = middle;
    }
    return low;
  }

  /**
   * The place behind that of a key in a traversal, 0 for nil. O(1).
   *
   * @throws {LuaError} where the key is none of the table's
   */
  placeAfter(key: LuaValue): number {
    if (key === undefined) return 0;
    const { length } = this.#elements;
    if (typeof key === "number" && key >= 1 && key <= length && Number.isInteger(key)) return key;
    const place = this.#places?.get(key);
    if (place === undefined) fail("invalid key to 'next'");
    return length + place + 1;
  }

  /** The first place from `place` on that has a value, -1 where there is none. */
  occupiedFrom(place: number): number {
    const elements = this.#elements;
    const { length } = elements;
    let at = place;
    for (; at < length; at++) if (elements[at] !== undefined) return at;
    for (; at - length < this.#values.length; at++) {
      if (this.#values[at - length] !== undefined) return at;
    }
    return -1;
  }

  keyAt(place: number): LuaValue {
    const { length } = this.#elements;
    return place < length ? place + 1 : this.#keys[place - length];
  }

  valueAt(place: number): LuaValue {
    const { length } = this.#elements;
    return place < length ? this.#elements[place] : this.#values[place - length];
  }

  #put(key: LuaValue, value: LuaValue): void {
    const places = this.#places ??= new Map();
    const place = places.get(key);
    if (place !== undefined) {
      this.#values[place] = value;
      return;
    }
    places.set(key, this.#keys.length);
    this.#keys.push(key);
    this.#values.push(value);
  }

  #remove(key: LuaValue): void {
    const place = this.#places?.get(key);
    if (place !== undefined) this.#values[place] = undefined;
  }

  /** Moves the keys behind the array part to its end. */
  #takeFollowing(): void {
    const places = this.#places;
    if (places === undefined) return;
    const elements = this.#elements;
    for (;;) {
      const place = places.get(elements.length + 1);
      if (place === undefined || this.#values[place] === undefined) return;
      elements.push(this.#values[place]);
      this.#values[place] = undefined;
    }
  }
}
