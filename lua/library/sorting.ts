/**
 * Quicksort that asks one comparison at a time, so that whoever compares can be left in the middle. It
 * is Sedgewick's with the median of three (Algorithms in Modula-3, 1993), and asks in the order that
 * Lua's own sort does: what a comparator sees, and where equal elements come to lie, is the same.
 *
 * ```
 *        from            middle           to
 *  Ends   ▲────────────────────────────────▲    is the last less than the first?
 *  Low    ▲────────────────▲                    is the middle less than the first?
 *  High                    ▲───────────────▲    is the last less than the middle?
 *         the middle one becomes the pivot, and is kept at to - 1
 *  Up     i ─▶   is t[i] less than the pivot?
 *  Down                              ◀─ j       is the pivot less than t[j]?
 *         where both stop they are exchanged, and where they have met the range is parted
 * ```
 *
 * The table is read and written at each step, as the comparator may change it. A comparator that
 * contradicts itself runs an index out of its range, which is an error.
 */

import { fail } from "../runtime/lua_error.ts";
import { checkWritable, type LuaTable } from "../runtime/lua_table.ts";
import type { LuaValue } from "../runtime/value.ts";

const ENDS = 0;
const LOW = 1;
const HIGH = 2;
const UP = 3;
const DOWN = 4;

export class Sorting {
  /** What is to be compared: whether the one is less than the other. */
  left: LuaValue = undefined;
  right: LuaValue = undefined;
  readonly #table: LuaTable;
  #step = ENDS;
  #from = 1;
  #to: number;
  #i = 0;
  #j = 0;
  #pivot: LuaValue = undefined;
  /** The element that the way up has stopped at. */
  #stopped: LuaValue = undefined;
  /** Ranges that wait, the first and the last index of each: log2(length) of them at the most. */
  readonly #waiting: number[] = [];

  constructor(table: LuaTable, length: number) {
    this.#table = table;
    this.#to = length;
  }

  /** Prepares the first comparison; false where there is none. */
  start(): boolean {
    return this.#next();
  }

  /** Goes on with a comparison's answer, and prepares the next; false where all is sorted. */
  answer(isLess: boolean): boolean {
    switch (this.#step) {
      case UP:
        return isLess ? this.#up() : this.#turn();
      case DOWN:
        return isLess ? this.#down() : this.#meet();
      case ENDS:
        if (isLess) this.#put(this.#from, this.left, this.#to, this.right);
        if (this.#to - this.#from === 1) return this.#skip();
        this.#i = Math.floor((this.#from + this.#to) / 2);
        return this.#ask(LOW, this.#at(this.#i), this.#at(this.#from));
      case LOW:
        if (!isLess) return this.#ask(HIGH, this.#at(this.#to), this.left);
        this.#put(this.#from, this.left, this.#i, this.right);
        return this.#part();
      default:
        if (isLess) this.#put(this.#i, this.left, this.#to, this.right);
        return this.#part();
    }
  }

  /** Begins with the range that waits. */
  #next(): boolean {
    while (this.#from >= this.#to) {
      const to = this.#waiting.pop();
      const from = this.#waiting.pop();
      if (from === undefined || to === undefined) return false;
      this.#from = from;
      this.#to = to;
    }
    return this.#ask(ENDS, this.#at(this.#to), this.#at(this.#from));
  }

  /** The range is sorted. */
  #skip(): boolean {
    this.#from = this.#to;
    return this.#next();
  }

  /** The middle one is the median of three. */
  #part(): boolean {
    if (this.#to - this.#from === 2) return this.#skip();
    this.#pivot = this.#at(this.#i);
    this.#put(this.#i, this.#at(this.#to - 1), this.#to - 1, this.#pivot);
    this.#i = this.#from;
    this.#j = this.#to - 1;
    return this.#up(true);
  }

  #up(isFirst = false): boolean {
    if (!isFirst && this.#i > this.#to) failOrder();
    return this.#ask(UP, this.#at(++this.#i), this.#pivot);
  }

  #turn(): boolean {
    this.#stopped = this.left;
    return this.#down(true);
  }

  #down(isFirst = false): boolean {
    if (!isFirst && this.#j < this.#from) failOrder();
    return this.#ask(DOWN, this.#pivot, this.#at(--this.#j));
  }

  #meet(): boolean {
    if (this.#j >= this.#i) {
      this.#put(this.#i, this.right, this.#j, this.#stopped);
      return this.#up(true);
    }
    const at = this.#i;
    this.#put(this.#to - 1, this.#at(at), at, this.#at(this.#to - 1));
    // The smaller part first, so that few ranges wait.
    if (at - this.#from < this.#to - at) {
      this.#waiting.push(at + 1, this.#to);
      this.#to = at - 1;
    } else {
      this.#waiting.push(this.#from, at - 1);
      this.#from = at + 1;
    }
    return this.#next();
  }

  #ask(step: number, left: LuaValue, right: LuaValue): true {
    this.#step = step;
    this.left = left;
    this.right = right;
    return true;
  }

  #at(index: number): LuaValue {
    const element = index >= 1 ? this.#table.elements[index - 1] : undefined;
    return element ?? this.#table.getIndex(index);
  }

  #put(first: number, atFirst: LuaValue, second: number, atSecond: LuaValue): void {
    checkWritable(this.#table);
    this.#table.setIndex(first, atFirst);
    this.#table.setIndex(second, atSecond);
  }
}

function failOrder(): never {
  fail("invalid order function for sorting");
}
