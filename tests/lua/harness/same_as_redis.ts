// Runs small programs in the engine and in redis-server's EVAL, and compares what they return or fail
// with, number for number and byte for byte.

import { assert } from "@std/assert";
import { Engine } from "../../../lua/mod.ts";
import { LuaTable } from "../../../lua/runtime/lua_table.ts";
import { type MachineHost, Suspended } from "../../../lua/runtime/machine.ts";
import { Peer } from "../../harness/peer.ts";
import { RedisReference } from "../../harness/redis_reference.ts";

/** Numbers are shown with all their digits, strings with their bytes; one line a program. */
const DRIVER = `
local function shown(value)
  if type(value) == 'string' then
    local text = value:gsub('[%z\\1-\\31"\\\\\\127-\\255]', function(b) return ('\\\\%03d'):format(b:byte()) end)
    return '"' .. text .. '"'
  elseif type(value) == 'number' then
    return value ~= value and 'nan' or ('%.17g'):format(value)
  end
  return type(value) == 'boolean' and tostring(value) or type(value)
end
local function show(ok, ...)
  local texts = { tostring(ok) }
  for i = 1, select('#', ...) do texts[i + 1] = shown((select(i, ...))) end
  return table.concat(texts, '\\t')
end
local answers = {}
for i, program in ipairs(ARGV) do
  local f, problem = loadstring(program, '=test')
  answers[i] = f and show(pcall(f)) or show('not valid', problem)
end
return table.concat(answers, '\\n')
`;

/** What the programs show in the engine, one after the other in one state. */
export function answersInEngine(
  programs: readonly string[],
  host: MachineHost = { turn: () => "continue" },
): string[] {
  const engine = new Engine(host);
  engine.globals.set("ARGV", new LuaTable([...programs]));
  let results = engine.start(engine.compile(DRIVER, "driver"), []);
  while (results instanceof Suspended) results = engine.continue(results);
  return String(results).split("\n");
}

async function answersInRedis(programs: readonly string[]): Promise<string[]> {
  await using redis = await RedisReference.start();
  using peer = await Peer.connect(redis.port);
  const reply = await peer.ask("EVAL", DRIVER, "0", ...programs);
  return reply.slice(reply.indexOf("\r\n") + 2, -2).split("\n");
}

/** So many programs are run with a stop at each turn too: the first of each group of equal size. */
const STOPPED = 100;

/** Runs each program, which is ASCII, in both. */
export async function assertSameAsRedis(programs: readonly string[]): Promise<void> {
  const expected = await answersInRedis(programs);
  assertSame(programs, expected, answersInEngine(programs), "ours");
  const stride = Math.ceil(programs.length / STOPPED);
  const some = programs.filter((_, i) => i % stride === 0);
  const stopped = answersInEngine(some, { turn: () => "suspend", budget: 0 });
  assertSame(some, expected.filter((_, i) => i % stride === 0), stopped, "stopped at each turn");
}

function assertSame(
  programs: readonly string[],
  expected: readonly string[],
  found: readonly string[],
  label: string,
): void {
  const different = programs.map((program, i) =>
    `${program}\n  redis ${expected[i]}\n  ${label} ${found[i]}`
  ).filter((_, i) => found[i] !== expected[i]);
  assert(different.length === 0, `${different.length} differ\n${different.slice(0, 9).join("\n")}`);
}
