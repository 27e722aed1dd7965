// Compiled programs: what they answer is lua5.1's, and the same where they are stopped wherever they
// can be, so that every function goes on in its resumable form.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../lua/mod.ts";
import { Abort, LuaError } from "../../lua/runtime/lua_error.ts";
import { LuaFunction } from "../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { Suspended } from "../../lua/runtime/machine.ts";
import { firstOf, type LuaValue, type Results } from "../../lua/runtime/value.ts";
import { withoutLua } from "./harness/lua_reference.ts";
import { assertSameAsLua } from "./harness/same_as_lua.ts";

/** Programs by what they are about. */
const PROGRAMS: Record<string, string[]> = {
  "when operands are read": [
    `local a = 1 local function f() a = 10 return 1 end return a + f(), a`,
    `local a = 1 local function f() a = 10 return 1 end return f() + a`,
    `local a = "x" local function f() a = "y" return "z" end return a .. f() .. a`,
    `local a = 1 local function f() a = 10 return 1 end local function g(...) return ... end return g(a, f(), a)`,
    `local a = 1 local function f() a = 10 return 1 end return ({a, f(), a})[3]`,
    `local a = 1 local function f() a = 10 return 1 end local t = {a, f(), a} return t[1], t[2], t[3]`,
    `local a = 1 local function f() a = 10 return 1 end return a < f(), a`,
    `local a = 1 local function f() a = nil return 1 end return a and f(), a`,
    `local t, u = {1}, {2} local function f() t = u return 1 end return t[f()]`,
    `local t, u = {}, {} local s = t local function f() t = u return 1 end t.x = f() return s.x, u.x`,
    `local i, t = 1, {} i, t[i] = i + 1, 20 return i, t[1], t[2]`,
    `local i, t = 1, {} t[i], i = 20, i + 1 return i, t[1], t[2]`,
    `local a, b, c = 1, 2, 3 a, b, c = c, a, b return a, b, c`,
    `local t = {1, 2} local a = t a, a[1], a[2] = 5, 6, 7 return a, t[1], t[2]`,
    `local o = {n = 1} function o.f(self) return self.n end local p = o local function g() p = {n = 2, f = o.f} return 1 end return p:f(g()), p:f()`,
    `local up = 1 local function set() up = 5 return 1 end local function f() return up + set(), up end return f()`,
    `x = 1 local function f() x = 10 return 1 end return x + f(), x`,
    `local log = {} local function l(n) log[#log + 1] = n return n end local t = {} t[l(1)], t[l(2)] = l(3), l(4) return table.concat(log, ",")`,
    `local log = {} local function l(n) log[#log + 1] = n return n end local _ = {[l(1)] = l(2), l(3), [l(4)] = l(5)} return table.concat(log, ",")`,
  ],
  "closures": [
    `local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end return fs[1](), fs[1](), fs[2](), fs[3]()`,
    `local fs = {} local i = 1 while i < 4 do local j = i fs[i] = function() j = j + 1 return j end i = i + 1 end return fs[1](), fs[1](), fs[2]()`,
    `local fs = {} local n = 0 repeat local k = n fs[#fs + 1] = function() k = k + 1 return k end n = n + 1 until k == 2 return fs[1](), fs[1](), fs[3](), #fs`,
    `local function counter() local n = 0 return function() n = n + 1 return n end, function() return n end end local a, b = counter() a() a() return b(), counter()()`,
    `local function f(a) local function g() a = a + 1 return a end return g end local x, y = f(1), f(10) return x(), x(), y()`,
    `local function even(n) if n == 0 then return true end return odd(n - 1) end function odd(n) if n == 0 then return false end return even(n - 1) end return even(10), even(7)`,
    `local a do local b = 5 a = function() b = b * 2 return b end end return a(), a()`,
    `local function f(...) local a, b = ... return function() a = (a or 0) + 1 return a, b end end return f(1, 2)()`,
    `local f local g = function() return f end f = 7 return g()`,
    `local f f = function(n) if n == 0 then return "end" end return f(n - 1) end return f(5)`,
    `local function f() return f end return f() == f`,
    `local function f() local function g() return f end return g() == f end return f()`,
    `local t = {} for k, v in pairs({a = 1, b = 2}) do t[#t + 1] = function() v = v + 1 return k .. v end end return t[1](), t[1](), t[2]()`,
  ],
  "loops": [
    `local s = "" for i = 3, 1, -1 do s = s .. i end return s`,
    `local s = "" for i = 1, 2, 0.25 do s = s .. i .. " " end return s`,
    `local s = "" for i = 0.1, 0.95, 0.3 do s = s .. i .. " " end return s`,
    `local n = 0 for i = 1, 0 do n = n + 1 end return n`,
    `local n = 0 for i = "1", "3" do n = n + i end return n`,
    `for i = {}, 1 do end`,
    `for i = 1, {} do end`,
    `for i = 1, 2, {} do end`,
    `for i = "x", nil, {} do end`,
    `local n = 0 for i = 1, 3 do local j = i i = 10 n = n + j end return n`,
    `local n = 0 for i = 1, 10 do if i == 4 then break end n = n + i end return n`,
    `local n = 0 while true do n = n + 1 if n > 5 then break end end return n`,
    `local n = 0 for i = 1, 3 do for j = 1, 3 do if j == 2 then break end n = n + 1 end end return n`,
    `local n = 0 repeat local done = n > 3 n = n + 1 until done return n`,
    `for i = 1, 3 do return i end`,
    `local s = "" for i, v in ipairs({1, 2, nil, 4}) do s = s .. i .. v end return s`,
    `local s = 0 for k, v in next, {1, 2, 3} do s = s + k * v end return s`,
    `local s = 0 for k, v in next, {1, 2, 3}, 1 do s = s + k * v end return s`,
    `for k in next, {}, "none" do end`,
    `local t = {} for i = 1, 20 do t["k" .. i] = i end for k, v in pairs(t) do t[k] = nil end return next(t)`,
    `local t = {1, 2, 3, x = 4} for k, v in pairs(t) do t[k] = v * 2 end return t[1], t[2], t[3], t.x`,
    `local function it(s, c) if c < s then return c + 1, c * 2, c * 3, c * 4 end end local n = 0 for a, b, c, d, e in it, 3, 0 do n = n + a + b + c + d + (e or 0) end return n`,
    `for k in 5 do end`,
    `for k in nil, 1 do end`,
    `for k in setmetatable({}, {__call = function(self, s, c) if not c then return "once" end end}) do return k end`,
    `for k in string.rep do end`,
    `for i = 1, 1e308, 1e308 do end return "ends"`,
    `local n = 0 for i = 1, 3, 0 do n = n + 1 if n > 5 then return n end end return n`,
    `local n = 0 for i = 0/0, 3 do n = n + 1 end return n`,
  ],
  "numbers of results": [
    `local function f() return 1, 2, 3 end return f(), f()`,
    `local function f() return 1, 2, 3 end return (f()), (f())`,
    `local function f() return 1, 2, 3 end local a, b, c, d = f() return a, b, c, d`,
    `local function f() return 1, 2, 3 end local a, b = 0, f() return a, b`,
    `local function f() end local a, b = f() return a, b, select("#", f()), select("#", (f()))`,
    `local function f() return end return select("#", f(), f()), select("#", f(), 1)`,
    `local function f(...) return ... end return select("#", f()), select("#", f(nil)), select("#", f(nil, nil))`,
    `local function f(...) local a, b, c = ... return c, b, a end return f(1, 2)`,
    `local function f(...) return select("#", ...), (...) end return f(), f(nil), f(7, 8)`,
    `local function f(...) local t = {...} return #t, t[2] end return f(1, 2, 3)`,
    `local function f(...) local t = {n = 1, ..., ...} return #t end return f(1, 2, 3)`,
    `local function f(a, ...) return arg == nil end return f(1, 2)`,
    `local function f(a, ...) return arg.n, arg[1], arg[2] end return f(1, 2, nil)`,
    `local function f() return 1, 2 end local t = {f(), f()} return #t`,
    `local function f() return 1, 2 end local t = {f(), (f())} return #t`,
    `local function f() return 1, 2 end return ({f(), x = 1})[2] == nil`,
    `local a, b, c = (function() return 1, 2 end)() return a, b, c`,
    `local a, b = 1 return a, b`,
    `local a = 1, 2, error return a`,
    `local t = {} t.a, t.b, t.c = (function() return 1, 2 end)() return t.a, t.b, t.c`,
    `return ("x"):rep(3), ("%d"):format(7), #("abc")`,
    `return (function(...) return ... end)(unpack({1, 2, 3}, 1, 3))`,
    `return math.max(unpack({3, 9, 4}))`,
  ],
  "values of operators": [
    `return 1 and 2, nil and 1, false and 1, 1 or 2, nil or 2, nil or false, false or nil`,
    `return not nil, not 0, not not 1, not "" == false`,
    `local a, b, c = nil, false, 3 return a or b or c, a and b and c, (a or c) and b, a or (c and b)`,
    `local n = 0 local function t() n = n + 1 return true end local _ = t() or t() _ = t() and t() return n`,
    `if nil or false or 0 then return "yes" end return "no"`,
    `if not (1 == 1 and 2 > 1 or nil) then return "no" else return "yes" end`,
    `local a = 5 if a > 3 and not (a > 7) and a ~= 4 then return "in" end`,
    `return 5 % 3, -5 % 3, 5 % -3, -5 % -3, 5.5 % 2, 5 % 0, 0 % 5, -0 % 3, 1e20 % 7, 5 % 1e308`,
    `local a, b = -6, 3 return a % b, 1 / (a % b)`,
    `return 2 ^ 10, 2 ^ -1, (-8) ^ (1 / 3), 2 ^ 3 ^ 2, -2 ^ 2`,
    `return 7 / 2, -7 / 2, 1 / 0, -1 / 0, 3 - -3, - - 3`,
    `local function f(a, b) local c = a % 2 a, b = 1, 2 return c + a + b end return pcall(f, "x")`,
    `local function f() end local ok, e = pcall(function() return f + 1 end) f = 5 return e, f + 1`,
    `for k, v in pairs({x = "a"}) do local ok, e = pcall(function() end) k = k .. "!" if v == "b" then k = 1 end return k end`,
    `for k in pairs({x = "a"}) do local r = k == 1 and k + 1 or "no" k = 5 return r, k + 1 end`,
    `local function f(...) local n = arg.n arg = 3 return n + arg end return f(1, 2)`,
    `local a, b = 1 a = a + 1 return a, b`,
    `local a = 1 if a then a = "s" end return a .. a`,
    `local a, b = 1, 2 for i = 1, 3 do a, b = b, a .. "" end return a, b`,
    `return "10" + 5, "0x10" * 2, " 7 " - 1, -"3", 10 .. 20`,
    `return 1 < 2, 2 <= 2, "a" < "b", "a" <= "A", "" < "a", "Z" < "a"`,
    `return 1 == 1, 1 == "1", "a" == "a", {} == {}, nil == false, 0 == -0, 0/0 == 0/0`,
    `return 1 ~= 1, "a" ~= "b", not (1 ~= 2)`,
    `return #"abc", #{1, 2, nil, 4}, #{nil, nil, 3}, #{1, nil, nil, 4, nil}, #{n = 1}`,
    `return 2^53 + 1, 1e15, 1e16, 0.1, 1/3, 100000000000000`,
    `local mt = {} for _, e in ipairs({"add", "sub", "mul", "div", "mod", "pow", "concat"}) do mt["__" .. e] = function(a, b) return e, "dropped" end end local x = setmetatable({}, mt) return x + 1, 1 - x, x * x, x / 2, 2 % x, x ^ 2, x .. "s", 1 .. x, "a" .. "b" .. x .. "c"`,
    `local mt = {__lt = function(a, b) return a.v < b.v end, __eq = function(a, b) return a.v == b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return a < b, a > b, a <= b, a >= b, a == b, a ~= b, not (a < b)`,
    `local mt = {__le = function(a, b) return nil end, __unm = function(a) return "neg" end} local a = setmetatable({}, mt) return a <= a, a >= a, -a`,
    `local t = setmetatable({}, {__index = function(t, k) return k .. "!" end, __newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.x = 5 return t.x, t.y, t[1]`,
    `local base = {m = function(self) return self.n end} base.__index = base local o = setmetatable({n = 4}, base) return o:m(), o.m(o)`,
  ],
  "table constructors": [
    `return #{x = 1, 1, nil, 3}, #{1, nil, 3, x = 1}, #{x = 1, nil, nil, 3}, #{[1] = 1, [2] = 2}, #{[2] = 2, 1}`,
    `local function f() return 1, nil, 3 end return #{f()}, #{x = 1, f()}, #{1, 2, f()}, #{f(), f()}`,
    `local t = {[1] = "a", "b"} return t[1]`,
    `local t = {"b", [1] = "a"} return t[1]`,
    `local t = {[1] = "a", "b", [2] = "c", "d", [3] = "e"} return t[1], t[2], t[3]`,
    `local t = {x = 1, x = 2, ["x"] = 3} return t.x`,
    `local t = {x = nil, [1] = nil} return next(t)`,
    `return ({[1.5] = "x", [-1] = "y", [2^53] = "z"})[2^53]`,
    `local n = 0 for k, v in pairs({1, 2, x = 3, [10] = 4, nil, 5}) do n = n + v end return n`,
    `return #{${numbers(60)}, nil, 7}, #{${numbers(60)}, x = 1}, #{${numbers(16)}, nil}, #{${
      numbers(17)
    }, nil, nil}`,
    `local t = 5 t = {x = t, y = t} local u u = {x = t} return t.x, t.y, u.x == t`,
    `local t = {f = function(x) return x + 1 end, g = {h = {1, {2}}}} return t.f(1), t.g.h[2][1]`,
  ],
  "words of errors": [
    `local x return x.y`,
    `return x.y`,
    `local t = {} return t.a.b`,
    `local t = {} return t[1].b`,
    `local t = {} local k = "a" return t[k].b`,
    `local t = {} t.a.b = 1`,
    `local up = nil local function f() return up.x end return f()`,
    `local up = nil local function f() up.x = 1 end f()`,
    `local x x()`,
    `x()`,
    `local t = {} t.f()`,
    `local t = {} t:f()`,
    `local t = {} t.a.f()`,
    `local t = {} t[1]()`,
    `local s = "x" s:nope()`,
    `("x")()`,
    `(1)()`,
    `local function f() end f()()`,
    `local a return a + 1`,
    `local a return 1 + a`,
    `local t = {} return t.x * 2`,
    `return x - 1`,
    `local a, b = 1, {} return a + b`,
    `local a, b = {}, {} return a + b`,
    `return "a" + 1`,
    `return 1 + "a"`,
    `local s = "a" return s * 2`,
    `return -{}`,
    `local t = {} return -t`,
    `local a = {} return a .. "x"`,
    `local a = {} return "x" .. a`,
    `local t = {} return "x" .. t.y .. "z"`,
    `return "x" .. nil`,
    `return 1 < "2"`,
    `return {} < {}`,
    `return nil > 1`,
    `return {} <= 1`,
    `local function f() end return f < f`,
    `return #5`,
    `local n = 5 return #n`,
    `local t = {} return #t.x`,
    `local t = {} t[nil] = 1`,
    `local t = {} t[0 / 0] = 1`,
    `return {[nil] = 1}`,
    `return (nil)[1]`,
    `return ({}).x.y`,
    `return (g or h).x`,
    `local l = false return (l and l or g).x`,
    `local l = false return (l or g).x, (l and g).x`,
    `return ((a and b) or c).x`,
    `return ((a or b) and c).x`,
    `return ((a and b) or c or d).x`,
    `return (a or (b and c)).x`,
    `return (a and b and c).x`,
    `local l return (l or 1 == 1 and l).x`,
    `local function f(a) return a.b end\n\nreturn f()`,
    `local function f(a)\n  return a.b\nend\nreturn f()`,
    `local t = {}\nt.x = 1\nt.y.z\n= 2`,
    `error("m")`,
    `local function f() error("m", 2) end\nf()`,
    `local function f() error("m", 2) end\nreturn f()`,
    `local function f() return error("m", 2) end\nlocal x = f()`,
    `local function f(n) if n == 0 then error("m", 2) end return f(n - 1) end\nlocal x = f(0)`,
    `local function f(n) if n == 0 then error("m", 2) end return f(n - 1) end\nlocal x = f(3)`,
    `local function f(n) if n == 0 then error("m", 5) end return f(n - 1) end\nlocal x = f(3)`,
    `string.rep()`,
    `("x"):rep({})`,
    `local r = string.rep r("x", {})`,
    `return setmetatable({}, {__index = string.rep}).x`,
    `local s = string return s.rep("x", "y")`,
  ],
  "names and texts that JavaScript would take otherwise": [
    `local constructor, prototype, this, arguments, eval, var, let = 1, 2, 3, 4, 5, 6, 7 return constructor + prototype + this + arguments + eval + var + let`,
    `local t = {__proto__ = 1, constructor = 2, toString = 3, hasOwnProperty = 4} return t.__proto__, t.constructor, t.toString, t.valueOf, t.hasOwnProperty`,
    `local t = {} return t.__proto__, t.constructor, t.length, t["__proto__"]`,
    `return "\\"; throw 1; //", '\\'', "\\\\", "$\{1}", "\`", "</script>", #"\\0\\1\\255"`,
    `return "\\226\\128\\168" .. #"\\226\\128\\168"`,
    `pc, self, M, x, e, va = 1, 2, 3, 4, 5, 6 return pc, self, M, x, e, va`,
    `local r0, r1, u0, f0, k0, h0 = 1, 2, 3, 4, 5, 6 return r0, r1, u0, f0, k0, h0`,
    `return 0x7fffffff + 1, 1e400, -1e400, .5, 3., 0xA`,
    `function a() return 1 end function a.b() end`,
    `local a = {} function a.b() return "b" end function a:c() return self == a end return a.b(), a:c()`,
  ],
  "many of something": [
    `local ${names(200)} = ${numbers(200)} return v1 + v200`,
    `return ${numbers(200).replaceAll(",", "+")}`,
    `local x = 1 return ${"x+".repeat(5000)}x`,
    `local t = {} t.t = t return t${".t".repeat(3000)} == t`,
    `local function f() return f end f = function() return f end return f${"()".repeat(3000)} == f`,
    `return ${"nil or ".repeat(3000)}7`,
    `return ${"(".repeat(190)}7${")".repeat(190)}`,
    `return ${"{".repeat(190)}7${"}".repeat(190)} ~= nil`,
    `local x = 0 ${"do ".repeat(190)} x = x + 1 ${"end ".repeat(190)} return x`,
    `local x = 0 ${"if x == 0 then ".repeat(190)} x = x + 1 ${"end ".repeat(190)} return x`,
    `local x = 3 if x == 0 then ${
      numbers(1500).replace(/(\d+),?/g, "elseif x == $1 then x = x ")
    } end return x`,
    `return #{${numbers(3000)}}, ({${numbers(3000)}})[2999]`,
    `local function f(...) return select("#", ...) end return f(${numbers(240)})`,
    `local s = "" ${"s = s .. 'x' ".repeat(2000)} return #s`,
    `return ${'"a"..'.repeat(190)}"b"`,
  ],
};

