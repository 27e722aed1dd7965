/**
 * Lua's values as JSON, without recursion: the tables that are under way lie on a stack of their own, so
 * that nesting needs no native stack, and work may stop between any two values.
 *
 * A table is an array where all its keys are positive integers, and not too few of them; else an object.
 */

import { fail } from "../../runtime/lua_error.ts";
import { LuaTable } from "../../runtime/lua_table.ts";
import type { Machine } from "../../runtime/machine.ts";
import { formatGeneral, formatNumber } from "../../runtime/number_text.ts";
import { type LuaValue, typeName } from "../../runtime/value.ts";
import { UNFINISHED } from "../long_work.ts";
import { MAX_STACK } from "../../runtime/limits.ts";
import { JSON_NULL, type JsonConfig } from "./json_config.ts";
import { quoted } from "./json_text.ts";

/** What Lua needs free on its stack to go into a table. */
const NEEDED_STACK = 3;
const DEFAULT_PRECISION = 14;
/** Four bytes are made at the price of a step. */
const BYTES_SHIFT = 2;
/** So much text is put together before it is joined to what is there. */
const PIECE_BYTES = 65_536;

/** A table that is under way. */
interface Level {
  readonly table: LuaTable;
  /** The length of an array; -1: an object. */
  readonly length: number;
  /** The last index, or the place of an object, that was written; -1 before the first place. */
  at: number;
  /** What Lua would have on its stack. */
  readonly stack: number;
}

export class JsonEncoder {
  readonly #machine: Machine;
  readonly #config: JsonConfig;
  readonly #levels: Level[] = [];
  #text = "";
  /** Text in front of `#text`. */
  #before = "";

  constructor(machine: Machine, config: JsonConfig, value: LuaValue) {
    this.#machine = machine;
    this.#config = config;
    if (value instanceof LuaTable) this.#open(value, 1);
    else this.#text = this.#scalar(value);
  }

  /** Writes on: the whole text at the end. */
  work(): string | typeof UNFINISHED {
    const machine = this.#machine;
    const levels = this.#levels;
    let { budget } = machine;
    while (levels.length > 0) {
      const level = levels[levels.length - 1];
      const length = this.#text.length;
      if (level.length >= 0) this.#writeElements(level);
      else this.#writeFields(level);
      budget -= 8 + ((this.#text.length - length) >> BYTES_SHIFT);
      if (this.#text.length > PIECE_BYTES) this.#join();
      if (budget < 0) {
        machine.budget = budget;
        return UNFINISHED;
      }
    }
    machine.budget = budget;
    return this.#before + this.#text;
  }

  /** Puts text that was written flat behind what is there, so that it takes a byte a byte. */
  #join(): void {
    // Asking for a byte has V8 join the pieces that a string was made of.
    this.#text.charCodeAt(0);
    this.#before += this.#text;
    this.#text = "";
  }

  #open(table: LuaTable, stack: number): void {
    const depth = this.#levels.length + 1;
    if (depth > this.#config.maxEncodeDepth || stack + NEEDED_STACK > MAX_STACK) {
      fail(`Cannot serialise, excessive nesting (${depth})`);
    }
    const length = this.#arrayLength(table);
    this.#text += length > 0 ? "[" : "{";
    this.#levels.push({ table, length: length > 0 ? length : -1, at: length > 0 ? 0 : -1, stack });
  }

  /** Writes elements until there is a table among them, the end, or enough. */
  #writeElements(level: Level): void {
    const { table, length } = level;
    const end = Math.min(length, level.at + 100);
    let text = "";
    while (level.at < end) {
      const value = table.getIndex(++level.at);
      if (level.at > 1) text += ",";
      if (value instanceof LuaTable) {
        this.#text += text;
        this.#open(value, level.stack + 1);
        return;
      }
      text += this.#scalar(value);
    }
    this.#text += text;
    if (level.at < length) return;
    this.#text += "]";
    this.#levels.pop();
  }

  #writeFields(level: Level): void {
    const { table } = level;
    let text = "";
    for (let i = 0; i < 100; i++) {
      const place = table.occupiedFrom(level.at + 1);
      if (place < 0) {
        this.#text += text + "}";
        this.#levels.pop();
        return;
      }
      if (level.at >= 0) text += ",";
      level.at = place;
      text += this.#key(table.keyAt(place));
      const value = table.valueAt(place);
      if (value instanceof LuaTable) {
        this.#text += text;
        this.#open(value, level.stack + 2);
        return;
      }
      text += this.#scalar(value);
    }
    this.#text += text;
  }

  #key(key: LuaValue): string {
    if (typeof key === "string") return quoted(key) + ":";
    if (typeof key === "number") return `"${this.#number(key)}":`;
    this.#refuse(key, "table key must be a number or string");
  }

  #scalar(value: LuaValue): string {
    switch (typeof value) {
      case "string":
        return quoted(value);
      case "number":
        return this.#number(value);
      case "boolean":
        return value ? "true" : "false";
      case "undefined":
        return "null";
    }
    if (value === JSON_NULL) return "null";
    this.#refuse(value, "type not supported");
  }

  #number(value: number): string {
    const { encodeInvalid, precision } = this.#config;
    if (!Number.isFinite(value)) {
      if (encodeInvalid === "off") this.#refuse(value, "must not be NaN or Inf");
      if (encodeInvalid === "null") return "null";
      return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
    }
    return precision === DEFAULT_PRECISION ? formatNumber(value) : formatGeneral(value, precision);
  }

  /** The largest index of a table that counts as an array, 0 of an empty one; -1 of an object. */
  #arrayLength(table: LuaTable): number {
    let max = 0;
    let items = 0;
    this.#machine.budget -= table.elements.length >> BYTES_SHIFT;
    for (let at = table.occupiedFrom(0); at >= 0; at = table.occupiedFrom(at + 1)) {
      const key = table.keyAt(at);
      if (typeof key !== "number" || !(key >= 1) || Math.floor(key) !== key) return -1;
      // What does not fit C's int becomes the least one.
      if (key > max) max = key < 2 ** 31 ? key : -(2 ** 31);
      items++;
    }
    const { sparseRatio, sparseSafe, convertSparse } = this.#config;
    if (sparseRatio > 0 && max > items * sparseRatio && max > sparseSafe) {
      if (!convertSparse) this.#refuse(table, "excessively sparse array");
      return -1;
    }
    return max;
  }

  #refuse(value: LuaValue, reason: string): never {
    fail(`Cannot serialise ${typeName(value)}: ${reason}`);
  }
}
