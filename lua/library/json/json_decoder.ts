/**
 * JSON as Lua's values, without recursion: what is under way lies on a stack of its own, so that nesting
 * needs no native stack, and work may stop between any two values.
 */

import { powerFor } from "../../runtime/border_sizes.ts";
import { fail } from "../../runtime/lua_error.ts";
import { LuaTable } from "../../runtime/lua_table.ts";
import type { Machine } from "../../runtime/machine.ts";
import type { LuaValue } from "../../runtime/value.ts";
import { UNFINISHED } from "../long_work.ts";
import { MAX_STACK } from "../../runtime/limits.ts";
import { JSON_NULL, type JsonConfig } from "./json_config.ts";
import {
  ARRAY_BEGIN,
  ARRAY_END,
  BOOLEAN,
  COLON,
  COMMA,
  END,
  ERROR,
  JsonLexer,
  NULL,
  NUMBER,
  OBJECT_BEGIN,
  OBJECT_END,
  STRING,
  TOKEN_NAMES,
} from "./json_lexer.ts";

/** Four bytes are read at the price of a step. */
const BYTES_SHIFT = 2;

/** An array or object that is under way. */
interface Level {
  /** The elements so far of an array. */
  readonly elements: LuaValue[] | undefined;
  /** An object's table. */
  readonly table: LuaTable | undefined;
  /** The name whose value comes next. */
  key: string;
  /** What Lua would have on its stack within. */
  readonly stack: number;
}

export class JsonDecoder {
  readonly #machine: Machine;
  readonly #lexer: JsonLexer;
  readonly #maxDepth: number;
  readonly #levels: Level[] = [];
  /** The last of the levels. */
  #level: Level | undefined;
  /** The token that a value begins with. */
  #token: number;

  constructor(machine: Machine, config: JsonConfig, text: string) {
    this.#machine = machine;
    this.#lexer = new JsonLexer(text, config.decodeInvalid);
    this.#maxDepth = config.maxDecodeDepth;
    this.#token = this.#lexer.next();
  }

  /** Reads on: the value at the end. @throws {LuaError} where the text is not JSON */
  work(): LuaValue | typeof UNFINISHED {
    const machine = this.#machine;
    const lexer = this.#lexer;
    let { budget } = machine;
    for (;;) {
      const from = lexer.at;
      let value = this.#value();
      while (value !== undefined) {
        const level = this.#level;
        if (level === undefined) {
          machine.budget = budget;
          this.#token = lexer.next();
          if (this.#token !== END) this.#expected("the end");
          return value;
        }
        value = level.table === undefined
          ? this.#addElement(level, value)
          : this.#addField(level, value);
      }
      budget -= 8 + ((lexer.at - from) >> BYTES_SHIFT);
      if (budget < 0) {
        machine.budget = budget;
        return UNFINISHED;
      }
    }
  }

  /** The value that the token is; undefined where it begins one with values within. */
  #value(): LuaValue {
    const lexer = this.#lexer;
    switch (this.#token) {
      case STRING:
      case NUMBER:
      case BOOLEAN:
        return lexer.value;
      case NULL:
        return JSON_NULL;
      case OBJECT_BEGIN:
        return this.#beginObject();
      case ARRAY_BEGIN:
        return this.#beginArray();
      default:
        this.#expected("value");
    }
  }

  #beginObject(): LuaTable | undefined {
    const stack = this.#descend(3);
    const table = new LuaTable();
    this.#token = this.#lexer.next();
    if (this.#token === OBJECT_END) return table;
    const level: Level = { elements: undefined, table, key: "", stack: stack + 2 };
    this.#push(level);
    this.#readKey(level);
    return undefined;
  }

  #beginArray(): LuaTable | undefined {
    const stack = this.#descend(2);
    this.#token = this.#lexer.next();
    if (this.#token === ARRAY_END) return new LuaTable();
    this.#push({ elements: [], table: undefined, key: "", stack: stack + 1 });
    return undefined;
  }

  #push(level: Level): void {
    this.#levels.push(level);
    this.#level = level;
  }

  #pop(): void {
    const levels = this.#levels;
    levels.pop();
    this.#level = levels.length === 0 ? undefined : levels[levels.length - 1];
  }

  /** Looks whether one may go deeper, where Lua wants `slots` of its stack; what it has there already. */
  #descend(slots: number): number {
    const depth = this.#levels.length + 1;
    const stack = this.#level?.stack ?? 1;
    if (depth > this.#maxDepth || stack + slots > MAX_STACK) {
      fail(`Found too many nested data structures (${depth}) at character ${this.#lexer.at}`);
    }
    return stack;
  }

  /** Reads a name and its colon; the token is the name. */
  #readKey(level: Level): void {
    const lexer = this.#lexer;
    if (this.#token !== STRING) this.#expected("object key string");
    level.key = lexer.value as string;
    this.#token = lexer.next();
    if (this.#token !== COLON) this.#expected("colon");
    this.#token = lexer.next();
  }

  /** Puts a field into an object; the object where that was its last. */
  #addField(level: Level, value: LuaValue): LuaTable | undefined {
    level.table!.setString(level.key, value);
    this.#token = this.#lexer.next();
    if (this.#token === OBJECT_END) {
      this.#pop();
      return level.table;
    }
    if (this.#token !== COMMA) this.#expected("comma or object end");
    this.#token = this.#lexer.next();
    this.#readKey(level);
    return undefined;
  }

  /** Puts an element into an array; the array where that was its last. */
  #addElement(level: Level, value: LuaValue): LuaTable | undefined {
    const elements = level.elements!;
    elements.push(value);
    this.#token = this.#lexer.next();
    if (this.#token === ARRAY_END) {
      this.#pop();
      return new LuaTable(elements, powerFor(elements.length));
    }
    if (this.#token !== COMMA) this.#expected("comma or array end");
    this.#token = this.#lexer.next();
    return undefined;
  }

  #expected(what: string): never {
    const lexer = this.#lexer;
    const found = this.#token === ERROR ? lexer.value : TOKEN_NAMES[this.#token];
    fail(`Expected ${what} but found ${found} at character ${lexer.index + 1}`);
  }
}
