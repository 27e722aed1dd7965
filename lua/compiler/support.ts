/** What compiled code calls besides the operations of Lua. */

import { LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import { firstOf, isTruthy, type LuaValue, type Results } from "../runtime/value.ts";

/** Makes a function of what is none but can be called, so that all calls are alike. */
export function callableOf(
  callValue: (callee: LuaValue, args: readonly LuaValue[]) => Results,
): (callee: LuaValue) => LuaFunction {
  return (callee) =>
    new LuaFunction((_, ...args) => callValue(callee, args), [], undefined, undefined);
}

/** The table `arg` of a function with `...`, as Lua 5.0 had it. */
export function argumentTable(args: readonly LuaValue[]): LuaTable {
  const table = new LuaTable([...args]);
  table.set("n", args.length);
  return table;
}

/** Puts items of a constructor behind the first `count`. */
export function putItems(table: LuaTable, count: number, items: readonly LuaValue[]): void {
  items.forEach((item, at) => table.set(count + at + 1, item));
}

/** Counts what a long text costs whoever reads it: V8 puts it together from its pieces only then. */
export function longOf(machine: Machine): (text: string) => string {
  return (text) => {
    machine.charge(text.length >> 6);
    return text;
  };
}

/** Whether a long text is equal to another value: counts what the comparison costs. */
export function sameTextOf(machine: Machine): (text: string, other: LuaValue) => boolean {
  return (text, other) => {
    if (typeof other !== "string" || other.length !== text.length) return false;
    machine.charge(text.length >> 6);
    return text === other;
  };
}

/** Whether what a comparison has answered counts as true. */
export function holds(results: Results): boolean {
  return isTruthy(firstOf(results));
}
