// Scripts that ask for more than there is, or break what may be broken: each ends in an error of its
// own or an answer, and the server goes on.

import { assertEquals, assertMatch } from "@std/assert";
import { Peer } from "../harness/peer.ts";
import { serveQuietly } from "../harness/quiet_server.ts";

/** Scripts, and what their replies are like. */
const ATTACKS: Readonly<Record<string, readonly [script: string, reply: RegExp]>> = {
  "a string of 1 GB": ["return #string.rep('x', 2^30)", /^-ERR not enough memory/],
  "a string that doubles": [
    "local s = 'x' while true do s = s .. s end",
    /^-ERR .*not enough memory/,
  ],
  "a string that is joined to one too long": [
    "local s = string.rep('x', 2^28) return #table.concat({s, s, s})",
    /^-ERR .*not enough memory/,
  ],
  "a wide format": ["return string.format('%999999s', 'x')", /^-ERR .*invalid format/],
  "very many results": ["return select('#', unpack({}, 1, 1e8))", /^-ERR .*too many results/],
  "very many arguments": [
    "local t = {} for i = 1, 7000 do t[i] = 'k' .. i end return redis.call('exists', unpack(t))",
    /^:0/,
  ],
  "recursion without end": [
    "local function f(n) return f(n + 1) + 1 end return f(1)",
    /^-ERR .*stack overflow/,
  ],
  "recursion without end, caught": [
    "local function f(n) return f(n + 1) + 1 end return {pcall(f, 1)}",
    /^\*2\r\n\$-1\r\n\$\d+\r\n.*stack overflow/,
  ],
  "pcall within pcall": [
    "local function f(n) return pcall(f, n + 1) end return {f(1)}",
    /^\*|^-ERR .*overflow/,
  ],
  "coroutines within each other": [
    "local function f() return coroutine.wrap(f)() end return f()",
    /^-ERR .*overflow/,
  ],
  "metamethods without end": [
    "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. 'x'] end return t.a",
    /^-ERR .*overflow/,
  ],
  "tables that are each other's __index": [
    "local a, b = {}, {} setmetatable(a, {__index = b}) setmetatable(b, {__index = a}) return a.x",
    /^-ERR .*loop in gettable/,
  ],
  "tostring within itself": [
    "local t = setmetatable({}, {}) getmetatable(t).__tostring = function(t) return tostring(t) end return tostring(t)",
    /^-ERR .*overflow/,
  ],
  "an error of the error's handler": [
    "return {xpcall(error, function(e) error(e) end)}",
    /^\*2\r\n\$-1/,
  ],
  "a table deep in JSON": [
    "local t = {} for i = 1, 5000 do t = {t} end return cjson.encode(t)",
    /^-ERR .*nesting/,
  ],
  "JSON that opens and never closes": [
    "return {pcall(cjson.decode, string.rep('[', 100000))}",
    /^\*2\r\n\$-1\r\n/,
  ],
  "a table that holds itself in MessagePack": [
    "local t = {} t[1] = t return #cmsgpack.pack(t)",
    /^:\d+/,
  ],
  "MessagePack that says it is long": [
    "return {pcall(cmsgpack.unpack, '\\221\\255\\255\\255\\255')}",
    /^\*2\r\n\$-1\r\n/,
  ],
  "a format of struct that is long": [
    "return #struct.pack('c2000000000', 'x')",
    /^-ERR /,
  ],
  "a pattern deep in itself": [
    "return string.find('x', string.rep('(', 40))",
    /^-ERR .*(too many captures|unfinished capture|pattern)/,
  ],
  "arrays that hold themselves": ["local t = {} t[1] = t return t", /^\*1\r\n/],
  "writes to what is read-only, by every means": [
    "for _, f in ipairs{function() string.format = 1 end, function() rawset(_G, 'x', 1) end, " +
    "function() setmetatable(string, {}) end, function() table.insert(redis, 1) end, " +
    "function() setmetatable(_G, {}) end, function() getmetatable(_G).__index = nil end, " +
    "function() getmetatable('').__index = nil end, function() _G.KEYS = 1 end} do " +
    "local ok, e = pcall(f) if ok then return 'changed' end end return 'well'",
    /^\$4\r\nwell/,
  ],
  "a proxy that pretends": [
    "return redis.call(setmetatable({}, {__tostring = function() return 'get' end}), 'x')",
    /^-ERR Lua redis lib command arguments must be strings or integers/,
  ],
  "a command within a coroutine within a sort": [
    "local t = {3, 1, 2} table.sort(t, coroutine.wrap(function(a, b) while true do " +
    "redis.call('incr', 'n') a, b = coroutine.yield(a < b) end end)) return t",
    /^\*3\r\n:1\r\n:2\r\n:3/,
  ],
};

for (const [name, [script, reply]] of Object.entries(ATTACKS)) {
  Deno.test(`a script attacks: ${name}`, async () => {
    await using server = await serveQuietly();
    using peer = await Peer.connect(server.address.port);
    peer.queue("EVAL", script, "0");
    peer.queue("QUIT");
    await peer.flush();
    assertMatch(await peer.receiveRest(), reply);
    using other = await Peer.connect(server.address.port);
    assertEquals(
      await other.ask("EVAL", "return ('still'):upper() .. #KEYS", "0"),
      "$6\r\nSTILL0\r\n",
    );
    server.keyspace.arena.verify();
  });
}

Deno.test("texts that are hard to read are refused or run, and nothing worse", async () => {
  await using server = await serveQuietly();
  using peer = await Peer.connect(server.address.port);
  const deep = (open: string, inner: string, close: string, n: number) =>
    open.repeat(n) + inner + close.repeat(n);
  const texts = [
    `return ${deep("(", "1", ")", 10_000)}`,
    `return ${deep("{", "", "}", 10_000)}`,
    `return ${deep("-", "1", "", 10_000).replaceAll("--", "- -")}`,
    `return ${deep("not ", "1", "", 100_000)}`,
    deep("do ", "", " end", 10_000),
    deep("if 1 then ", "", " end", 10_000),
    deep("while 1 do ", "break", " end", 10_000),
    deep("return function() ", "", " end", 10_000),
    `return 1${" + 1".repeat(100_000)}`,
    `return 'a'${" .. 'a'".repeat(10_000)}`,
    `return 1${" and 1".repeat(100_000)}`,
    `local x ${"x = 1 ".repeat(100_000)}`,
    `return {${"1,".repeat(100_000)}}`,
    `local ${Array.from({ length: 300 }, (_, i) => `v${i}`).join(",")} = 1`,
    `return ${"x".repeat(1_000_000)}`,
    `return '${"x".repeat(1_000_000)}'`,
    `--[${"=".repeat(100_000)}[ never closed`,
    "\x1bLua binary",
    "\0",
    "return '\\999'",
    `f${"()".repeat(10_000)}`,
    `local t = {} return t${".x".repeat(10_000)}`,
    "#!lua flags=" + "no-writes,".repeat(100_000) + "\nreturn 1",
  ];
  for (const text of texts) {
    assertMatch(await peer.ask("EVAL", text, "0"), /^[-:$*]/, text.slice(0, 40));
  }
  assertEquals(await peer.ask("PING"), "+PONG\r\n");
});
