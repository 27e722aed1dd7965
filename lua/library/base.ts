/**
 * The functions that Lua programs have without asking: all of Lua 5.1's but those that read files or
 * write to the terminal, as Redis's sandbox leaves them.
 */

import { MAX_STACK } from "../runtime/limits.ts";
import { builtin, builtinOfArray, callLast } from "../runtime/builtin.ts";
import { fail, LuaError } from "../runtime/lua_error.ts";
import { type Code, LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import { metamethodOf, metatableOf } from "../runtime/metamethods.ts";
import { parseInBase } from "../runtime/number_parsing.ts";
import { isText, type Operations, toNumber, toText } from "../runtime/operations.ts";
import { newAddress, showValue } from "../runtime/shown_value.ts";
import {
  firstOf,
  isTruthy,
  type LuaValue,
  NOTHING,
  type Results,
  typeName,
} from "../runtime/value.ts";
import { Userdata } from "../runtime/userdata.ts";
import {
  checkAny,
  checkInt32,
  checkOption,
  checkString,
  checkTable,
  failArgument,
  failType,
  optionalInt32,
  optionalString,
} from "./arguments.ts";
import { coroutineLibrary } from "./coroutine.ts";
import { environmentFunctions } from "./environments.ts";
import { type CompileChunk, loadingFunctions } from "./loading.ts";
import { type CaughtValue, pcallOf, xpcallOf } from "./protected_calls.ts";

/** What the library needs of whoever opens it. */
export interface BaseOptions {
  readonly compileChunk: CompileChunk;
  /** What `pcall` answers in place of an error's value; the value itself by default. */
  readonly caughtValue?: CaughtValue;
  /** The bytes in use, as `collectgarbage("count")` and `gcinfo` tell; 0 by default. */
  readonly usedBytes?: () => number;
}

/** Puts the functions, `_G`, `_VERSION` and the library `coroutine` into the table of globals. */
export function openBase(
  machine: Machine,
  operations: Operations,
  globals: LuaTable,
  { compileChunk, caughtValue = (value) => value, usedBytes = () => 0 }: BaseOptions,
): void {
  const functions: Readonly<Record<string, LuaFunction>> = {
    ...VALUE_FUNCTIONS,
    ...TABLE_FUNCTIONS,
    ...metatableFunctions(machine),
    ...collectorFunctions(usedBytes),
    ...environmentFunctions(machine, globals),
    ...loadingFunctions(machine, operations, globals, compileChunk),
    newproxy: newproxyFunction(),
    pcall: pcallOf(machine, operations, caughtValue),
    tostring: tostringOf(machine, operations),
    unpack: unpackOf(machine),
    xpcall: xpcallOf(machine, operations),
  };
  for (const [name, value] of Object.entries(functions)) globals.set(name, value);
  globals.set("coroutine", coroutineLibrary(machine));
  globals.set("_G", globals);
  globals.set("_VERSION", "Lua 5.1");
}

const VALUE_FUNCTIONS = {
  assert: builtinOfArray((args) => {
    if (isTruthy(checkAny(args, 1))) return args;
    // Lua prints the message: it ends at a zero byte.
    fail(optionalString(args, 2, "assertion failed!").split("\0", 1)[0]);
  }),

  error: builtinOfArray((args) => {
    const [value] = args;
    const level = optionalInt32(args, 2, 1);
    if (isText(value) && level > 0) throw new LuaError(toText(value), level);
    throw new LuaError(value, 0);
  }),

  rawequal: builtinOfArray((args) => checkAny(args, 1) === checkAny(args, 2)),

  select: builtinOfArray((args) => {
    const [first] = args;
    if (typeof first === "string" && first.startsWith("#")) return args.length - 1;
    const given = checkInt32(args, 1);
    const index = given < 0 ? args.length + given : Math.min(given, args.length);
    if (index < 1) failArgument(1, "index out of range");
    return args.slice(index);
  }),

  tonumber: builtinOfArray((args) => {
    const base = optionalInt32(args, 2, 10);
    if (base === 10) return toNumber(checkAny(args, 1));
    const text = checkString(args, 1);
    if (base < 2 || base > 36) failArgument(2, "base out of range");
    return parseInBase(text, base);
  }),

  type: builtinOfArray((args) => typeName(checkAny(args, 1))),
};

/** `next` and what `ipairs` answers run once a turn of most loops: they take their arguments as they are. */
const next: Code = function (_, table, key): Results {
  if (!(table instanceof LuaTable)) {
    return failType(arguments.length < 2 ? [] : [table], 1, "table");
  }
  const place = table.occupiedFrom(table.placeAfter(key));
  return place < 0 ? undefined : [table.keyAt(place), table.valueAt(place)];
};

/** What `pairs` answers: a function of its own, not the `next` that programs see. */
const nextOfPairs = new LuaFunction(next, [], undefined, undefined);

const nextOfSequence = new LuaFunction(
  function (_, table, index): Results {
    if (!(table instanceof LuaTable) || typeof index !== "number" || (index | 0) !== index) {
      const args = arguments.length < 2 ? [] : arguments.length < 3 ? [table] : [table, index];
      return elementAfter(checkInt32(args, 2), checkTable(args, 1));
    }
    return elementAfter(index, table);
  },
  [],
  undefined,
  undefined,
);

function elementAfter(index: number, table: LuaTable): Results {
  const value = table.getIndex(index + 1);
  return value === undefined ? NOTHING : [index + 1, value];
}

/** What `pairs` and `ipairs` iterate by; compiled loops do what these do without calling them. */
export const ITERATORS = {
  next: new LuaFunction(next, [], undefined, undefined),
  nextOfPairs,
  nextOfSequence,
};

const TABLE_FUNCTIONS = {
  ipairs: builtinOfArray((args) => [nextOfSequence, checkTable(args, 1), 0]),
  next: ITERATORS.next,
  pairs: builtinOfArray((args) => [nextOfPairs, checkTable(args, 1), undefined]),

  rawget: builtinOfArray((args) => {
    const table = checkTable(args, 1);
    return table.get(checkAny(args, 2));
  }),

  rawset: builtinOfArray((args) => {
    const table = checkTable(args, 1);
    const key = checkAny(args, 2);
    const value = checkAny(args, 3);
    withoutPosition(() => table.set(key, value));
    return table;
  }),
};

/** What Lua does itself for a built-in function fails without the position of who called that. */
function withoutPosition(act: () => void): void {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof LuaError) thrown.level = 0;
    throw thrown;
  }
}

