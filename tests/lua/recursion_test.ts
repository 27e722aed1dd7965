// Attacks by recursion: through metamethods, protected calls, coroutines and built-in functions. The
// numbers and texts are redis-server 7.2.4's; a program's own function is "driver" here.

import { assert, assertEquals } from "@std/assert";
import { Abort } from "../../lua/runtime/lua_error.ts";
import type { MachineHost } from "../../lua/runtime/machine.ts";
import { Engine } from "../../lua/mod.ts";
import { runInEngine } from "./harness/same_as_lua.ts";

const OUT = `local function out(...)
  local shown = ""
  for i = 1, select("#", ...) do shown = shown .. tostring((select(i, ...))) .. "|" end
  return (shown:gsub('%[string "driver"%]:%d+: ', "@"))
end
`;

/** Programs that `return` a text, and the text. */
const PROGRAMS: [string, string][] = [
  [
    `local n = 0 local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) n = n + 1 return t[k] end
     return out(pcall(function() return t.a end)) .. n`,
    "false|@C stack overflow|197",
  ],
  [
    `local n = 0 local t = setmetatable({}, {}) getmetatable(t).__newindex = function(t) n = n + 1 t.a = 1 end
     return out(pcall(function() t.a = 1 end)) .. n`,
    "false|@C stack overflow|197",
  ],
  [
    `local n = 0 local mt = {} mt.__eq = function() n = n + 1 return setmetatable({}, mt) == setmetatable({}, mt) end
     return out(pcall(mt.__eq)) .. n`,
    "false|@C stack overflow|198",
  ],
  [
    `local n = 0 local mt = {} mt.__concat = function(a, b) n = n + 1 return a .. b end
     return out(pcall(function() return setmetatable({}, mt) .. "x" end)) .. n`,
    "false|@C stack overflow|197",
  ],
  [
    `return out(pcall(tostring, setmetatable({}, { __tostring = tostring })))`,
    "false|C stack overflow|",
  ],
  [
    `local n = 0 local mt = {} mt.__tostring = function(t) n = n + 1 return tostring(t) end
     return out(pcall(tostring, setmetatable({}, mt))) .. n`,
    "false|C stack overflow|197",
  ],
  [
    `local n = 0 local function f() n = n + 1 local ok, e = pcall(f) return ok, e end return out(f()) .. n`,
    "true|true|199",
  ],
  [
    `local n = 0 local function f() n = n + 1 return xpcall(f, f) end return out((pcall(f))) .. n`,
    "true|222",
  ],
  [
    `local n = 0 return out((xpcall(error, function(m) n = n + 1 error(m) end))) .. n`,
    "false|221",
  ],
  [
    `local function f(n) return 1 + f(n + 1) end return out(pcall(f, 1))`,
    "false|@stack overflow|",
  ],
  [
    `local function f(n) return 1 + f(n + 1) end return out(coroutine.resume(coroutine.create(f), 1))`,
    "false|@stack overflow|",
  ],
  [
    `local n, last = 0 local function f()
       n = n + 1 local ok, e = coroutine.resume(coroutine.create(f)) if not ok then last = e end
     end
     f() return last .. n`,
    "C stack overflow200",
  ],
  [
    `local n = 0 local function f() n = n + 1 return coroutine.wrap(f)() end local ok, e = pcall(f)
     return out(e):sub(-20) .. n`,
    "@@@C stack overflow|199",
  ],
  [
    `local n = 0 local function f() n = n + 1 table.sort({ 3, 2, 1 }, f) end return out(pcall(f)) .. n`,
    "false|C stack overflow|198",
  ],
  [
    `local n = 0 local function f() n = n + 1 string.gsub("x", "x", f) end return out(pcall(f)) .. n`,
    "false|C stack overflow|198",
  ],
  [
    `local t = setmetatable({}, {}) getmetatable(t).__call = function(self, n) return 1 + self(n + 1) end
     return out(pcall(t, 1))`,
    "false|@stack overflow|",
  ],
  [
    `local function f() f() end return out(xpcall(f, function(m) return "H " .. m end))`,
    "false|H @stack overflow|",
  ],
  [
    `local function f() f() end return out(xpcall(f, function() f() end))`,
    "false|error in error handling|",
  ],
  [
    `local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
     local function f(k) if k == 0 then return deep(3000) end local ok, v = pcall(f, k - 1) return v end
     return out(f(150))`,
    "3000|",
  ],
  [
    `local co co = coroutine.wrap(function() return pcall(co) end) return out(pcall(co))`,
    "true|false|cannot resume running coroutine|",
  ],
  [
    `local t = {} for i = 1, 300 do t = setmetatable({}, { __index = t }) end
     return out(pcall(function() return t.x end))`,
    "false|@loop in gettable|",
  ],
  [
    `local function deep(n) if n == 0 then return coroutine.yield(5) end return 1 + deep(n - 1) end
     local function nest(k)
       return coroutine.wrap(function() if k == 0 then return deep(2000) end return nest(k - 1) end)()
     end
     return out(nest(150))`,
    "5|",
  ],
];

