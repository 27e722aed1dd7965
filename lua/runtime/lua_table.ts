/**
 * Lua's one structure: an array part for the keys 1 … n, and entries for all others.
 *
 * ```
 * elements  [ t[1], t[2], … t[n] ]
 * entries   [ key, value, key, value, … ]     in the order of insertion; the value is nil where one was
 *    ▲                                        removed
 *    └── places   key ─▶ index in entries     a Map, from the ninth entry on; before that a search
 * ```
 *
 * A field with a constant name is read without any hash: compiled code remembers at which index of the
 * entries it saw the name last, and looks whether it is there in this table too
 * ({@linkcode LuaTable.placeOf}). Tables that were made alike have their fields at the same places.
 *
 * An integer key right behind the array part goes there, and takes along those entries that follow it.
 * What was removed keeps its place until entries are added, so that a traversal may remove what it
 * visits. While the positive integer keys are exactly 1 … n (`integers` is undefined) n is the length;
 * where there are holes, the length is what Lua 5.1 answers: see border_sizes.ts.
 */

import { IntegerKeys, isArrayKey, MAX_ARRAY_SIZE, powerFor } from "./border_sizes.ts";
import { fail, LuaError } from "./lua_error.ts";
import type { LuaValue } from "./value.ts";

/** Entries are searched one by one up to this number, while no key is longer than the other. */
const SEARCHED = 8;
const LONG_KEY = 64;
/** From this size on an array part shrinks only where three quarters of it are nil. */
const LARGE = 1024;
/** More than these V8's Map refuses. */
const MAX_ENTRIES = 2 ** 24 - 1;
/** Where the places of entries begin in a traversal: arrays never get that long. */
const ENTRIES = 2 ** 29;
/** The entries of tables that have none. Never written to. */
const NONE: LuaValue[] = [undefined];
NONE.length = 0;

export class LuaTable {
  metatable: LuaTable | undefined = undefined;
  /** Setting anything is an error, raw or not. */
  isReadonly = false;
  /**
   * t[1] … t[n]. Compiled code may read it, and may replace a value that is not nil by another, where
   * the table is not read-only.
   */
  readonly elements: LuaValue[];
  /** Keys and values in turn. Compiled code may do the same with the values. */
  entries: LuaValue[] = NONE;
  #places: Map<LuaValue, number> | undefined = undefined;
  /** Entries whose value is not nil. */
  #live = 0;
  #integers: IntegerKeys | undefined = undefined;
  #arraySize: number;
  #nodeCapacity: number;
  #usedNodes = 0;
  /** The last index that was cut off the array part since the last rehash. */
  #cutOff = 0;
  /** All entries were removed, and forgotten. */
  #isDropped = false;
  /** Entries of positive integers were removed, and may still have their places. */
  #hasRemovedIntegers = false;
  /** Where there are holes, so many elements from the first on are nil. */
  #nilElements = 0;
  /** Before this index of `entries` all values are nil. */
  #firstEntry = 0;

  /**
   * @param elements become the array part, nil among them too, and are the table's from here on
   * @param arraySize of how many elements Lua would have made room, see constructorSize()
   * @param fields how many other keys a constructor makes room for
   */
  constructor(elements: LuaValue[] = [], arraySize: number = elements.length, fields: number = 0) {
    this.elements = elements;
    this.#arraySize = arraySize;
    this.#nodeCapacity = powerFor(fields);
    let present = 0;
    while (present < elements.length && elements[present] !== undefined) present++;
    if (present < elements.length) this.#countElements();
  }

  get luaType(): "table" {
    return "table";
  }

  /** The value of a key, nil where there is none; metatables are not asked. O(1). */
  get(key: LuaValue): LuaValue {
    return typeof key === "number" ? this.getIndex(key) : this.#getEntry(key);
  }

  /** {@linkcode LuaTable.get} of a number. */
  getIndex(key: number): LuaValue {
    const { elements } = this;
    if (key >= 1 && key <= elements.length) {
      const element = elements[key - 1];
      if (element !== undefined) return element;
    }
    return this.entries.length === 0 ? undefined : this.#getEntry(key);
  }

  /** {@linkcode LuaTable.get} of a string. */
  getString(key: string): LuaValue {
    return this.#getEntry(key);
  }

  /**
   * The i for which `entries[i]` is the key and `entries[i + 1]` its value (nil where it was removed); 0
   * where there is none. To be kept as a hint: `table.entries[hint] === "name"` tells whether it holds.
   * The key that is given takes the place of its equal, so that the next comparison is one of pointers.
   */
  placeOf(key: string): number {
    const at = this.#indexOf(key);
    if (at < 0) return 0;
    this.entries[at] = key;
    return at;
  }

