/**
 * MessagePack as Lua's values. What is under way lies on a stack of its own, so that nesting needs no
 * native stack, and work may stop between any two values.
 */

import { powerFor } from "../../runtime/border_sizes.ts";
import { fail, LuaError } from "../../runtime/lua_error.ts";
import { LuaTable } from "../../runtime/lua_table.ts";
import type { Machine } from "../../runtime/machine.ts";
import type { LuaValue } from "../../runtime/value.ts";
import { UNFINISHED } from "../long_work.ts";

/** Values that a function may have on Lua's stack. */
const MAX_STACK = 8000;
/** Four bytes are read at the price of a step. */
const BYTES_SHIFT = 2;

/** An array or a map that is under way. */
interface Level {
  readonly elements: LuaValue[] | undefined;
  readonly table: LuaTable | undefined;
  /** Elements or fields that are to come. */
  left: number;
  /** The key whose value comes next, once `hasKey`. */
  key: LuaValue;
  hasKey: boolean;
}

const number = new DataView(new ArrayBuffer(8));

export class Unpacker {
  readonly #machine: Machine;
  readonly #text: string;
  readonly #levels: Level[] = [];
  /** The values so far. */
  readonly values: LuaValue[] = [];
  /** Values on Lua's stack: the arguments, the values, and two for each table under way. */
  #stack: number;
  /** The offset that is read next. */
  at: number;

  /**
   * @param limit how many values are read, if there are so many
   * @param args how many arguments the function has, which lie on Lua's stack
   */
  constructor(
    machine: Machine,
    text: string,
    from: number,
    readonly limit: number,
    args: number,
  ) {
    this.#machine = machine;
    this.#text = text;
    this.at = from;
    this.#stack = args;
  }

  /** Reads on: undefined at the end. @throws {LuaError} where the text is not MessagePack */
  work(): undefined | typeof UNFINISHED {
    const machine = this.#machine;
    while (this.#levels.length > 0 || this.#wantsMore()) {
      const from = this.at;
      let value = this.#read();
      while (value !== OPENED) {
        const level = this.#levels.at(-1);
        if (level === undefined) {
          this.values.push(value);
          this.#stack++;
          break;
        }
        value = this.#put(level, value);
      }
      machine.budget -= 8 + ((this.at - from) >> BYTES_SHIFT);
      if (machine.budget < 0) return UNFINISHED;
    }
    return undefined;
  }

