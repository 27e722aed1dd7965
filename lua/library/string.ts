/**
 * The library `string`, but for what searches (string_search.ts, string_substitution.ts) and formats.
 *
 * Positions count from 1, and from the end where they are negative. The functions take their arguments
 * one by one, for speed; where one is not what it should be, all are looked at once more by the checks
 * of arguments.ts.
 */

import { MAX_STACK } from "../runtime/limits.ts";
import { byteStringOf } from "../../structures/bytes/byte_string.ts";
import { fail, LuaError } from "../runtime/lua_error.ts";
import { type Code, LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import type { Operations } from "../runtime/operations.ts";
import { type LuaValue, NOTHING } from "../runtime/value.ts";
import {
  checkFunction,
  checkInt32,
  checkInteger,
  checkString,
  failArgument,
  optionalInteger,
} from "./arguments.ts";
import { formatCode } from "./format.ts";
import { searchFunctions } from "./string_search.ts";
import { substitutionCode } from "./string_substitution.ts";

/** The longest string: V8's limit, a little below 512 MB. */
const MAX_LENGTH = 2 ** 29 - 24;
/** Bytes that are made at the price of one step. */
const BYTES_A_STEP = 16;

/** V8 may have to join the pieces of a long text when somebody looks at it, for which it takes memory. */
const LONG = 2 ** 20;
const LONG_SHIFT = 14;

/** Makes the library, and gives strings their metatable. */
export function openString(machine: Machine, operations: Operations): LuaTable {
  const library = new LuaTable();
  const { find, match, gmatch } = searchFunctions(machine);
  const codes: Readonly<Record<string, Code>> = {
    byte: byteCode(machine),
    char,
    dump,
    find,
    format: formatCode(machine),
    gmatch,
    gsub: substitutionCode(machine, operations),
    len,
    lower: changedCode(machine, lowerCased),
    match,
    rep: repeatCode(machine),
    reverse: changedCode(machine, reversed),
    sub: subCode(machine),
    upper: changedCode(machine, upperCased),
  };
  for (const [name, code] of Object.entries(codes)) {
    library.set(name, new LuaFunction(code, [], undefined, undefined));
  }
  library.set("gfind", library.get("gmatch"));
  const metatable = new LuaTable();
  metatable.set("__index", library);
  machine.stringMetatable = metatable;
  return library;
}

/** The arguments as they were given, for the checks. */
function given(count: number, ...args: LuaValue[]): LuaValue[] {
  args.length = Math.min(count, args.length);
  return args;
}

const len: Code = function (_, text): number {
  if (typeof text === "string") return text.length;
  return checkString(given(arguments.length - 1, text), 1).length;
};

function subCode(machine: Machine): Code {
  return function (_, text, first, last): string {
    if (
      typeof text === "string" && typeof first === "number" && (first | 0) === first &&
      (last === undefined || typeof last === "number" && (last | 0) === last)
    ) {
      if (text.length >= LONG) machine.charge(text.length >> LONG_SHIFT);
      return slice(text, first, last ?? -1);
    }
    const args = given(arguments.length - 1, text, first, last);
    return slice(checkString(args, 1), checkInteger(args, 2), optionalInteger(args, 3, -1));
  };
}

function slice(text: string, first: number, last: number): string {
  const { length } = text;
  let start = first < 0 ? first + length : first - 1;
  if (start < 0) start = 0;
  let end = last < 0 ? last + length + 1 : last;
  if (end > length) end = length;
  return start < end ? text.slice(start, end) : "";
}

function byteCode(machine: Machine): Code {
  return function (_, text, first, last): LuaValue | LuaValue[] {
    if (typeof text === "string" && last === undefined) {
      // One byte is what is asked for nearly always.
      const at = first === undefined ? 1 : first;
      if (typeof at === "number" && at > 0 && (at | 0) === at) {
        if (text.length >= LONG) machine.charge(text.length >> LONG_SHIFT);
        return at <= text.length ? text.charCodeAt(at - 1) : NOTHING as LuaValue[];
      }
    }
    const values = bytes(given(arguments.length - 1, text, first, last));
    machine.charge(values.length);
    return values;
  };
}

function bytes(args: readonly LuaValue[]): LuaValue[] {
  const text = checkString(args, 1);
  const { length } = text;
  const from = position(optionalInteger(args, 2, 1), length);
  const to = Math.min(position(optionalInteger(args, 3, from), length), length);
  const start = Math.max(from, 1);
  const count = to - start + 1;
  if (count + args.length > MAX_STACK) fail("stack overflow (string slice too long)");
  const values: LuaValue[] = [];
  for (let i = start; i <= to; i++) values.push(text.charCodeAt(i - 1));
  return values;
}

/** A position from the start, at least 0. */
function position(from: number, length: number): number {
  return Math.max(from < 0 ? from + length + 1 : from, 0);
}

const char: Code = (_, ...args) => {
  let text = "";
  for (let i = 1; i <= args.length; i++) {
    const code = checkInt32(args, i);
    if (code < 0 || code > 255) failArgument(i, "invalid value");
    text += String.fromCharCode(code);
  }
  return text;
};

/** What Lua's bytecode begins with on 64 bits, which is all there is of it here: none is ever loaded. */
const BYTECODE_HEAD = "\x1bLuaQ\0\x01\x04\x08\x04\x08\0";

const dump: Code = (_, ...args) => {
  if (checkFunction(args, 1).origin === undefined) fail("unable to dump given function");
  return BYTECODE_HEAD;
};

function repeatCode(machine: Machine): Code {
  return function (_, text, count): string {
    const args = given(arguments.length - 1, text, count);
    const piece = checkString(args, 1);
    const times = checkInt32(args, 2);
    if (times <= 0 || piece === "") return "";
    const length = piece.length * times;
    if (length > MAX_LENGTH) throw new LuaError("not enough memory", 0);
    machine.charge(Math.floor(length / BYTES_A_STEP));
    return piece.repeat(times);
  };
}

/** A function of one string that takes the time of its length. */
function changedCode(machine: Machine, change: (text: string) => string): Code {
  return function (_, text): string {
    const subject = typeof text === "string"
      ? text
      : checkString(given(arguments.length - 1, text), 1);
    if (subject.length >= BYTES_A_STEP) machine.charge(Math.floor(subject.length / BYTES_A_STEP));
    return change(subject);
  };
}

/** Where JavaScript changes letters that C's locale has not. */
const NOT_ASCII = /[\x80-\xff]/;

function lowerCased(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upperCased(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toUpperCase();
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function reversed(text: string): string {
  const { length } = text;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[length - 1 - i] = text.charCodeAt(i);
  return byteStringOf(bytes, 0, length);
}
