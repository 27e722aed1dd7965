/**
 * A function as a value, whether it was compiled from Lua or is built in.
 *
 * ```
 * LuaFunction ──▶ code(self, arg, …) ──▶ one value, or an array of none or several
 *             ──▶ upvalues: values, or cells { value } of variables that are assigned to
 *             ──▶ env: where its globals are
 * ```
 *
 * One class for both kinds, so that a call site sees one shape.
 */

import type { FunctionOrigin } from "./function_origin.ts";
import type { LuaTable } from "./lua_table.ts";
import type { LuaValue, Results } from "./value.ts";

/** The JavaScript function behind a value. Arguments that were not given are not there at all. */
export type Code = (self: LuaFunction, ...args: LuaValue[]) => Results;

export class LuaFunction {
  /**
   * @param code another one once it was called, where it is written only then
   * @param upvalues the captured variables, in the order of the prototype's list
   * @param env where globals are; a built-in function has that of who opened it
   * @param origin the prototype of compiled code; undefined: built in
   */
  constructor(
    public code: Code,
    readonly upvalues: readonly unknown[],
    public env: LuaTable | undefined,
    readonly origin: FunctionOrigin | undefined,
  ) {}

  get luaType(): "function" {
    return "function";
  }
}