  #wantsMore(): boolean {
    return this.at < this.#text.length && this.values.length < this.limit;
  }

  /** Puts a value into the table that is under way; the table where that was its last. */
  #put(level: Level, value: LuaValue): LuaValue | typeof OPENED {
    if (level.table === undefined) level.elements!.push(value);
    else if (!level.hasKey) {
      level.hasKey = true;
      level.key = value;
      this.#stack++;
      return OPENED;
    } else {
      level.hasKey = false;
      this.#stack--;
      setField(level.table, level.key, value);
    }
    if (--level.left > 0) return OPENED;
    return this.#close(level);
  }

  #close({ elements, table }: Level): LuaTable {
    this.#levels.pop();
    this.#stack -= table === undefined ? 2 : 1;
    if (table !== undefined) return table;
    return arrayOf(elements!);
  }

  #read(): LuaValue | typeof OPENED {
    this.#need(1);
    if (this.#stack + 1 > MAX_STACK) {
      failStack("too many return values at once; use unpack_one or unpack_limit instead.");
    }
    const code = this.#text.charCodeAt(this.at);
    if (code < 0x80) return this.#take(1, code);
    if (code >= 0xe0) return this.#take(1, code - 0x100);
    if (code >= 0xa0 && code < 0xc0) return this.#string(1, code & 0x1f);
    if (code >= 0x90 && code < 0xa0) return this.#openArray(1, code & 0xf);
    if (code < 0x90) return this.#openMap(1, code & 0xf);
    switch (code) {
      case 0xc0:
        return this.#take(1, undefined);
      case 0xc2:
        return this.#take(1, false);
      case 0xc3:
        return this.#take(1, true);
      case 0xca:
        this.#need(5);
        number.setUint32(0, this.#uint(1, 4));
        return this.#take(5, number.getFloat32(0));
      case 0xcb:
        this.#load64();
        return this.#take(9, number.getFloat64(0));
      case 0xcc:
        return this.#integer(1);
      case 0xcd:
        return this.#integer(2);
      case 0xce:
        return this.#integer(4);
      case 0xd0:
        return this.#integer(1) << 24 >> 24;
      case 0xd1:
        return this.#integer(2) << 16 >> 16;
      case 0xd2:
        return this.#integer(4) | 0;
      // C's integer has a sign, whichever of the two it is read from.
      case 0xcf:
      case 0xd3:
        this.#load64();
        return this.#take(9, Number(number.getBigInt64(0)));
      case 0xd9:
        return this.#string(2, this.#length(1));
      case 0xda:
        return this.#string(3, this.#length(2));
      case 0xdb:
        return this.#string(5, this.#length(4));
      case 0xdc:
        return this.#openArray(3, this.#length(2));
      case 0xdd:
        return this.#openArray(5, this.#length(4));
      case 0xde:
        return this.#openMap(3, this.#length(2));
      case 0xdf:
        return this.#openMap(5, this.#length(4));
      default:
        fail("Bad data format in input.");
    }
  }

  #need(bytes: number): void {
    if (this.#text.length - this.at < bytes) fail("Missing bytes in input.");
  }

  #take<Value extends LuaValue>(bytes: number, value: Value): Value {
    this.at += bytes;
    return value;
  }

  /** The unsigned number of some bytes behind the first. */
  #uint(offset: number, bytes: number): number {
    const text = this.#text;
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + text.charCodeAt(this.at + offset + i);
    return value;
  }

  #length(bytes: number): number {
    this.#need(1 + bytes);
    return this.#uint(1, bytes);
  }

  #integer(bytes: number): number {
    this.#need(1 + bytes);
    return this.#take(1 + bytes, this.#uint(1, bytes));
  }

  #load64(): void {
    this.#need(9);
    number.setUint32(0, this.#uint(1, 4));
    number.setUint32(4, this.#uint(5, 4));
  }

  #string(head: number, length: number): string {
    this.#need(head + length);
    const start = this.at + head;
    return this.#take(head + length, this.#text.slice(start, start + length));
  }

  #openArray(head: number, length: number): LuaTable | typeof OPENED {
    this.at += head;
    if (this.#stack + 2 > MAX_STACK) failStack("in function mp_decode_to_lua_array");
    if (length === 0) return new LuaTable();
    this.#stack += 2;
    this.#levels.push({
      elements: [],
      table: undefined,
      left: length,
      key: undefined,
      hasKey: false,
    });
    return OPENED;
  }

  #openMap(head: number, length: number): LuaTable | typeof OPENED {
    this.at += head;
    const table = new LuaTable();
    if (length === 0) return table;
    this.#stack++;
    this.#levels.push({ elements: undefined, table, left: length, key: undefined, hasKey: false });
    return OPENED;
  }
}

/** What reading answers where the value is a table whose contents come next. */
const OPENED: unique symbol = Symbol("opened");

function failStack(what: string): never {
  fail(`stack overflow (${what})`);
}

function arrayOf(elements: LuaValue[]): LuaTable {
  const hasHoles = elements.includes(undefined);
  if (!hasHoles) return new LuaTable(elements, powerFor(elements.length));
  const table = new LuaTable();
  elements.forEach((element, i) => table.setIndex(i + 1, element));
  return table;
}

function setField(table: LuaTable, key: LuaValue, value: LuaValue): void {
  // The errors of C functions have no position.
  if (key === undefined) throw new LuaError("table index is nil", 0);
  if (Number.isNaN(key)) throw new LuaError("table index is NaN", 0);
  table.set(key, value);
}
