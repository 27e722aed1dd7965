/** Opens all libraries. */

import type { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import type { Operations } from "../runtime/operations.ts";
import { type BaseOptions, openBase } from "./base.ts";

/** Puts all libraries into the table of globals. */
export function openLibraries(
  machine: Machine,
  operations: Operations,
  globals: LuaTable,
  options: BaseOptions,
): void {
  openBase(machine, operations, globals, options);
}
