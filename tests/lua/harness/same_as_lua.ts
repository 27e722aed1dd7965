// Runs small programs in the engine and in lua5.1, and compares what they return or fail with.

import { assertEquals } from "@std/assert";
import { builtinOfArray } from "../../../lua/runtime/builtin.ts";
import { type MachineHost, Suspended } from "../../../lua/runtime/machine.ts";
import { toText } from "../../../lua/runtime/operations.ts";
import { Engine } from "../../../lua/mod.ts";
import { luaLiteral, runLua } from "./lua_reference.ts";

/** Shows the values that each program returns, or its error; addresses are left out. */
const DRIVER = `
local show = function(...)
  local shown = ""
  for i = 1, select("#", ...) do
    local value = string.gsub(string.gsub(tostring((select(i, ...))), "0x%x+", "0x"), "\\n.*", "")
    shown = shown .. " | " .. value
  end
  return shown
end
local function run(program)
  local f, problem = loadstring(program, "=test")
  if not f then return show("not valid", problem) end
  setfenv(f, setmetatable({}, { __index = _G }))
  return show(pcall(f))
end
`;

const ALWAYS_ON: MachineHost = { turn: () => "continue" };

/** What a program prints in the engine, line by line. */
export function runInEngine(program: string, host: MachineHost = ALWAYS_ON): string[] {
  const engine = new Engine(host);
  const lines: string[] = [];
  engine.globals.set(
    "print",
    builtinOfArray((args) => {
      lines.push(args.map((value) => toText(value as string)).join("\t"));
      return [];
    }),
  );
  let results = engine.start(engine.compile(program, "driver"), []);
  while (results instanceof Suspended) results = engine.continue(results);
  return lines;
}

function driverOf(programs: readonly string[]): string {
  return DRIVER + programs.map((program) => `print(run(${luaLiteral(program)}))\n`).join("");
}

/** Runs each program in the engine and in lua5.1: both have to show the same. */
export async function assertSameAsLua(programs: readonly string[]): Promise<void> {
  const source = driverOf(programs);
  const expected = await runLua(source);
  const found = runInEngine(source);
  const label = (lines: string[]) => programs.map((program, i) => `${program}\n  ${lines[i]}`);
  assertEquals(label(found), label(expected));
  // The same again, stopped wherever it can be.
  const stopped = runInEngine(source, { turn: () => "suspend", budget: 0 });
  assertEquals(label(stopped), label(expected), "stopped at every turn");
}
