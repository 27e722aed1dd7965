/**
 * Errors as scripts see them: tables with a field `err`, whose text begins with a code.
 *
 * ```
 * "-CODE text"     {err="CODE text"}
 * "-text"          {err="ERR text"}
 * "any text"       {err="ERR any text"}
 * ```
 */

import { LuaError } from "../../lua/runtime/lua_error.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";

/** Has a field that says that statistics know of the error. */
const COUNTED = "ignore_error_stats_update";

/** A table of one field. */
export function fieldTable(name: string, value: LuaValue): LuaTable {
  const table = new LuaTable();
  table.setString(name, value);
  return table;
}

/** The table of an error, whose text begins with `-` and a code, or is without one. */
export function errorTable(text: ByteString): LuaTable {
  return fieldTable("err", withCode(text));
}

/** The same, for an error that statistics know of. */
export function countedErrorTable(text: ByteString): LuaTable {
  const table = fieldTable(COUNTED, true);
  table.setString("err", withCode(text));
  return table;
}

function withCode(text: ByteString): ByteString {
  if (!text.startsWith("-")) return `ERR ${trimmed(text)}`;
  const space = text.indexOf(" ");
  const code = space === -1 ? "ERR" : text.slice(1, space);
  return `${code} ${trimmed(text.slice(space === -1 ? 1 : space + 1))}`;
}

/** Whether statistics know of an error already. */
export function isCounted(error: LuaTable): boolean {
  return error.getString(COUNTED) === true;
}

/** Ends a script, or what pcall has called, with such an error. */
export function raise(text: ByteString): never {
  throw new LuaError(errorTable(text), 0);
}

function trimmed(text: ByteString): ByteString {
  return text.replace(/^[\r\n]+|[\r\n]+$/g, "");
}