/** The values of `t[i]` to `t[j]`. */
function unpackOf(machine: Machine): LuaFunction {
  return builtinOfArray((args) => {
    const table = checkTable(args, 1);
    const from = optionalInt32(args, 2, 1);
    const to = args[2] === undefined ? table.length : checkInt32(args, 3);
    if (from > to) return NOTHING;
    const count = to - from + 1;
    if (args.length + count > MAX_STACK) fail("too many results to unpack");
    machine.charge(count);
    const values: LuaValue[] = [];
    for (let at = from; at <= to; at++) values.push(table.getIndex(at));
    return values;
  });
}

function metatableFunctions(machine: Machine) {
  return {
    getmetatable: builtinOfArray((args) => {
      const metatable = metatableOf(machine, checkAny(args, 1));
      return metatable?.getString("__metatable") ?? metatable;
    }),

    setmetatable: builtinOfArray((args) => {
      const [, metatable] = args;
      const table = checkTable(args, 1);
      if (!(metatable instanceof LuaTable) && (metatable !== undefined || args.length < 2)) {
        failArgument(2, "nil or table expected");
      }
      if (table.metatable?.getString("__metatable") !== undefined) {
        fail("cannot change a protected metatable");
      }
      if (table.isReadonly) throw new LuaError("Attempt to modify a readonly table", 0);
      table.metatable = metatable;
      return table;
    }),
  };
}

function tostringOf(machine: Machine, operations: Operations): LuaFunction {
  return new LuaFunction(
    (self, ...args) => {
      const value = checkAny(args, 1);
      const method = metamethodOf(machine, value, "__tostring");
      if (method === undefined) return showValue(value);
      return callLast(self, machine, operations.callValue, method, [value], firstOf);
    },
    [],
    undefined,
    undefined,
  );
}

const COLLECTOR_OPTIONS = [
  "stop",
  "restart",
  "collect",
  "count",
  "step",
  "setpause",
  "setstepmul",
] as const;
/** What Lua's collector is set to at first, in percent: its pause and its speed. */
const COLLECTOR_SETTING = 200;

/** The collector is V8's, and does not take orders: it says what Lua's would to a program. */
function collectorFunctions(usedBytes: () => number) {
  function collect(args: readonly LuaValue[]): Results {
    const option = checkOption(args, 1, "collect", COLLECTOR_OPTIONS);
    optionalInt32(args, 2, 0);
    switch (option) {
      case "count":
        return usedBytes() / 1024;
      case "step":
        return true;
      case "setpause":
      case "setstepmul":
        return COLLECTOR_SETTING;
      default:
        return 0;
    }
  }
  return {
    collectgarbage: builtinOfArray(collect),
    gcinfo: builtin(() => Math.floor(usedBytes() / 1024)),
  };
}

function newproxyFunction(): LuaFunction {
  const metatables = new WeakSet<LuaTable>();
  return builtin((model) => {
    const proxy = new Userdata(newAddress());
    if (!isTruthy(model)) return proxy;
    if (model === true) {
      proxy.metatable = new LuaTable();
      metatables.add(proxy.metatable);
      return proxy;
    }
    const metatable = model instanceof Userdata ? model.metatable : undefined;
    if (metatable === undefined || !metatables.has(metatable)) {
      failArgument(1, "boolean or proxy expected");
    }
    proxy.metatable = metatable;
    return proxy;
  });
}
