/**
 * What built-in functions ask of their arguments, with the errors that Lua words for them. `args` are
 * the arguments as they were given: one that was left out is `no value`, which is not nil. `index`
 * counts from 1, as the errors do.
 */

import { ArgumentFault } from "../runtime/fault.ts";
import { LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import { isText, toNumber, toText } from "../runtime/operations.ts";
import { type LuaValue, type TypeName, typeName } from "../runtime/value.ts";

type Args = readonly LuaValue[];

/** Throws the error of an argument; the function's name is put into it where it was called. */
export function failArgument(index: number, problem: string): never {
  throw new ArgumentFault(index, problem);
}

/** Throws the error of an argument of the wrong type. */
export function failType(args: Args, index: number, expected: string): never {
  failArgument(index, `${expected} expected, got ${typeNameOf(args, index)}`);
}

/** The type of an argument, or "no value". */
function typeNameOf(args: Args, index: number): TypeName | "no value" {
  return index > args.length ? "no value" : typeName(args[index - 1]);
}

/** An argument that has to be there, nil or not. */
export function checkAny(args: Args, index: number): LuaValue {
  if (index > args.length) failArgument(index, "value expected");
  return args[index - 1];
}

/** A number, or a string that stands for one. */
export function checkNumber(args: Args, index: number): number {
  const value = args[index - 1];
  if (typeof value === "number") return value;
  return toNumber(value) ?? failType(args, index, "number");
}

/**
 * A number without its fraction, as C converts it to a `ptrdiff_t`: not a number and what is beyond 64
 * bits become the least integer.
 */
export function checkInteger(args: Args, index: number): number {
  return truncate(checkNumber(args, index));
}

/** The same as an `int`: the lowest 32 bits of it. */
export function checkInt32(args: Args, index: number): number {
  return toInt32(checkInteger(args, index));
}

/** A string, or a number as text. */
export function checkString(args: Args, index: number): string {
  const value = args[index - 1];
  if (typeof value === "string") return value;
  return isText(value) ? toText(value) : failType(args, index, "string");
}

/** A table. */
export function checkTable(args: Args, index: number): LuaTable {
  const value = args[index - 1];
  return value instanceof LuaTable ? value : failType(args, index, "table");
}

/** A function. */
export function checkFunction(args: Args, index: number): LuaFunction {
  const value = args[index - 1];
  return value instanceof LuaFunction ? value : failType(args, index, "function");
}

/** As {@linkcode checkInteger}, or what stands for one that is nil or left out. */
export function optionalInteger(args: Args, index: number, fallback: number): number {
  return args[index - 1] === undefined ? fallback : checkInteger(args, index);
}

/** As {@linkcode checkInt32}, or what stands for one that is nil or left out. */
export function optionalInt32(args: Args, index: number, fallback: number): number {
  return args[index - 1] === undefined ? fallback : checkInt32(args, index);
}

/** A string, or what stands for one that is nil or left out. */
export function optionalString<Fallback extends string | undefined>(
  args: Args,
  index: number,
  fallback: Fallback,
): string | Fallback {
  return args[index - 1] === undefined ? fallback : checkString(args, index);
}

/** One of some words. */
export function checkOption<Word extends string>(
  args: Args,
  index: number,
  fallback: Word,
  words: readonly Word[],
): Word {
  const text = optionalString(args, index, fallback);
  const word = words.find((each) => each === text);
  // Lua compares and shows text up to its first zero byte.
  return word ?? failArgument(index, `invalid option '${text.split("\0")[0]}'`);
}

const LEAST_INTEGER = -(2 ** 63);

function truncate(value: number): number {
  return value >= LEAST_INTEGER && value < -LEAST_INTEGER ? Math.trunc(value) + 0 : LEAST_INTEGER;
}

function toInt32(value: number): number {
  return value | 0;
}
