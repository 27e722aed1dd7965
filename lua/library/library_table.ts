/** How a library is put into a table. */

import type { LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { LuaValue } from "../runtime/value.ts";

/** A library's functions and constants by their names. */
export type Library = Readonly<Record<string, LuaFunction | LuaValue>>;

/** A new table of them. */
export function libraryTable(library: Library): LuaTable {
  const table = new LuaTable();
  for (const [name, value] of Object.entries(library)) table.setString(name, value);
  return table;
}
