/**
 * The library `math`. Its functions are C's, with a double for a double; what JavaScript's differ in is
 * made up for here.
 */

import { builtinOfArray } from "../runtime/builtin.ts";
import { fail } from "../runtime/lua_error.ts";
import { LuaFunction } from "../runtime/lua_function.ts";
import type { LuaTable } from "../runtime/lua_table.ts";
import { powerOf } from "../runtime/operations.ts";
import type { LuaValue } from "../runtime/value.ts";
import { checkInt32, checkNumber, failArgument } from "./arguments.ts";
import { type Library, libraryTable } from "./library_table.ts";
import type { Random48 } from "./random48.ts";

/** The library, whose random numbers go on with those of the generator. */
export function openMath(random: Random48): LuaTable {
  return libraryTable({ ...FUNCTIONS, ...randomFunctions(random), pi: Math.PI, huge: Infinity });
}

/** A function of one number. */
function unary(of: (x: number) => number): LuaFunction {
  return builtinOfArray((args) => of(checkNumber(args, 1)));
}

/** A function of two numbers. The second is looked at first, as C compilers have it. */
function binary(of: (x: number, y: number) => number): LuaFunction {
  return builtinOfArray((args) => {
    const y = checkNumber(args, 2);
    return of(checkNumber(args, 1), y);
  });
}

const fmod = binary((x, y) => x % y);

const FUNCTIONS: Library = {
  // What scripts call most has a closure of its own, for V8 to compile by itself.
  abs: builtinOfArray((args) => Math.abs(checkNumber(args, 1))),
  ceil: builtinOfArray((args) => Math.ceil(checkNumber(args, 1))),
  floor: builtinOfArray((args) => Math.floor(checkNumber(args, 1))),
  sqrt: builtinOfArray((args) => Math.sqrt(checkNumber(args, 1))),

  acos: unary(Math.acos),
  asin: unary(Math.asin),
  atan: unary(Math.atan),
  atan2: binary((y, x) => withSign(Math.atan2(y, x), y)),
  cos: unary(Math.cos),
  cosh: unary(Math.cosh),
  deg: unary((x) => x / (Math.PI / 180)),
  exp: unary(Math.exp),
  fmod,
  frexp: builtinOfArray((args) => splitFloat(checkNumber(args, 1))),
  ldexp: builtinOfArray((args) => {
    const exponent = checkInt32(args, 2);
    return scale(checkNumber(args, 1), exponent);
  }),
  log: unary(Math.log),
  log10: unary(Math.log10),
  mod: fmod,
  modf: builtinOfArray((args) => {
    const x = checkNumber(args, 1);
    const whole = Math.trunc(x);
    return [whole, Math.abs(x) === Infinity ? (x > 0 ? 0 : -0) : withSign(x - whole, x)];
  }),
  pow: binary(powerOf),
  rad: unary((x) => x * (Math.PI / 180)),
  sin: unary(Math.sin),
  sinh: unary(Math.sinh),
  tan: unary(Math.tan),
  tanh: unary(Math.tanh),

  // A comparison with what is not a number is false, so it matters which one comes first.
  max: builtinOfArray((args) => {
    let greatest = checkNumber(args, 1);
    for (let i = 2; i <= args.length; i++) {
      const x = checkNumber(args, i);
      if (x > greatest) greatest = x;
    }
    return greatest;
  }),
  min: builtinOfArray((args) => {
    let least = checkNumber(args, 1);
    for (let i = 2; i <= args.length; i++) {
      const x = checkNumber(args, i);
      if (x < least) least = x;
    }
    return least;
  }),
};

const GREATEST = 2 ** 31 - 1;

function randomFunctions(random: Random48): Library {
  function limited(args: readonly LuaValue[]): number {
    const r = (random.next() % GREATEST) / GREATEST;
    switch (args.length) {
      case 0:
        return r;
      case 1: {
        const upper = checkInt32(args, 1);
        if (upper < 1) failArgument(1, "interval is empty");
        return Math.floor(r * upper) + 1;
      }
      case 2: {
        const lower = checkInt32(args, 1);
        const upper = checkInt32(args, 2);
        if (lower > upper) failArgument(2, "interval is empty");
        // An interval of more than 31 bits overflows, as C's int does.
        return Math.floor(r * ((upper - lower + 1) | 0)) + lower;
      }
    }
    fail("wrong number of arguments");
  }
  return {
    random: builtinOfArray(limited),
    randomseed: builtinOfArray((args) => {
      random.seed(checkInt32(args, 1));
      return [];
    }),
  };
}

function withSign(magnitude: number, signed: number): number {
  return magnitude === 0 && (signed < 0 || Object.is(signed, -0)) ? -0 : magnitude;
}

const bits = new DataView(new ArrayBuffer(8));
const EXPONENT = 0x7FF;
/** The exponent that is stored for fractions from a half to 1. */
const BIAS = 1022;

/** [m, e] with x = m · 2^e and 0.5 ≤ |m| < 1; what has no such m is its own, with 0. */
function splitFloat(x: number): [number, number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  // What is too small for a full mantissa is made greater first.
  const isSmall = Math.abs(x) < 2 ** -1022;
  bits.setFloat64(0, isSmall ? x * 2 ** 54 : x);
  const upper = bits.getUint16(0);
  const exponent = ((upper >>> 4) & EXPONENT) - BIAS;
  bits.setUint16(0, (upper & ~(EXPONENT << 4)) | (BIAS << 4));
  return [bits.getFloat64(0), exponent - (isSmall ? 54 : 0)];
}

/** x · 2^exponent, rounded once. */
function scale(x: number, exponent: number): number {
  const [mantissa, own] = splitFloat(x);
  if (mantissa === 0 || !Number.isFinite(mantissa)) return x;
  const power = Math.max(-1100, Math.min(own + exponent, 1100));
  // Powers of two beyond a double's are reached in two steps, the first of which is exact.
  if (power > 1000) return mantissa * 2 ** 1000 * 2 ** (power - 1000);
  if (power < -1000) return mantissa * 2 ** -1000 * 2 ** (power + 1000);
  return mantissa * 2 ** power;
}
