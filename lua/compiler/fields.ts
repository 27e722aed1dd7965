/**
 * Fields with constant names. Each place of a program that names one remembers where in a table's entries
 * it was found last; tables that were made alike have it there too. What follows is for all others, and
 * tells where to look next time.
 */

import { LuaTable } from "../runtime/lua_table.ts";
import type { Operations } from "../runtime/operations.ts";
import type { LuaValue } from "../runtime/value.ts";

/** Classes behind each other that are gone through here. */
const MAX_CLASSES = 8;

/** Takes the hint of a field that was looked up, out to the place that asked. */
export const site = { hint: 0 };

/** `object.name`, which was not where it was seen last. */
export function fieldOf(
  index: Operations["index"],
): (object: LuaValue, name: string) => LuaValue {
  return (object, name) => {
    if (!(object instanceof LuaTable)) return index(object, name);
    let hint = object.placeOf(name);
    site.hint = hint;
    // Methods are found in a class behind `__index`, or in the class of that.
    for (let table = object, turn = 0; turn < MAX_CLASSES; turn++) {
      const value = table.entries[hint] === name ? table.entries[hint + 1] : undefined;
      if (value !== undefined || table.metatable === undefined) return value;
      const next = table.metatable.getString("__index");
      if (next === undefined) return undefined;
      if (!(next instanceof LuaTable)) break;
      table = next;
      hint = table.placeOf(name);
    }
    return index(object, name);
  };
}

/** `object.name = value`, which was not where it was seen last. */
export function setFieldOf(
  setIndex: Operations["setIndex"],
): (object: LuaValue, name: string, value: LuaValue) => void {
  return (object, name, value) => {
    if (object instanceof LuaTable && object.metatable === undefined) {
      object.setString(name, value);
      site.hint = object.placeOf(name);
    } else setIndex(object, name, value);
  };
}