function names(count: number): string {
  return Array.from({ length: count }, (_, at) => `v${at + 1}`).join();
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, at) => at + 1).join();
}

for (const [what, programs] of Object.entries(PROGRAMS)) {
  Deno.test({
    name: `Lua's compiler: ${what}`,
    ignore: withoutLua,
    fn: () => assertSameAsLua(programs),
  });
}

/** Runs to the end, however often it stops; answers its results and how often that was. */
function finish(engine: Engine, source: string): { results: Results; stops: number } {
  let stops = 0;
  let results = engine.start(engine.compile(source, "@test"), []);
  for (; results instanceof Suspended; stops++) results = engine.continue(results);
  return { results, stops };
}

const steady = () => new Engine({ turn: () => "continue" });
const halting = () => new Engine({ turn: () => "suspend", budget: 0 });

/** Deep recursion of every kind: each ends in its value, or in an error of Lua's. */
const DEEP: Record<string, { source: string; result: LuaValue }> = {
  "of calls": {
    source:
      `local function d(n) if n == 0 then return 0 end return 1 + d(n - 1) end return d(15000)`,
    result: 15000,
  },
  "without an end": {
    source: `local function d() return 1 + d() end return select(2, pcall(d))`,
    result: "test:1: stack overflow",
  },
  "with an error at the bottom": {
    source:
      `local function d(n) if n == 0 then error("bottom") end return 1 + d(n - 1) end return select(2, pcall(d, 15000))`,
    result: "test:1: bottom",
  },
  "of functions with many arguments": {
    source:
      `local t = {} for i = 1, 7000 do t[i] = i end local function d(n, a) if n == 0 then return a end return 1 + d(n - 1, unpack(t)) end return d(300, 1)`,
    result: 301,
  },
  "with ever more arguments": {
    source:
      `local function d(n, ...) if n == 0 then return select("#", ...) end return (d(n - 1, n, ...)) end return d(3000)`,
    result: 3000,
  },
  "through pcall": {
    source:
      `local function d(n) if n == 0 then return 0 end local _, v = pcall(d, n - 1) return 1 + v end return d(150)`,
    result: 150,
  },
  "through pcall without an end": {
    source:
      `local n = 0 local function d() n = n + 1 return select(2, pcall(d)) end local e = d() return e .. (n > 100 and n < 300 and "" or n)`,
    result: "C stack overflow",
  },
  "through metamethods": {
    source:
      `local m = setmetatable({}, {__index = function(t, k) if k == 0 then return "found" end return t[k - 1] end}) return m[150]`,
    result: "found",
  },
  "through metamethods without an end": {
    source:
      `local m = setmetatable({}, {__add = function(a, b) return a + b end}) return select(2, pcall(function() return m + 1 end))`,
    result: "test:1: C stack overflow",
  },
  "through sort": {
    source:
      `local function d(n) if n == 0 then return 0 end local v table.sort({1, 2}, function(a, b) v = v or d(n - 1) return a < b end) return 1 + v end return d(100)`,
    result: 100,
  },
  "through coroutines": {
    source:
      `local function d(n) if n == 0 then return 0 end return 1 + coroutine.wrap(d)(n - 1) end return d(150)`,
    result: 150,
  },
  "within a coroutine": {
    source:
      `return coroutine.wrap(function() local function d(n) if n == 0 then return coroutine.yield("up") end return 1 + d(n - 1) end return d(10000) end)()`,
    result: "up",
  },
  "through gsub": {
    source:
      `local function d(n) if n == 0 then return "0" end return (string.gsub("x", "x", function() return d(n - 1) end)) end return d(100)`,
    result: "0",
  },
  "a million tail calls": {
    source:
      `local function d(n) if n == 0 then return "end" end return d(n - 1) end return d(1000000)`,
    result: "end",
  },
  "tail calls of two functions": {
    source:
      `local a, b function a(n) if n == 0 then return "end" end return b(n - 1) end function b(n) return a(n) end return a(30000)`,
    result: "end",
  },
};