  /**
   * Sets the value of a key, nil to remove it; metatables are not asked. O(1) amortized.
   *
   * @throws {LuaError} where the table is read-only, the key is nil or not a number
   */
  set(key: LuaValue, value: LuaValue): void {
    if (typeof key === "number") return this.setIndex(key, value);
    if (key === undefined) fail("table index is nil");
    if (this.isReadonly) failReadonly();
    this.#setEntry(key, value);
  }

  /** {@linkcode LuaTable.set} of a string. */
  setString(key: string, value: LuaValue): void {
    if (this.isReadonly) failReadonly();
    this.#setEntry(key, value);
  }

  /** {@linkcode LuaTable.set} of a number. */
  setIndex(key: number, value: LuaValue): void {
    const { elements } = this;
    const i = (key - 1) >>> 0;
    if (i + 1 === key && value !== undefined && !this.isReadonly) {
      if (i < elements.length && elements[i] !== undefined) {
        elements[i] = value;
        return;
      }
      if (i === elements.length && i < this.#arraySize && this.#integers === undefined) {
        elements.push(value);
        return;
      }
    }
    this.#setNumber(key, value);
  }

  /** Whether the positive integer keys are exactly 1 … n, all of them in `elements`. */
  get isSequence(): boolean {
    return this.#integers === undefined;
  }

