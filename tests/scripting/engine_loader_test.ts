// Libraries loaded by the engine, without a server: what they see while they are loaded and later.

import { assertEquals, assertThrows } from "@std/assert";
import { Engine } from "../../lua/mod.ts";
import { builtin } from "../../lua/runtime/builtin.ts";
import { Abort } from "../../lua/runtime/lua_error.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { Suspended } from "../../lua/runtime/machine.ts";
import { firstOf, type LuaValue } from "../../lua/runtime/value.ts";
import { ErrorReply } from "../../protocol/error_reply.ts";
import { fail } from "../../lua/runtime/lua_error.ts";
import { EngineLoader } from "../../server/scripting/functions/engine_loader.ts";
import { Functions } from "../../server/scripting/functions/functions.ts";

/** Turns that a library may take to load. */
const MAX_TURNS = 10;

class Bench {
  turns = 0;
  readonly engine = new Engine({
    turn: () => {
      if (++this.turns > this.maxTurns) throw new Abort("FUNCTION LOAD timeout");
      return "continue";
    },
  });
  readonly functions: Functions;

  constructor(readonly maxTurns = MAX_TURNS) {
    const { engine } = this;
    const closeTable = (table: LuaTable) => {
      table.metatable = new LuaTable();
      table.metatable.set("__index", builtin((_, name) => fail(`nonexistent '${name}'`)));
      table.isReadonly = true;
    };
    const functionGlobals = new LuaTable();
    for (const name of ["pairs", "string", "table", "tostring", "type", "pcall"]) {
      functionGlobals.set(name, engine.globals.get(name));
    }
    const redis = new LuaTable();
    redis.set("call", builtin((...args) => `called ${args.join(" ")}`));
    functionGlobals.set("redis", redis);
    closeTable(functionGlobals);
    this.functions = new Functions(
      new EngineLoader({
        engine,
        sandbox: { functionGlobals, closeTable, loadParts: [["LOG_DEBUG", 0]] },
        runForLoad: (code) => {
          this.turns = 0;
          engine.start(code, []);
        },
      }),
    );
  }

  load(lua: string, name = "lib", replaces = false): void {
    this.functions.load(`#!lua name=${name}\n${lua}`, replaces);
  }

  call(name: string, ...args: LuaValue[]): LuaValue {
    this.turns = 0;
    const results = this.engine.start(this.functions.libraries.functions.named(name)!.code, args);
    if (results instanceof Suspended) throw new Error("it was not asked to stop");
    return firstOf(results);
  }
}

function registering(body: string): string {
  return `redis.register_function('f', function(...) ${body} end)`;
}

Deno.test("what a library sees while it is loaded is not what its functions see", () => {
  const bench = new Bench();
  bench.load(`
    local register = redis.register_function
    register('call', function(...) return redis.call(...) end)
    register('late', function() return type(redis.register_function) end)
    register('kept', function() register('more', function() end) end)
    register('names', function() return type(string) .. type(pairs) .. tostring(redis.LOG_DEBUG) end)
    register('missing', function() return nosuch end)
    register('set', function() nosuch = 1 end)
  `);
  assertEquals(bench.call("call", "a", 1), "called a 1");
  assertEquals(bench.call("late"), "nil");
  assertEquals(bench.call("names"), "tablefunctionnil");
  for (
    const lua of ["string", "pairs", "redis.call('x')", "redis.nosuch", "type", "_G", "x = 1"]
  ) {
    const text = lua.includes("=") || lua.includes("(") ? lua : `return ${lua}`;
    assertThrows(
      () => bench.load(text, "other"),
      ErrorReply,
      "ERR Error registering functions: ERR user_function:2:",
    );
  }
  assertThrows(() => bench.call("missing"));
  assertThrows(() => bench.call("set"));
  assertThrows(() => bench.call("kept"));
  // After a failure too, functions see what they saw before.
  assertEquals(bench.call("names"), "tablefunctionnil");
});

Deno.test("functions that registered each other's helpers find the globals of their time", () => {
  const bench = new Bench();
  bench.load(`
    local function where() return redis.call ~= nil and 'running' end
    local function register(name, body) redis.register_function(name, body) end
    register('where', function() return where() end)
    register('table', function() return table.concat({'a', 'b'}, '-') end)
  `);
  assertEquals(bench.call("where"), "running");
  assertEquals(bench.call("table"), "a-b");
  assertThrows(
    () => bench.load("local function f() return redis.call end f()", "other"),
    ErrorReply,
    "nonexistent 'call'",
  );
});

Deno.test("state of a library is its own, and a library in its place begins anew", () => {
  const bench = new Bench();
  const counter = "local n = 0 " + registering("n = n + 1 return n");
  bench.load(counter, "a");
  bench.load(counter.replace("'f'", "'g'"), "b");
  assertEquals([bench.call("f"), bench.call("f"), bench.call("g")], [1, 2, 1]);
  bench.load(counter, "a", true);
  assertEquals([bench.call("f"), bench.call("g")], [1, 2]);
  assertThrows(() => bench.load(counter + " nosuch()", "a", true), ErrorReply);
  assertEquals(bench.call("f"), 2);
});

Deno.test("a library that does not end loading is stopped, and what it registered is nowhere", () => {
  const bench = new Bench();
  const endless = [
    "while true do end",
    "local function f() return f() end f()",
    "for i = 1, 1e15 do end",
    "local t = {} while true do t[#t + 1] = {} if #t > 10 then t = {} end end",
  ];
  for (const lua of endless) {
    assertThrows(
      () => bench.load(registering("") + " " + lua),
      ErrorReply,
      "ERR Error registering functions: ERR FUNCTION LOAD timeout",
    );
    assertEquals(bench.functions.libraries.count, 0);
    assertEquals(bench.functions.libraries.functions.named("f"), undefined);
  }
  bench.load(registering("return 5"));
  assertEquals(bench.call("f"), 5);
});

Deno.test("a library that recurses without end is stopped by an error of Lua's", () => {
  const bench = new Bench(1000);
  assertThrows(
    () => bench.load("local function f() return 1 + f() end f()"),
    ErrorReply,
    "ERR Error registering functions: ERR user_function:2: stack overflow",
  );
});

Deno.test("text that does not compile is told as such, with its line", () => {
  const bench = new Bench();
  assertThrows(
    () => bench.load("\n\nlocal = 5"),
    ErrorReply,
    "ERR Error compiling function: user_function:4: '<name>' expected near '='",
  );
  assertThrows(
    () => bench.load("x ="),
    ErrorReply,
    "ERR Error compiling function: user_function:2: unexpected symbol near '<eof>'",
  );
});

Deno.test("the host is asked also where many short calls do together what a long one does", () => {
  const bench = new Bench();
  bench.load("local kept = {} " + registering("for i = 1, 100 do kept[#kept + 1] = {} end"));
  const { code } = bench.functions.libraries.functions.named("f")!;
  bench.turns = 0;
  for (let i = 0; i < 500; i++) bench.engine.start(code, []);
  assertEquals(bench.turns >= 4 && bench.turns <= 6, true, `${bench.turns} turns`);
});