for (const [what, { source, result }] of Object.entries(DEEP)) {
  Deno.test(`Lua's compiler: recursion ${what}`, () => {
    assertEquals(firstOf(finish(steady(), source).results), result);
    if (source.includes("1000000")) return;
    const { results, stops } = finish(halting(), source);
    assertEquals(firstOf(results), result, "stopped at each turn");
    assert(stops > 0);
  });
}

/** Programs without an end: the host can end all of them. */
const ENDLESS: Record<string, string> = {
  "a loop": `while true do end`,
  "an empty repeat": `repeat until false`,
  "a loop in pcall": `while true do pcall(function() while true do end end) end`,
  "errors in pcall": `while true do pcall(error, "x") end`,
  "tail calls": `local function f() return f() end f()`,
  "tail calls of a global function": `function f() return f() end f()`,
  "tail calls of two functions":
    `local f, g function f() return g() end function g() return f() end f()`,
  "tail calls by __call":
    `local t = setmetatable({}, {}) getmetatable(t).__call = function(self) return self() end t()`,
  "pcall in tail position": `local function f() return pcall(f) end while true do f() end`,
  "recursion in pcall":
    `while true do pcall(function() local function d() return 1 + d() end return d() end) end`,
  "a comparator": `while true do table.sort({3, 2, 1}, function(a, b) return a < b end) end`,
  "a callback of gsub": `string.gsub("x", "x", function() while true do end end)`,
  "a metamethod":
    `local t = setmetatable({}, {__index = function() while true do end end}) return t.x`,
  "coroutines": `while true do coroutine.wrap(function() coroutine.yield() end)() end`,
  "a coroutine that never yields": `coroutine.wrap(function() while true do end end)()`,
  "an iterator": `for i in function() return 1 end do end`,
  "a for without an end": `for i = 1, math.huge do end`,
  "a step of 0": `for i = 2, 1, 0 do end`,
  "comparisons of long texts":
    `local a, b = string.rep("x", 4e6), string.rep("x", 4e6) while true do local _ = a == b end`,
  "lookups of long texts":
    `local a, b = string.rep("x", 4e6), string.rep("x", 4e6) local t = {[a] = 1} while true do local _ = t[b] end`,
  "settings of long texts":
    `local a, b = string.rep("x", 4e6), string.rep("x", 4e6) local t = {[a] = 1} while true do t[b] = 2 end`,
  "loading": `while true do loadstring("return 1")() end`,
  "sorts": `local t = {} for i = 1, 1000 do t[i] = -i end while true do table.sort(t) end`,
};