  /** A border: n where t[n] is there and t[n + 1] is not, or 0. O(1) without holes, else O(log n). */
  get length(): number {
    if (this.#integers === undefined) return this.elements.length;
    const size = this.#arraySize;
    if (size > 0 && this.getIndex(size) === undefined) return this.#borderBetween(0, size);
    if (this.#nodeCapacity === 0) return size;
    let low = size;
    let high = size + 1;
    while (this.getIndex(high) !== undefined) {
      low = high;
      high *= 2;
    }
    return this.#borderBetween(low, high);
  }

  /**
   * The place behind that of a key in a traversal, 0 for nil. O(1).
   *
   * @throws {LuaError} where the key is none of the table's
   */
  placeAfter(key: LuaValue): number {
    if (key === undefined) return 0;
    const { length } = this.elements;
    const isIndex = isArrayKey(key);
    if (isIndex && key <= length) return key;
    const at = this.#indexOf(key);
    if (at >= 0) return ENTRIES + at / 2 + 1;
    if (isIndex && key <= Math.max(this.#cutOff, this.#arraySize)) return length;
    if (this.#isDropped) return ENTRIES;
    throw new LuaError("invalid key to 'next'", 0);
  }

  /**
   * The first place from `place` on that has a value, -1 where there is none. A traversal begins with 0
   * and goes on with the place found + 1; values may be replaced and removed meanwhile.
   */
  occupiedFrom(place: number): number {
    const { elements, entries } = this;
    if (place < ENTRIES) {
      let at = Math.max(place, this.#nilElements);
      while (at < elements.length && elements[at] === undefined) at++;
      if (place <= this.#nilElements) this.#nilElements = Math.min(at, elements.length);
      if (at < elements.length) return at;
    }
    const from = place < ENTRIES ? 0 : (place - ENTRIES) * 2;
    let at = Math.max(from, this.#firstEntry);
    while (at < entries.length && entries[at + 1] === undefined) at += 2;
    if (from <= this.#firstEntry) this.#firstEntry = at;
    return at < entries.length ? ENTRIES + at / 2 : -1;
  }

  /** The key at a place that {@linkcode LuaTable.occupiedFrom} found. */
  keyAt(place: number): LuaValue {
    return place < ENTRIES ? place + 1 : this.entries[(place - ENTRIES) * 2];
  }

  /** The value there. */
  valueAt(place: number): LuaValue {
    return place < ENTRIES ? this.elements[place] : this.entries[(place - ENTRIES) * 2 + 1];
  }

  #getEntry(key: LuaValue): LuaValue {
    const at = this.#indexOf(key);
    return at < 0 ? undefined : this.entries[at + 1];
  }

  #indexOf(key: LuaValue): number {
    const { entries } = this;
    if (this.#places !== undefined) return this.#places.get(key) ?? -1;
    for (let at = 0; at < entries.length; at += 2) if (entries[at] === key) return at;
    return -1;
  }

  #setNumber(key: number, value: LuaValue): void {
    if (Number.isNaN(key)) fail("table index is NaN");
    if (this.isReadonly) failReadonly();
    if (!isArrayKey(key)) {
      if (key === this.elements.length + 1 && key > MAX_ARRAY_SIZE) failMemory();
      this.#setEntry(key, value);
    } else if (value === undefined) this.#removeIndex(key);
    else this.#addIndex(key, value);
  }

  #removeIndex(key: number): void {
    const { elements } = this;
    if (key > elements.length) {
      if (key > this.#arraySize && key > this.#cutOff) this.#setEntry(key, undefined);
    } else if (elements[key - 1] !== undefined) {
      if (key < elements.length) this.#integers ??= IntegerKeys.upTo(elements.length);
      elements[key - 1] = undefined;
      this.#integers?.remove(key);
      if (key === elements.length) this.#cutElements();
    }
  }

  /** Cuts nil off the end of the array part. */
  #cutElements(): void {
    const { elements } = this;
    this.#cutOff = Math.max(this.#cutOff, elements.length);
    let { length } = elements;
    while (length > 0 && elements[length - 1] === undefined) length--;
    if (length === elements.length - 1) elements.pop();
    else elements.length = length;
    this.#nilElements = Math.min(this.#nilElements, length);
    this.#forgetHoles();
  }

  #addIndex(key: number, value: LuaValue): void {
    const { elements } = this;
    if (key > elements.length + 1) this.#integers ??= IntegerKeys.upTo(elements.length);
    if (this.#integers !== undefined && elements.length > this.#arraySize) this.#fitElements();
    if (key > elements.length && key > this.#arraySize) {
      const at = this.#indexOf(key);
      if (at < 0 && key > this.#cutOff) this.#useNode(key);
      if (this.#integers !== undefined && key > this.#arraySize) {
        this.#setOrAppend(at, key, value);
        return;
      }
      if (at >= 0) this.#eraseEntry(at);
    }
    if (key <= this.#nilElements) this.#nilElements = key - 1;
    while (elements.length < key) elements.push(undefined);
    if (elements[key - 1] === undefined) this.#integers?.add(key);
    elements[key - 1] = value;
    this.#forgetHoles();
  }

  /** Where all positive integer keys are in the array part, and none of it is nil. */
  #forgetHoles(): void {
    const integers = this.#integers;
    if (integers === undefined || integers.elsewhere > 0) return;
    if (integers.total === 0) this.elements.length = 0;
    if (integers.total < this.elements.length) return;
    this.#integers = undefined;
    this.#nilElements = 0;
  }

  /**
   * Where there are holes, moves integer keys so that those up to Lua's size are in the array part, and
   * no others. Not where one is removed: a traversal goes on then.
   */
  #fitElements(): void {
    const { elements } = this;
    const integers = this.#integers!;
    const size = this.#arraySize;
    const length = elements.length;
    if (length > size) {
      const moved = elements.slice(size);
      elements.length = size;
      this.#nilElements = Math.min(this.#nilElements, size);
      moved.forEach((value, i) => {
        if (value === undefined) return;
        const key = size + 1 + i;
        integers.remove(key);
        this.#setOrAppend(this.#indexOf(key), key, value);
      });
      return;
    }
    for (let key = length + 1; key <= size && integers.elsewhere > 0; key++) {
      const at = this.#indexOf(key);
      const value = at < 0 ? undefined : this.entries[at + 1];
      if (value === undefined) continue;
      while (elements.length < key - 1) elements.push(undefined);
      elements.push(value);
      this.#countEntry(key, -1);
      this.#eraseEntry(at);
      integers.add(key);
    }
    this.#compact();
  }

  #setEntry(key: LuaValue, value: LuaValue): void {
    const at = this.#indexOf(key);
    // Lua makes a node even to put nil in it.
    if (at < 0) this.#useNode(key);
    if (value !== undefined) this.#setOrAppend(at, key, value);
    else if (at >= 0) {
      this.#removeEntry(at);
      this.#forgetHoles();
    }
  }

  #setOrAppend(at: number, key: LuaValue, value: LuaValue): void {
    if (at < 0) {
      this.#append(key, value);
      return;
    }
    if (this.entries[at + 1] === undefined) {
      this.#countEntry(key, 1);
      this.#firstEntry = Math.min(this.#firstEntry, at);
    }
    this.entries[at + 1] = value;
  }

  #append(key: LuaValue, value: LuaValue): void {
    this.#compact();
    const at = this.entries.length;
    if (at === MAX_ENTRIES * 2) failMemory();
    if (this.entries === NONE) this.entries = [key, value];
    else this.entries.push(key, value);
    this.#countEntry(key, 1);
    if (this.#places !== undefined) this.#places.set(key, at);
    else if (at >= 2 * SEARCHED || (typeof key === "string" && key.length > LONG_KEY)) {
      this.#indexEntries();
    }
  }

  #removeEntry(at: number): void {
    const { entries } = this;
    if (entries[at + 1] === undefined) return;
    this.#countEntry(entries[at], -1);
    entries[at + 1] = undefined;
    if (isArrayKey(entries[at])) this.#hasRemovedIntegers = true;
    if (this.#live > 0 || entries.length <= 4 * SEARCHED) return;
    this.entries = NONE;
    this.#places = undefined;
    this.#firstEntry = 0;
    this.#isDropped = true;
    this.#hasRemovedIntegers = false;
  }

  /** Takes the key away too. */
  #eraseEntry(at: number): void {
    this.#places?.delete(this.entries[at]);
    this.entries[at] = undefined;
    this.entries[at + 1] = undefined;
  }

  /** No key of the array part has an entry, not even one that was removed: `next` would find it. */
  #eraseRemovedIntegers(from: number, to: number): void {
    for (let key = from; key <= to; key++) {
      const at = this.#indexOf(key);
      if (at >= 0) this.#eraseEntry(at);
    }
  }

  #countEntry(key: LuaValue, by: 1 | -1): void {
    this.#live += by;
    if (!isArrayKey(key)) return;
    const integers = this.#integers ??= IntegerKeys.upTo(this.elements.length);
    integers.elsewhere += by;
    if (by === 1) integers.add(key);
    else integers.remove(key);
  }

  /** Drops the entries that were removed, where they are most. */
  #compact(): void {
    const { entries } = this;
    const unused = entries.length / 2 - this.#live;
    if (unused <= SEARCHED || unused <= this.#live) return;
    let to = 0;
    for (let at = 0; at < entries.length; at += 2) {
      if (entries[at + 1] === undefined) continue;
      entries[to++] = entries[at];
      entries[to++] = entries[at + 1];
    }
    entries.length = to;
    this.#firstEntry = 0;
    this.#hasRemovedIntegers = false;
    if (this.#places !== undefined) this.#indexEntries();
  }

  #indexEntries(): void {
    const places = new Map<LuaValue, number>();
    const { entries } = this;
    for (let at = 0; at < entries.length; at += 2) places.set(entries[at], at);
    this.#places = places;
  }

  #borderBetween(from: number, to: number): number {
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.getIndex(middle) === undefined) high = middle;
      else low = middle;
    }
    return low;
  }

  /** Counts a key that is new to Lua's hash, and computes its sizes anew where that was full. */
  #useNode(key: LuaValue): void {
    if (this.#usedNodes < this.#nodeCapacity) {
      this.#usedNodes++;
      return;
    }
    const { length } = this.elements;
    const former = this.#arraySize;
    const isInteger = isArrayKey(key);
    const integers = this.#integers ??
      (isInteger && key > length + 1 ? IntegerKeys.upTo(length) : undefined);
    let size = powerFor(length);
    let nodes = this.#live + 1;
    if (integers !== undefined) {
      if (isInteger) integers.add(key);
      const part = integers.arrayPart();
      size = part.size;
      nodes += integers.total - (isInteger ? 1 : 0) - integers.elsewhere - part.taken;
      if (isInteger) integers.remove(key);
    } else if (isInteger) {
      size = powerFor(key);
      nodes--;
    }
    // Else a few keys that come and go could have all others moved each time.
    if (size < former && former > LARGE && (integers?.total ?? length) * 4 > former) {
      size = former;
      nodes = this.#live + 1;
    }
    this.#usedNodes = nodes;
    this.#nodeCapacity = powerFor(nodes);
    this.#cutOff = 0;
    this.#arraySize = size;
    if (size !== former && this.#integers !== undefined) this.#fitElements();
    if (size > former && this.#hasRemovedIntegers) this.#eraseRemovedIntegers(former + 1, size);
  }

  #countElements(): void {
    const { elements } = this;
    const integers = this.#integers = new IntegerKeys();
    for (let i = 0; i < elements.length; i++) if (elements[i] !== undefined) integers.add(i + 1);
    this.#cutElements();
  }
}

const READONLY = "Attempt to modify a readonly table";

function failReadonly(): never {
  fail(READONLY);
}

/**
 * What a built-in function asks before it sets anything.
 *
 * @throws {LuaError} without a position, where the table is read-only
 */
export function checkWritable(table: LuaTable): void {
  if (table.isReadonly) throw new LuaError(READONLY, 0);
}

function failMemory(): never {
  throw new LuaError("not enough memory", 0);
}