/** Seven thousand arguments at each level: the native stack must not fill. */
const CROWDED: [string, string][] = [
  [
    `local n = 0 local function f(...) n = n + 1 local ok, e = pcall(f, ...) return ok, e end
     return out(f(unpack({}, 1, 7000))) .. n`,
    "true|true|199",
  ],
  [
    `local n = 0 local function f(...) n = n + 1 return #{ coroutine.wrap(f)(...) } end
     local ok, e = pcall(f, unpack({}, 1, 7000)) return out(ok) .. n`,
    "false|199",
  ],
  [
    `local f = error for i = 1, 150 do local g = f f = function(...) return pcall(g, ...) end end
     return select("#", f(unpack({}, 1, 7000)))`,
    "151",
  ],
  [
    `local calls = {} for i = 1, 7000 do calls[i] = pcall end
     return out((pcall(unpack(calls))))`,
    "true|",
  ],
];

const HOSTS: Record<string, MachineHost> = {
  "in one go": { turn: () => "continue" },
  "stopped again and again": { turn: () => "suspend", budget: 7 },
};

for (const [how, host] of Object.entries(HOSTS)) {
  Deno.test(`recursion ends as in redis-server, ${how}`, () => {
    for (const [program, expected] of [...PROGRAMS, ...CROWDED]) {
      const source = `print(tostring((function() ${OUT} ${program}\nend)()))`;
      assertEquals(runInEngine(source, host), [expected], program);
    }
  });
}

/** Loops that nothing ends but the host. */
const ENDLESS: string[] = [
  `while true do pcall(error) end`,
  `while true do pcall(function() while true do end end) end`,
  `while true do xpcall(error, function() while true do end end) end`,
  `xpcall(function() while true do end end, function() return 1 end) while true do end`,
  `local t = setmetatable({}, { __index = function() while true do end end }) while true do pcall(function() return t.x end) end`,
  `local t = setmetatable({}, { __concat = function() while true do end end }) return pcall(function() return "a" .. t .. "b" end)`,
  `local t = setmetatable({}, { __tostring = function() while true do end end }) return pcall(tostring, t)`,
  `local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end`,
  `local co = coroutine.create(function() while true do end end) while true do coroutine.resume(co) end`,
  `local function nest(n) coroutine.wrap(function() if n == 0 then while true do end end nest(n - 1) end)() end nest(50)`,
  `local f f = function() return f() end f()`,
  `while true do local ok = pcall(coroutine.wrap(function() error("x") end)) end`,
  `load(function() return "x = 1 " end)`,
  `load(function() while true do end end)`,
  `while true do loadstring("return 1") end`,
  `for k in function() return 1 end do end`,
  `while true do unpack({}, 1, 7000) end`,
];

Deno.test("whatever stands around an endless loop, the host ends it", () => {
  for (const program of ENDLESS) {
    for (const stops of [0, 30]) {
      let turns = 0;
      const host: MachineHost = {
        turn() {
          if (++turns > stops) throw new Abort("killed");
          return "suspend";
        },
      };
      let thrown: unknown;
      try {
        runInEngine(program, host);
      } catch (error) {
        thrown = error;
      }
      assert(thrown instanceof Abort, `${program} after ${stops}`);
    }
  }
});

Deno.test("a machine that was ended in the middle runs the next program as if nothing had been", () => {
  const program = `
    local co = coroutine.wrap(function() return pcall(function() return tostring(setmetatable({}, {
      __tostring = function() while true do end end })) end) end)
    co()`;
  let isEnding = true;
  const host: MachineHost = {
    turn() {
      if (isEnding) throw new Abort("killed");
      return "continue";
    },
  };
  const engine = new Engine(host);
  const run = (source: string) => engine.start(engine.compile(source, "=test"), []);
  for (let i = 0; i < 300; i++) {
    let thrown: unknown;
    try {
      run(program);
    } catch (error) {
      thrown = error;
    }
    assert(thrown instanceof Abort);
  }
  isEnding = false;
  assertEquals(run(`return coroutine.running(), pcall(pcall, error, "x")`), [
    undefined,
    true,
    false,
    "x",
  ]);
  assertEquals(engine.machine.boundaries, 1);
  assertEquals(engine.machine.depth, 0);
});