for (const [what, source] of Object.entries(ENDLESS)) {
  Deno.test(`Lua's compiler: the host ends ${what}`, () => {
    for (const suspends of [false, true]) {
      let turns = 0;
      const engine = new Engine({
        turn() {
          if (++turns > 50) throw new Abort("killed");
          return suspends ? "suspend" : "continue";
        },
      });
      const ended = assertThrows(() => finish(engine, source));
      assert(ended instanceof Abort && ended.reason === "killed");
      assertEquals(ended.origin?.chunkName, "test");
      assertEquals(ended.line, 1);
      // The engine is as good as new.
      assertEquals(finish(steady(), "return 1 + 1").results, 2);
      turns = -Infinity;
      assertEquals(finish(engine, "return pcall(function() return 7 end)").results, [true, 7]);
    }
  });
}

Deno.test("Lua's compiler: what a source mentions decides whether fixed globals are bound", () => {
  const engine = steady();
  const calls: LuaValue[][] = [];
  const host = new LuaTable();
  const call = (name: string) =>
    new LuaFunction(
      (_, ...args) => {
        calls.push([name, ...args]);
        return name;
      },
      [],
      undefined,
      undefined,
    );
  host.set("call", call("first"));
  host.set("limit", 5);
  const env = new LuaTable();
  env.set("host", host);
  env.set("setmetatable", engine.globals.get("setmetatable"));
  const fixedGlobals = env;
  const run = (source: string) =>
    engine.start(engine.compile(source, "@test", { env, fixedGlobals }), []);

  const bound = engine.compile(
    "local call = host.call return call(host.limit, host.none)",
    "@test",
    {
      env,
      fixedGlobals,
    },
  );
  const unbound = engine.compile("setmetatable({}, {}) return host.call(host.limit)", "@test", {
    env,
    fixedGlobals,
  });
  // Bound when it is first called. Whoever says that they are fixed and changes them sees the difference.
  assertEquals(engine.start(bound, []), "first");
  host.set("call", call("second"));
  assertEquals(engine.start(bound, []), "first");
  assertEquals(engine.start(unbound, []), "second");
  assertEquals(calls, [["first", 5, undefined], ["first", 5, undefined], ["second", 5]]);
  assertEquals(run("local h = host return h.limit + host.limit"), 10);
  assertEquals(run("host.limit = 6 return host.limit"), 5);
  const failed = assertThrows(() => run("return host.none.x"));
  assert(failed instanceof LuaError);
  assertEquals(failed.value, "test:1: attempt to index field 'none' (a nil value)");
});

