// Calls of library functions, made here and in lua5.1, with their answers as comparable text.

import { LuaError } from "../../../lua/runtime/lua_error.ts";
import { LuaFunction } from "../../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../../lua/runtime/lua_table.ts";
import { Machine, type MachineHost, Suspended } from "../../../lua/runtime/machine.ts";
import { asLuaError } from "../../../lua/runtime/lua_error.ts";
import { formatGeneral } from "../../../lua/runtime/number_text.ts";
import { allOf, type LuaValue, typeName } from "../../../lua/runtime/value.ts";
import { luaLiteral, runLua } from "./lua_reference.ts";

export type Plain = string | number | boolean | undefined;

/** A function of a library, such as `string.rep`, and what it is given. */
export interface LibraryCall {
  readonly name: string;
  readonly args: readonly Plain[];
}

/** A machine whose host never asks it to stop. */
export function patientMachine(): Machine {
  return new Machine({ turn: () => "continue" });
}

/** A machine that is stopped each time that its host is asked, and how often that was. */
export function restlessMachine(): { machine: Machine; turns: () => number } {
  let turns = 0;
  const host: MachineHost = {
    turn() {
      turns++;
      return "suspend";
    },
  };
  return { machine: new Machine(host), turns: () => turns };
}

/** Calls a function to its end, however often it stops; its results. */
export function callToEnd(machine: Machine, callee: LuaFunction, args: readonly LuaValue[]) {
  let results = machine.start(callee, args);
  while (results instanceof Suspended) results = machine.continue(results);
  return allOf(results);
}

/** What a call answers, as `answersOfLua` tells it. */
export function answerOf(machine: Machine, callee: LuaFunction, args: readonly LuaValue[]): string {
  try {
    return ["true", ...callToEnd(machine, callee, args).map(shown)].join("\t");
  } catch (thrown) {
    const error = asLuaError(thrown);
    if (!(error instanceof LuaError)) throw thrown;
    return `false\t${shown(error.value)}`;
  }
}

function shown(value: LuaValue): string {
  if (typeof value === "string") return luaLiteral(value);
  if (typeof value === "number") {
    return Number.isNaN(value) ? "-nan" : formatGeneral(value, 17);
  }
  return value === undefined || typeof value === "boolean"
    ? String(value ?? "nil")
    : typeName(value);
}

const SHOW = `
local function shown(value)
  if type(value) == 'string' then
    return '"' .. value:gsub('[%z\\1-\\31"\\\\\\127-\\255]', function(b) return ('\\\\%03d'):format(b:byte()) end) .. '"'
  elseif type(value) == 'number' then
    return value ~= value and '-nan' or ('%.17g'):format(value)
  end
  return type(value) == 'boolean' and tostring(value) or type(value)
end
local function show(ok, ...)
  local texts = { tostring(ok) }
  for i = 1, select('#', ...) do texts[i + 1] = shown((select(i, ...))) end
  print(table.concat(texts, '\\t'))
end
`;

/** What lua5.1 answers to each of many calls. */
export async function answersOfLua(calls: readonly LibraryCall[]): Promise<string[]> {
  const lines = calls.map(({ name, args }) =>
    `show(pcall(${[name, ...args.map(luaLiteral)].join(", ")}))`
  );
  return await runLua(SHOW + lines.join("\n"));
}

/** A library's function, by a name such as `string.rep`. */
export function functionOf(library: LuaTable, name: string): LuaFunction {
  const value = library.get(name.slice(name.indexOf(".") + 1));
  if (!(value instanceof LuaFunction)) throw new Error(`no function ${name}`);
  return value;
}
