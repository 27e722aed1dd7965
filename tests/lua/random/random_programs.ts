// Random programs, run by lua5.1 and by the engine.

import { type CompileOptions, Engine } from "../../../lua/mod.ts";
import { LuaError } from "../../../lua/runtime/lua_error.ts";
import { LuaTable } from "../../../lua/runtime/lua_table.ts";
import { type MachineHost, Suspended } from "../../../lua/runtime/machine.ts";
import { firstOf } from "../../../lua/runtime/value.ts";
import { SeededRandom } from "../../structures/seeded_random.ts";
import { byteStringOf } from "../../../structures/bytes/byte_string.ts";
import { ProgramWriter } from "./program_writer.ts";

/** What programs call: `out` tells values, `fuel` ends what runs for too long, `cut` what grows. */
const PRELUDE = `
local trace, spent, ids, count = {}, 0, {}, 0
g1, g2, g3, g4 = nil, nil, nil, nil
function fuel()
  spent = spent + 1
  if spent > 2000 then error("out of fuel", 0) end
end
function tired() return spent > 2000 end
local function identity(v)
  if not ids[v] then count = count + 1 ids[v] = count end
  return ids[v]
end
local function order(a, b)
  local p, q = type(a), type(b)
  if p ~= q then return p < q end
  if p == "number" or p == "string" then return a < b end
  if p == "boolean" then return a and not b end
  return identity(a) < identity(b)
end
local function keys(t)
  local list = {}
  local k = next(t)
  while k ~= nil do list[#list + 1] = k k = next(t, k) end
  table.sort(list, order)
  return list
end
local function show(v, depth)
  local kind = type(v)
  if kind == "number" then return v ~= v and "nan" or string.format("%.12g", v) end
  if kind == "string" then
    if #v > 200 then v = v:sub(1, 200) .. "..." .. #v end
    return '"' .. v:gsub("0x%x%x%x%x+", "0x") .. '"'
  end
  if kind ~= "table" then
    return (kind == "nil" or kind == "boolean") and tostring(v) or kind .. identity(v)
  end
  local text = "table" .. identity(v)
  if depth == 0 then return text end
  local parts = {}
  for i, k in ipairs(keys(v)) do
    if i > 20 then parts[i] = "..." break end
    parts[i] = show(k, 0) .. "=" .. show(rawget(v, k), depth - 1)
  end
  return text .. "{" .. table.concat(parts, ",") .. "}"
end
function out(...)
  if #trace > 300 then return end
  local shown = {}
  for i = 1, select("#", ...) do shown[i] = show((select(i, ...)), 2) end
  trace[#trace + 1] = table.concat(shown, " ")
end
function sorted(t)
  local list, i = keys(t), 0
  return function()
    i = i + 1
    if list[i] ~= nil then return list[i], t[list[i]] end
  end
end
function upTo(n, i) if i < n then return i + 1, i * 10 end end
function cut(v)
  if type(v) == "string" and #v > 300 then return v:sub(1, 300) end
  return v
end
function text(v)
  local kind = type(v)
  return (kind == "number" or kind == "string") and tostring(v) or kind
end
function arg0(...) return arg end
`;

const END = `
return table.concat(trace, "\\n")
`;

/** Reads programs with their lengths in front, and writes what they return in the same way. */
const DRIVER = `
local data = io.read("*a")
local at = 1
while at <= #data do
  local _, last, length = data:find("^(%d+) ", at)
  local program = data:sub(last + 1, last + length)
  at = last + length + 1
  local f, problem = loadstring(program, "=p")
  local ok, answer = true, "not valid: " .. tostring(problem)
  if f then ok, answer = pcall(f) end
  answer = tostring(answer)
  io.write(#answer, " ", answer)
end`;

/** The program that a seed stands for. It returns what it has told. */
export function programOf(seed: number, size = 40): string {
  const random = new SeededRandom(seed * 7919);
  for (let i = 0; i < 4; i++) random.bits();
  return PRELUDE + new ProgramWriter(random, size).program() + END;
}

/** What the programs return in lua5.1. */
export async function tracesOfLua(programs: readonly string[]): Promise<string[]> {
  // In no more than a gigabyte, whatever a program should do.
  const process = new Deno.Command("sh", {
    args: ["-c", 'ulimit -v 1000000; exec lua5.1 -e "$1"', "sh", DRIVER],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = programs.map((program) => `${program.length} ${program}`).join("");
  const writer = process.stdin.getWriter();
  const written = writer.write(Uint8Array.from(input, (character) => character.charCodeAt(0)))
    .then(() => writer.close());
  const { stdout } = await process.output();
  await written;
  const traces: string[] = [];
  for (let at = 0; at < stdout.length;) {
    const space = stdout.indexOf(32, at);
    const length = Number(byteStringOf(stdout, at, space - at));
    at = space + 1 + length;
    traces.push(byteStringOf(stdout, space + 1, length));
  }
  return traces;
}

/** What a program returns in the engine; `isFixed`: compiled for libraries that never change. */
export function traceOfEngine(program: string, host: MachineHost, isFixed = false): string {
  const engine = new Engine(host);
  try {
    let results = engine.start(engine.compile(program, "=p", isFixed ? fixed(engine) : {}), []);
    while (results instanceof Suspended) results = engine.continue(results);
    return String(firstOf(results));
  } catch (error) {
    if (error instanceof LuaError) return `failed: ${String(error.value)}`;
    throw error;
  }
}

/** Globals of a program's own before those of the libraries. */
function fixed(engine: Engine): CompileOptions {
  const env = new LuaTable();
  env.metatable = new LuaTable();
  env.metatable.set("__index", engine.globals);
  return { env, fixedGlobals: engine.globals };
}

export const ALWAYS_ON: MachineHost = { turn: () => "continue" };
/** Stops a run wherever it can be stopped. */
export const RESTLESS: MachineHost = { turn: () => "suspend", budget: 1 };
