/**
 * Lua's values as MessagePack, as Redis ships lua-cmsgpack 0.4.0:
 *
 * ```
 * number    the shortest integer format where it is one of 64 bits; else float where that is exact, or
 *           double
 * table     an array where its keys are exactly 1 … n, else a map; nil below 16 levels
 * others    nil, for what it has no format for
 * ```
 *
 * The tables that are under way lie on a stack of their own, so that work may stop between values.
 */

import { LuaTable } from "../../runtime/lua_table.ts";
import type { Machine } from "../../runtime/machine.ts";
import type { LuaValue } from "../../runtime/value.ts";
import { UNFINISHED } from "../long_work.ts";

/** Tables within each other; what is deeper is nil. */
const MAX_NESTING = 16;
/** Four bytes are made at the price of a step. */
const BYTES_SHIFT = 2;
/** Values that are written between two looks at the budget. */
const BATCH = 100;
/** So much is put together before it is joined to what is there. */
const PIECE_BYTES = 65_536;

const NIL = "\xc0";
const FALSE = "\xc2";
const TRUE = "\xc3";

/** A table that is under way. */
interface Level {
  readonly table: LuaTable;
  readonly isArray: boolean;
  readonly length: number;
  /** The place behind the last that was written. */
  at: number;
  /** Whether the key at that place is written, and its value is not. */
  hasKey: boolean;
}

const number = new DataView(new ArrayBuffer(8));

export class Packer {
  readonly #machine: Machine;
  readonly #args: readonly LuaValue[];
  readonly #levels: Level[] = [];
  #next = 0;
  #bytes = "";
  /** What stands in front of `#bytes`. */
  #before = "";

  /** @param args what is packed, one behind the other */
  constructor(machine: Machine, args: readonly LuaValue[]) {
    this.#machine = machine;
    this.#args = args;
  }

  /** Writes on: all bytes at the end. */
  work(): string | typeof UNFINISHED {
    const machine = this.#machine;
    const levels = this.#levels;
    for (;;) {
      const { length } = this.#bytes;
      const level = levels.at(-1);
      if (level !== undefined) this.#writeTable(level);
      else if (this.#next < this.#args.length) this.#write(this.#args[this.#next++]);
      else return this.#before + this.#bytes;
      machine.budget -= 8 + ((this.#bytes.length - length) >> BYTES_SHIFT);
      if (this.#bytes.length > PIECE_BYTES) {
        // Asking for a byte has V8 join the pieces that a string was made of.
        this.#bytes.charCodeAt(0);
        this.#before += this.#bytes;
        this.#bytes = "";
      }
      if (machine.budget < 0) return UNFINISHED;
    }
  }

  /** Writes values of a table until one is a table, the end, or enough. */
  #writeTable(level: Level): void {
    const { table } = level;
    for (let i = 0; i < BATCH; i++) {
      if (level.isArray) {
        if (level.at === level.length) {
          this.#levels.pop();
          return;
        }
        if (this.#write(table.getIndex(++level.at))) return;
        continue;
      }
      const place = table.occupiedFrom(level.at);
      if (place < 0) {
        this.#levels.pop();
        return;
      }
      level.at = place;
      if (!level.hasKey) {
        level.hasKey = true;
        if (this.#write(table.keyAt(place))) return;
      }
      level.hasKey = false;
      level.at = place + 1;
      if (this.#write(table.valueAt(place))) return;
    }
  }

  /** Writes a value; of a table its head: true, as what is in it comes next. */
  #write(value: LuaValue): boolean {
    if (typeof value === "string") this.#bytes += stringHead(value.length) + value;
    else if (typeof value === "number") this.#bytes += packNumber(value);
    else if (typeof value === "boolean") this.#bytes += value ? TRUE : FALSE;
    else if (value instanceof LuaTable && this.#levels.length < MAX_NESTING) {
      this.#open(value);
      return true;
    } else this.#bytes += NIL;
    return false;
  }

  #open(table: LuaTable): void {
    const size = this.#sizeOf(table);
    const length = Math.abs(size);
    // An empty table is an array.
    const isArray = size >= 0;
    this.#bytes += isArray
      ? head(length, 0x90, 15, 0xdc, 0xdd)
      : head(length, 0x80, 15, 0xde, 0xdf);
    this.#levels.push({ table, isArray, length, at: 0, hasKey: false });
  }

  /** How many entries a table has; negative where it is no array. */
  #sizeOf(table: LuaTable): number {
    let isArray = true;
    let max = 0;
    let count = 0;
    for (let at = table.occupiedFrom(0); at >= 0; at = table.occupiedFrom(at + 1)) {
      count++;
      const key = table.keyAt(at);
      if (typeof key !== "number" || key <= 0 || (key | 0) !== key) isArray = false;
      else if (key > max) max = key;
    }
    this.#machine.budget -= count;
    return isArray && max === count ? count : -count;
  }
}

/** The head of a table: its length in the first byte, in two more or in four. */
function head(length: number, fixed: number, most: number, of16: number, of32: number): string {
  if (length <= most) return String.fromCharCode(fixed | length);
  return length <= 0xffff
    ? String.fromCharCode(of16) + big16(length)
    : String.fromCharCode(of32) + big32(length);
}

function stringHead(length: number): string {
  if (length < 32) return String.fromCharCode(0xa0 | length);
  if (length <= 0xff) return String.fromCharCode(0xd9, length);
  return length <= 0xffff ? "\xda" + big16(length) : "\xdb" + big32(length);
}

function big16(value: number): string {
  return String.fromCharCode(value >> 8 & 0xff, value & 0xff);
}

function big32(value: number): string {
  return big16(value >>> 16) + big16(value & 0xffff);
}

function packNumber(value: number): string {
  if (value >= -(2 ** 63) && value < 2 ** 63 && Math.trunc(value) === value) {
    return packInteger(value);
  }
  // What the processor makes of 0/0 has the sign.
  if (Number.isNaN(value)) return "\xcb\xff\xf8\0\0\0\0\0\0";
  if (Math.fround(value) === value) {
    number.setFloat32(0, value);
    return "\xca" + big32(number.getUint32(0));
  }
  number.setFloat64(0, value);
  return "\xcb" + big32(number.getUint32(0)) + big32(number.getUint32(4));
}

function packInteger(value: number): string {
  if (value >= 0) {
    if (value <= 0x7f) return String.fromCharCode(value);
    if (value <= 0xff) return String.fromCharCode(0xcc, value);
    if (value <= 0xffff) return "\xcd" + big16(value);
    if (value <= 0xffff_ffff) return "\xce" + big32(value);
  } else {
    if (value >= -32) return String.fromCharCode(value & 0xff);
    if (value >= -0x80) return String.fromCharCode(0xd0, value & 0xff);
    if (value >= -0x8000) return "\xd1" + big16(value);
    if (value >= -0x8000_0000) return "\xd2" + big32(value);
  }
  number.setBigInt64(0, BigInt(value));
  return (value < 0 ? "\xd3" : "\xcf") + big32(number.getUint32(0)) + big32(number.getUint32(4));
}
