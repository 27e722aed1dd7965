/**
 * Lua's values as JavaScript's.
 *
 * ```
 * nil          undefined
 * boolean      boolean
 * number       number: a double, as Lua 5.1's are
 * string       string of one character (0 to 255) a byte
 * table        LuaTable
 * function     LuaFunction
 * thread       Coroutine
 * userdata     Userdata
 * ```
 *
 * A call answers {@linkcode Results}: its one value itself, or an array of none or several. No value is
 * an array, so whoever wants one value asks once.
 */

/** A value that is an object: each class of them tells of which type it is. */
export interface LuaObject {
  readonly luaType: "table" | "function" | "thread" | "userdata";
}

export type LuaValue = undefined | boolean | number | string | LuaObject;

/** What a call answers: one value, or an array of none or several (one in an array is right too). */
export type Results = LuaValue | readonly LuaValue[];

/** No results. */
export const NOTHING: readonly LuaValue[] = Object.freeze([]);

/** The first of the results, nil where there is none. */
export function firstOf(results: Results): LuaValue {
  return results instanceof Array ? results[0] : results as LuaValue;
}

/** Whether a condition holds: for all but nil and false. */
export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}

/** The results as an array. */
export function allOf(results: Results): readonly LuaValue[] {
  return results instanceof Array ? results : [results as LuaValue];
}

export type TypeName =
  | "nil"
  | "boolean"
  | "number"
  | "string"
  | "table"
  | "function"
  | "thread"
  | "userdata";

/** What `type()` tells. */
export function typeName(value: LuaValue): TypeName {
  switch (typeof value) {
    case "undefined":
      return "nil";
    case "boolean":
    case "number":
    case "string":
      return typeof value as TypeName;
    default:
      return (value as LuaObject).luaType;
  }
}
