/**
 * The library `table`. It asks no metatables: `#` is the raw length, and elements are read and set raw.
 * Where the keys are 1 … n, elements are moved by V8 within the array; else one by one. What moves very
 * many that way rests now and then.
 */

import { builtinOfArray, type CallingBack, callingBuiltin } from "../runtime/builtin.ts";
import { fail } from "../runtime/lua_error.ts";
import { LuaFunction } from "../runtime/lua_function.ts";
import { checkWritable, type LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import { isText, type Operations, toText } from "../runtime/operations.ts";
import { firstOf, type LuaValue, NOTHING, type Results, typeName } from "../runtime/value.ts";
import {
  checkFunction,
  checkInt32,
  checkTable,
  optionalInt32,
  optionalString,
} from "./arguments.ts";
import { libraryTable } from "./library_table.ts";
import { sortOf } from "./sort.ts";

/** The library. */
export function openTable(machine: Machine, operations: Operations): LuaTable {
  const { callValue } = operations;
  return libraryTable({
    concat: builtinOfArray((args) => concat(machine, args)),
    foreach: callingBuiltin(machine, callValue, (...args) => foreach(machine, args)),
    foreachi: callingBuiltin(machine, callValue, (...args) => foreachi(machine, args)),
    getn: builtinOfArray((args) => checkTable(args, 1).length),
    insert: insertOf(machine, operations),
    maxn: builtinOfArray((args) => maxn(machine, args)),
    remove: builtinOfArray((args) => remove(machine, args)),
    setn: builtinOfArray((args) => {
      checkTable(args, 1);
      fail("'setn' is obsolete");
    }),
    sort: sortOf(machine, operations),
  });
}

function concat(machine: Machine, args: readonly LuaValue[]): string {
  const separator = optionalString(args, 2, "");
  const table = checkTable(args, 1);
  const from = optionalInt32(args, 3, 1);
  const to = args[3] === undefined ? table.length : checkInt32(args, 4);
  let text = "";
  for (let i = from; i <= to; i++) {
    const value = table.getIndex(i);
    if (typeof value === "string") text += value;
    else if (isText(value)) text += toText(value);
    else {
      fail(`invalid value (${typeName(value)}) at index ${i} in table for 'concat'`);
    }
    if (i < to) text += separator;
  }
  machine.charge(Math.max(0, to - from) + (text.length >>> 6));
  return text;
}

function* foreach(machine: Machine, args: readonly LuaValue[]): CallingBack {
  const table = checkTable(args, 1);
  const callee = checkFunction(args, 2);
  let key: LuaValue;
  for (;;) {
    const place = table.occupiedFrom(table.placeAfter(key));
    if (place < 0) return NOTHING;
    key = table.keyAt(place);
    machine.charge(1);
    const result = firstOf(yield { callee, args: [key, table.valueAt(place)] });
    if (result !== undefined) return result;
  }
}

function* foreachi(machine: Machine, args: readonly LuaValue[]): CallingBack {
  const table = checkTable(args, 1);
  const { length } = table;
  const callee = checkFunction(args, 2);
  for (let i = 1; i <= length; i++) {
    machine.charge(1);
    const result = firstOf(yield { callee, args: [i, table.getIndex(i)] });
    if (result !== undefined) return result;
  }
  return NOTHING;
}

function maxn(machine: Machine, args: readonly LuaValue[]): number {
  const table = checkTable(args, 1);
  let greatest = 0;
  let count = 0;
  for (let at = table.occupiedFrom(0); at >= 0; at = table.occupiedFrom(at + 1)) {
    const key = table.keyAt(at);
    if (typeof key === "number" && key > greatest) greatest = key;
    count++;
  }
  machine.charge(count);
  return greatest;
}

/** So many elements are moved without a rest. */
const UNRESTING = 4096;

function insertOf(machine: Machine, { callValue }: Operations): LuaFunction {
  const rest = new LuaFunction(
    () => {
      machine.pause();
      return NOTHING;
    },
    [],
    undefined,
    undefined,
  );
  const restingInsert = callingBuiltin(machine, callValue, function* (table, index, value) {
    yield* moveUp(table as LuaTable, index as number, rest, machine);
    setRaw(table as LuaTable, index as number, value);
    return NOTHING;
  });
  return builtinOfArray((args): Results => {
    const table = checkTable(args, 1);
    const { length } = table;
    if (args.length === 2) {
      setRaw(table, length + 1, args[1]);
      return NOTHING;
    }
    if (args.length !== 3) fail("wrong number of arguments to 'insert'");
    const index = checkInt32(args, 2);
    const [, , value] = args;
    checkWritable(table);
    if (index > length) setRaw(table, index, value);
    else if (table.isSequence && index >= 1 && value !== undefined) {
      machine.charge((length - index) >>> 3);
      insertInSequence(table, index, value);
    } else if (length - index < UNRESTING) {
      machine.charge(length - index);
      for (let i = length; i >= index; i--) setRaw(table, i + 1, table.getIndex(i));
      setRaw(table, index, value);
    } else return restingInsert.code(restingInsert, table, index, value);
    return NOTHING;
  });
}

function* moveUp(
  table: LuaTable,
  index: number,
  rest: LuaFunction,
  machine: Machine,
): CallingBack {
  for (let i = table.length; i >= index; i--) {
    setRaw(table, i + 1, table.getIndex(i));
    if (i % UNRESTING !== 0) continue;
    machine.budget -= UNRESTING;
    yield { callee: rest, args: [] };
  }
  return NOTHING;
}

/** Up to this number of elements a loop is faster than V8's own functions. */
const FEW = 64;

function insertInSequence(table: LuaTable, index: number, value: LuaValue): void {
  const { elements } = table;
  const { length } = elements;
  const last = elements[length - 1];
  if (length - index < FEW) {
    for (let i = length - 1; i >= index; i--) elements[i] = elements[i - 1];
    elements[index - 1] = value;
  } else {
    elements.pop();
    elements.splice(index - 1, 0, value);
  }
  table.setIndex(length + 1, last);
}

function remove(machine: Machine, args: readonly LuaValue[]): Results {
  const table = checkTable(args, 1);
  const { length } = table;
  const index = optionalInt32(args, 2, length);
  if (index < 1 || index > length) return NOTHING;
  checkWritable(table);
  const removed = table.getIndex(index);
  if (table.isSequence) {
    machine.charge((length - index) >>> 3);
    closeGap(table.elements, index);
  } else {
    machine.charge(length - index);
    for (let i = index; i < length; i++) table.setIndex(i, table.getIndex(i + 1));
  }
  table.setIndex(length, undefined);
  return removed;
}

/** Moves the elements behind an index to before it; the last stays in its place. */
function closeGap(elements: LuaValue[], index: number): void {
  const { length } = elements;
  if (length - index < FEW) {
    for (let i = index; i < length; i++) elements[i - 1] = elements[i];
  } else {
    elements.splice(index - 1, 1);
    elements.push(true);
  }
}

/** Sets an element as a built-in function does: without a position in errors. */
function setRaw(table: LuaTable, index: number, value: LuaValue): void {
  checkWritable(table);
  table.setIndex(index, value);
}
