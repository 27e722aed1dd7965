// Values of tests, as Lua source and as the engine's values, and answers as text that can be compared.

import { LuaTable } from "../../../lua/runtime/lua_table.ts";
import { formatGeneral } from "../../../lua/runtime/number_text.ts";
import { JSON_NULL } from "../../../lua/library/json/json_config.ts";
import { type LuaValue, typeName } from "../../../lua/runtime/value.ts";
import { luaLiteral } from "./lua_reference.ts";

/** A table, by its keys and values. */
export class Fields {
  constructor(readonly entries: readonly (readonly [TestValue, TestValue])[]) {}
}

/** What `cjson.null` stands for. */
export class Null {}
export const NULL: Null = new Null();

export type TestValue = string | number | boolean | undefined | Null | Fields;

/** A table of elements, the first of which has the key 1. */
export function array(...elements: readonly TestValue[]): Fields {
  return new Fields(elements.map((element, i) => [i + 1, element]));
}

/** The source of a value. */
export function sourceOf(value: TestValue): string {
  if (typeof value !== "object") return luaLiteral(value);
  if (!(value instanceof Fields)) return "cjson.null";
  return `{${value.entries.map(([k, v]) => `[${sourceOf(k)}]=${sourceOf(v)}`).join(",")}}`;
}

/** The engine's value. */
export function valueOf(value: TestValue): LuaValue {
  if (typeof value !== "object") return value;
  if (!(value instanceof Fields)) return JSON_NULL;
  const table = new LuaTable();
  for (const [key, each] of value.entries) table.set(valueOf(key), valueOf(each));
  return table;
}

/** A value as `show` of {@linkcode SHOW} has it. */
export function shown(value: LuaValue): string {
  if (typeof value === "string") return luaLiteral(value);
  if (typeof value === "number") return Number.isNaN(value) ? "-nan" : formatGeneral(value, 17);
  if (!(value instanceof LuaTable)) {
    return typeof value === "boolean" ? String(value) : typeName(value);
  }
  const fields: string[] = [];
  for (let at = value.occupiedFrom(0); at >= 0; at = value.occupiedFrom(at + 1)) {
    fields.push(`${shown(value.keyAt(at))}=${shown(value.valueAt(at))}`);
  }
  return `#${value.length}{${fields.sort().join(",")}}`;
}

/** Lua source: `show(…)` answers values as text, tables with their fields in order. */
export const SHOW = `
local function shown(value)
  if type(value) == 'string' then
    return '"' .. value:gsub('[%z\\1-\\31"\\\\\\127-\\255]', function(b) return ('\\\\%03d'):format(b:byte()) end) .. '"'
  elseif type(value) == 'number' then
    return value ~= value and '-nan' or ('%.17g'):format(value)
  elseif type(value) == 'table' then
    local fields = {}
    for k, v in pairs(value) do fields[#fields + 1] = shown(k) .. '=' .. shown(v) end
    table.sort(fields)
    return '#' .. #value .. '{' .. table.concat(fields, ',') .. '}'
  end
  return type(value) == 'boolean' and tostring(value) or type(value)
end
local function show(ok, ...)
  local texts = { tostring(ok) }
  for i = 1, select('#', ...) do texts[i + 1] = shown((select(i, ...))) end
  return table.concat(texts, '\\t')
end
`;
