// Coroutines beside Debian's lua5.1.

import { assertSameAsLua } from "./harness/same_as_lua.ts";
import { withoutLua } from "./harness/lua_reference.ts";

const PROGRAMS: Record<string, string[]> = {
  "life of a coroutine": [
    `local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) error("boom" .. c) end)
     local out = {} local function add(...) for i = 1, select("#", ...) do out[#out + 1] = tostring((select(i, ...))) end end
     add(coroutine.status(co)) add(coroutine.resume(co, 1, 2)) add(coroutine.status(co)) add(coroutine.resume(co, "!")) add(coroutine.status(co)) add(coroutine.resume(co))
     return unpack(out)`,
    `local co = coroutine.create(function() return 1, 2, nil end) return coroutine.resume(co)`,
    `local co = coroutine.create(function() return end) return select("#", coroutine.resume(co)), coroutine.status(co)`,
    `local co = coroutine.wrap(function(...) local n = select("#", ...) while true do n = select("#", coroutine.yield(n)) end end) return co(), co(nil), co(nil, nil), co(1, 2, 3)`,
    `local co = coroutine.create(function() return coroutine.yield(1) end) return coroutine.resume(co), coroutine.resume(co, 5, 6)`,
    `local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end local s = 0 for i in gen(100) do s = s + i end return s`,
    `local function permgen(a, n) if n == 0 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n] permgen(a, n - 1) a[n], a[i] = a[i], a[n] end end end
     local out = {} for p in coroutine.wrap(function() permgen({ 1, 2, 3, 4 }, 4) end) do out[#out + 1] = p end return #out, table.concat(out, " ")`,
    `local a = coroutine.wrap(function() for i in coroutine.wrap(function() coroutine.yield(1) coroutine.yield(2) end) do coroutine.yield(i * 10) end end) return a(), a(), a()`,
    `local co co = coroutine.create(function() return coroutine.status(co), coroutine.running() == co, coroutine.resume(co) end) return coroutine.resume(co)`,
    `local a a = coroutine.create(function() local b = coroutine.create(function() return coroutine.status(a), coroutine.resume(a) end) return coroutine.resume(b) end) return coroutine.resume(a)`,
    `return coroutine.running()`,
    `local a a = coroutine.create(function()
       coroutine.resume(coroutine.create(function() coroutine.yield() end)) return coroutine.status(a), coroutine.resume(a)
     end) return coroutine.resume(a)`,
    `local up = 0 local co = coroutine.wrap(function() up = up + 1 coroutine.yield() up = up + 10 coroutine.yield() end) co() co() return up`,
    `local t = {} for i = 1, 3 do t[i] = coroutine.wrap(function() local n = i while true do n = n + coroutine.yield(n) end end) t[i]() end return t[1](10), t[2](20), t[1](1), t[3](5), t[2](2)`,
    `local function deep(n) if n == 0 then coroutine.yield("bottom") return 0 end return 1 + deep(n - 1) end local co = coroutine.wrap(function() return deep(3000) end) return co(), co()`,
    `local co = coroutine.wrap(function() local function loop(n) if n == 0 then return coroutine.yield("end") end return loop(n - 1) end return loop(50000) end) return co(), co(7)`,
  ],
  "errors": [
    `coroutine.create()`,
    `coroutine.create(print)`,
    `coroutine.wrap(5)`,
    `coroutine.resume()`,
    `coroutine.resume(5)`,
    `coroutine.status()`,
    `coroutine.status({})`,
    `coroutine.yield(1)`,
    `return pcall(coroutine.yield, 1)`,
    `local w = coroutine.wrap(function() error("in wrap") end)\nw()`,
    `local w = coroutine.wrap(function() error("in wrap") end) pcall(w)\nw()`,
    `local w = coroutine.wrap(function() error("in wrap") end) return pcall(w)`,
    `local e = {} local w = coroutine.wrap(function() error(e) end) local ok, r = pcall(w) return ok, r == e`,
    `local w = coroutine.wrap(function() error() end) return pcall(w)`,
    `local w = coroutine.wrap(function() error(5) end)\nw()`,
    `local w = coroutine.wrap(function() error(5, 0) end)\nw()`,
    `local w = coroutine.wrap(function() error("L2", 2) end)\nw()`,
    `local w = coroutine.wrap(function() return error("tail") end)\nw()`,
    `local w = coroutine.wrap(function() local a = nil + 1 end)\nw()`,
    `local w w = coroutine.wrap(function() w() end)\nw()`,
    `local co = coroutine.create(function() error({ code = 5 }) end) local ok, e = coroutine.resume(co) return ok, e.code, coroutine.status(co)`,
    `local co = coroutine.create(function() local x = y.z end) return coroutine.resume(co)`,
    `local co = coroutine.create(function() string.rep() end) return coroutine.resume(co)`,
    `local co = coroutine.create(function() pcall(error, "x") coroutine.yield(1) error("y", 0) end) return coroutine.resume(co), coroutine.resume(co)`,
  ],
  "a yield across what cannot be left": [
    `local w = coroutine.wrap(function() return pcall(coroutine.yield, 1) end) return w()`,
    `local w = coroutine.wrap(function() return pcall(function() coroutine.yield(1) end) end) return w()`,
    `local w = coroutine.wrap(function() return xpcall(function() coroutine.yield(1) end, function(m) return m end) end) return w()`,
    `local w = coroutine.wrap(function() local t = setmetatable({}, { __add = function() coroutine.yield(1) end }) return t + 1 end) w()`,
    `local w = coroutine.wrap(function() local t = setmetatable({}, { __index = function() coroutine.yield(1) end }) return t.x end) w()`,
    `local w = coroutine.wrap(function() local t = setmetatable({}, { __newindex = function() coroutine.yield(1) end }) t.x = 1 end) w()`,
    `local w = coroutine.wrap(function() local t = setmetatable({}, { __eq = function() coroutine.yield(1) end }) return t == setmetatable({}, getmetatable(t)) end) w()`,
    `local w = coroutine.wrap(function() local t = setmetatable({}, { __tostring = function() coroutine.yield(1) end }) return tostring(t) end) w()`,
    `local w = coroutine.wrap(function() local t = setmetatable({}, { __call = function() return coroutine.yield(1) end }) return t() end) return w(), w(2)`,
    `local w = coroutine.wrap(function() table.sort({ 3, 2, 1 }, function() coroutine.yield(1) end) end) w()`,
    `local w = coroutine.wrap(function() string.gsub("abc", ".", function() coroutine.yield(1) end) end) w()`,
    `local w = coroutine.wrap(function() load(function() coroutine.yield(1) end) return 5 end) return w()`,
    `local w = coroutine.wrap(function() return pcall(coroutine.wrap(function() coroutine.yield(1) end)) end) return w()`,
    `local w = coroutine.wrap(function() pcall(coroutine.yield) coroutine.yield("fine") return "end" end) return w(), w()`,
  ],
};

for (const [name, programs] of Object.entries(PROGRAMS)) {
  Deno.test({
    name: `${name}: as lua5.1`,
    ignore: withoutLua,
    fn: () => assertSameAsLua(programs),
  });
}