Deno.test("Lua's compiler: functions that runs share tell nothing of other runs", () => {
  const env = new LuaTable();
  const engine = halting();
  for (const name of ["pcall", "error", "tostring", "print"]) {
    env.set(name, engine.globals.get(name));
  }
  const source = `
    local count = 0
    local function twice(n) return n * 2 end
    local function fact(n) if n < 2 then return 1 end return n * fact(n - 1) end
    local function counted(n) count = count + 1 return twice(n) end
    local function last(n) if n == 0 then return "last" end return last(n - 1) end
    local function bad(t) return t.x.y end
    local made = {}
    for i = 1, 2 do local function f() return i end made[i] = f end
    for i = 1, 2 do local function f() return 1 end made[f] = true made[i + 2] = f end
    local ok, problem = pcall(bad, {})
    return twice(4), fact(5), counted(1), counted(2), count, last(3), made[1]() + made[2](),
      made[3] == made[4], twice == twice, problem`;
  const f = engine.compile(source, "@test", { env, fixedGlobals: env });
  for (let run = 0; run < 3; run++) {
    let results = engine.start(f, []);
    while (results instanceof Suspended) results = engine.continue(results);
    assertEquals(results, [
      ...[8, 120, 2, 4, 2, "last", 3, false, true],
      "test:7: attempt to index field 'x' (a nil value)",
    ]);
  }
});
