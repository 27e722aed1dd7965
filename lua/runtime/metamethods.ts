/** Where the behaviour of a value beyond its type's is written down. */

import type { Machine } from "./machine.ts";
import { LuaTable } from "./lua_table.ts";
import { type LuaValue } from "./value.ts";
import { Userdata } from "./userdata.ts";

/** The fields of a metatable that Lua itself asks for. */
export type MetamethodName =
  | "__index"
  | "__newindex"
  | "__call"
  | "__add"
  | "__sub"
  | "__mul"
  | "__div"
  | "__mod"
  | "__pow"
  | "__unm"
  | "__concat"
  | "__len"
  | "__eq"
  | "__lt"
  | "__le"
  | "__tostring"
  | "__metatable";

/** A value's metatable: tables and userdata have their own each, all strings share one. */
export function metatableOf(machine: Machine, value: LuaValue): LuaTable | undefined {
  if (value instanceof LuaTable || value instanceof Userdata) return value.metatable;
  return typeof value === "string" ? machine.stringMetatable : undefined;
}

/** What a value's metatable has for a name, nil where it has none. O(1). */
export function metamethodOf(machine: Machine, value: LuaValue, name: MetamethodName): LuaValue {
  return metatableOf(machine, value)?.getString(name);
}
