/**
 * The library `bit`: operations on 32 bits. A number is rounded to an integer, half to even, and its
 * lowest 32 bits count; beyond 51 bits the rounding is coarser. Results are signed.
 */

import { builtinOfArray } from "../runtime/builtin.ts";
import type { LuaFunction } from "../runtime/lua_function.ts";
import type { LuaTable } from "../runtime/lua_table.ts";
import { toNumber } from "../runtime/operations.ts";
import type { LuaValue } from "../runtime/value.ts";
import { failType } from "./arguments.ts";
import { type Library, libraryTable } from "./library_table.ts";

/** The library. */
export function openBit(): LuaTable {
  return libraryTable(FUNCTIONS);
}

const view = new DataView(new ArrayBuffer(8));
/** Added to a number, it leaves the integer in the lowest bits of the mantissa. */
const TO_LOWEST_BITS = 2 ** 52 + 2 ** 51;

function checkBits(args: readonly LuaValue[], index: number): number {
  const value = args[index - 1];
  const number = typeof value === "number"
    ? value
    : toNumber(value) ?? failType(args, index, "number");
  if (number === (number | 0)) return number | 0;
  view.setFloat64(0, number + TO_LOWEST_BITS);
  return view.getInt32(4);
}

/** An operation on any number of arguments. The last is looked at before those in the middle. */
function fold(operation: (a: number, b: number) => number): LuaFunction {
  return builtinOfArray((args) => {
    let bits = checkBits(args, 1);
    for (let i = args.length; i > 1; i--) bits = operation(bits, checkBits(args, i));
    return bits;
  });
}

/** An operation by 0 to 31 places; of what is given five bits count. */
function shift(operation: (bits: number, by: number) => number): LuaFunction {
  return builtinOfArray((args) => {
    const bits = checkBits(args, 1);
    return operation(bits, checkBits(args, 2) & 31) | 0;
  });
}

const FUNCTIONS: Library = {
  tobit: builtinOfArray((args) => checkBits(args, 1)),
  bnot: builtinOfArray((args) => ~checkBits(args, 1)),
  band: fold((a, b) => a & b),
  bor: fold((a, b) => a | b),
  bxor: fold((a, b) => a ^ b),
  lshift: shift((bits, by) => bits << by),
  rshift: shift((bits, by) => bits >>> by),
  arshift: shift((bits, by) => bits >> by),
  rol: shift((bits, by) => (bits << by) | (bits >>> ((32 - by) & 31))),
  ror: shift((bits, by) => (bits >>> by) | (bits << ((32 - by) & 31))),
  bswap: builtinOfArray((args) => {
    const bits = checkBits(args, 1);
    return (bits >>> 24) | ((bits >>> 8) & 0xFF00) | ((bits & 0xFF00) << 8) | (bits << 24);
  }),
  tohex: builtinOfArray((args) => {
    const bits = checkBits(args, 1);
    const digits = args.length < 2 ? 8 : checkBits(args, 2);
    const text = (bits >>> 0).toString(16).padStart(8, "0");
    const shown = text.slice(8 - Math.min(Math.abs(digits), 8));
    return digits < 0 ? shown.toUpperCase() : shown;
  }),
};
