// Operations on values of all types: metamethods that run at once and such that are left in the middle,
// chains, and what values have no operation for.

import { assertEquals, assertThrows } from "@std/assert";
import { OperandFault } from "../../lua/runtime/fault.ts";
import { LuaError } from "../../lua/runtime/lua_error.ts";
import type { LuaFunction } from "../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { Machine } from "../../lua/runtime/machine.ts";
import { moduloOf, operationsOf, powerOf } from "../../lua/runtime/operations.ts";
import { type LuaValue, type Results } from "../../lua/runtime/value.ts";
import { Userdata } from "../../lua/runtime/userdata.ts";
import { outcomeOf, plainFunction, suspendingFunction } from "./harness/suspending.ts";

const machine = new Machine({ turn: () => "continue" });
const operations = operationsOf(machine);

type Run = (...args: LuaValue[]) => Results;

function tableWith(name: string, method: LuaValue): LuaTable {
  const table = new LuaTable();
  table.metatable = new LuaTable();
  table.metatable.set(name, method);
  return table;
}

/** Does something with a table whose metamethod runs at once, and with one that is left: both answer so. */
function assertAnswers(
  name: string,
  method: Run,
  use: (table: LuaTable) => Results,
  expected: Results,
): void {
  const kinds: [LuaFunction, number][] = [
    [plainFunction(method), 0],
    [suspendingFunction(machine, method), 1],
  ];
  for (const [callee, stops] of kinds) {
    const outcome = outcomeOf(machine, () => use(tableWith(name, callee)));
    assertEquals(outcome, { results: expected, stops }, name);
    assertEquals(machine.boundaries, 1, name);
  }
}

/** The error of something, as its text, level and, for an operand, its number. */
function errorOf(run: () => unknown): [LuaValue, number, number?] {
  const error = assertThrows(run) as unknown as LuaError;
  return error instanceof OperandFault
    ? [error.value, error.level, error.operand]
    : [error.value, error.level];
}

Deno.test("a metamethod answers one value for each operation, whether it runs at once or stops", () => {
  const answer: Run = (left, right) => [left instanceof LuaTable ? "left" : "right", right];
  const none: Run = () => [];
  assertAnswers("__index", (_, key) => [`<${key}>`, 2], (t) => operations.index(t, "k"), "<k>");
  assertAnswers("__index", none, (t) => operations.index(t, "k"), undefined);
  for (const name of ["add", "subtract", "multiply", "divide", "modulo", "power"] as const) {
    const event = { add: "add", subtract: "sub", multiply: "mul", divide: "div", modulo: "mod" };
    const full = `__${name === "power" ? "pow" : event[name]}`;
    assertAnswers(full, answer, (t) => operations[name](t, 1), "left");
    assertAnswers(full, answer, (t) => operations[name]("1", t), "right");
  }
  assertAnswers("__unm", (a, b) => a === b, (t) => operations.negate(t), true);
  assertAnswers("__lt", () => [0, false], (t) => operations.less(t, t), true);
  assertAnswers("__lt", none, (t) => operations.less(t, t), false);
  assertAnswers("__le", () => false, (t) => operations.lessOrEqual(t, t), false);
  assertAnswers("__lt", () => false, (t) => operations.lessOrEqual(t, t), true);
  assertAnswers("__lt", () => "yes", (t) => operations.lessOrEqual(t, t), false);
  assertAnswers("__call", (_, ...rest) => rest, (t) => operations.callValue(t, [1, 2]), [1, 2]);
});

Deno.test("__newindex is given all three, and its results go nowhere", () => {
  const seen: LuaValue[][] = [];
  const method: Run = (_, key, value) => {
    seen.push([key, value]);
    return [1, 2];
  };
  for (const make of [plainFunction, (run: Run) => suspendingFunction(machine, run)]) {
    const table = tableWith("__newindex", make(method));
    table.set("old", 1);
    const { error } = outcomeOf(machine, () => {
      operations.setIndex(table, "old", 2);
      operations.setIndex(table, "new", 3);
      return [];
    });
    assertEquals([error, table.get("old"), table.get("new")], [undefined, 2, undefined]);
  }
  assertEquals(seen, [["new", 3], ["new", 3]]);
});

Deno.test("a concatenation goes on from right to left behind a metamethod that stopped", () => {
  const show: Run = (left, right) =>
    `(${left instanceof LuaTable ? "T" : left}|${right instanceof LuaTable ? "T" : right})`;
  const cases: [(t: LuaTable) => LuaValue[], string][] = [
    [(t) => ["a", t], "(a|T)"],
    [(t) => ["a", 1, t], "a(1|T)"],
    [(t) => [t, "a", 1.5], "(T|a1.5)"],
    [(t) => ["a", t, "b", "c"], "a(T|bc)"],
  ];
  for (const [values, expected] of cases) {
    assertAnswers("__concat", show, (t) => operations.concat(values(t)), expected);
  }
  const twice = suspendingFunction(machine, show);
  const table = tableWith("__concat", twice);
  const outcome = outcomeOf(machine, () => operations.concat([table, table, "x"]));
  assertEquals(outcome, { results: "(T|(T|x))", stops: 2 });
});

Deno.test("equality asks only where both have the same metamethod", () => {
  const same = plainFunction(() => 1);
  const [a, b] = [tableWith("__eq", same), tableWith("__eq", same)];
  assertEquals(operations.equal(a, b), true);
  assertEquals(operations.equal(a, tableWith("__eq", plainFunction(() => 1))), false);
  assertEquals(operations.equal(a, new LuaTable()), false);
  assertEquals(operations.equal(a, "a"), false);
  const [u, v] = [new Userdata("u"), new Userdata("v")];
  u.metatable = v.metatable = a.metatable;
  assertEquals([operations.equal(u, v), operations.equal(u, a)], [true, false]);
  assertEquals(operations.equal(NaN, NaN), false);
  const left = suspendingFunction(machine, () => false);
  const outcome = outcomeOf(
    machine,
    () => operations.equal(tableWith("__eq", left), tableWith("__eq", left)),
  );
  assertEquals(outcome, { results: false, stops: 1 });
});

Deno.test("the length of a table is never asked of a metamethod, of userdata it is", () => {
  const table = tableWith("__len", plainFunction(() => 99));
  assertEquals([operations.length(table), operations.length("abc")], [0, 3]);
  const data = new Userdata("u");
  data.metatable = table.metatable;
  assertEquals(operations.length(data), 99);
});

Deno.test("strings stand for numbers, and numbers for strings", () => {
  assertEquals(operations.add("10", " 0x10 "), 26);
  assertEquals(operations.negate("2"), -2);
  assertEquals(operations.concat([1, 2]), "12");
  assertEquals(errorOf(() => operations.less(1, "2")), [
    "attempt to compare number with string",
    1,
  ]);
});

Deno.test("a chain of __index and __newindex is followed, and ends", () => {
  const last = new LuaTable();
  last.set("x", 7);
  let chain = last;
  for (let i = 0; i < 99; i++) chain = tableWith("__index", chain);
  assertEquals(operations.index(chain, "x"), 7);
  chain = tableWith("__index", chain);
  assertEquals(errorOf(() => operations.index(chain, "x")), ["loop in gettable", 1]);
  const loop = tableWith("__newindex", undefined);
  loop.metatable?.set("__newindex", loop);
  assertEquals(errorOf(() => operations.setIndex(loop, "x", 1)), ["loop in settable", 1]);
});

Deno.test("what values have no operation for", () => {
  const { index, setIndex, add, concat, length, less, callValue, negate } = operations;
  assertEquals(errorOf(() => index(undefined, 1)), ["attempt to index a nil value", 1, 0]);
  assertEquals(errorOf(() => setIndex(true, 1, 1)), ["attempt to index a boolean value", 1, 0]);
  assertEquals(
    errorOf(() => index(tableWith("__index", 5), 1)),
    ["attempt to index a number value", 1],
  );
  assertEquals(
    errorOf(() => add(1, "x")),
    ["attempt to perform arithmetic on a string value", 1, 1],
  );
  assertEquals(
    errorOf(() => add(new LuaTable(), undefined)),
    ["attempt to perform arithmetic on a table value", 1, 0],
  );
  assertEquals(
    errorOf(() => negate(undefined)),
    ["attempt to perform arithmetic on a nil value", 1, 0],
  );
  assertEquals(
    errorOf(() => concat(["a", undefined, "b"])),
    ["attempt to concatenate a nil value", 1, 1],
  );
  assertEquals(
    errorOf(() => concat(["a", "b", true])),
    ["attempt to concatenate a boolean value", 1, 2],
  );
  assertEquals(errorOf(() => length(5)), ["attempt to get length of a number value", 1, 0]);
  assertEquals(
    errorOf(() => less(new LuaTable(), new LuaTable())),
    ["attempt to compare two table values", 1],
  );
  assertEquals(
    errorOf(() => less(undefined, 1)),
    ["attempt to compare nil with number", 1],
  );
  assertEquals(errorOf(() => callValue(5, [])), ["attempt to call a number value", 1, 0]);
  const nested = tableWith("__call", tableWith("__call", plainFunction(() => 1)));
  assertEquals(errorOf(() => callValue(nested, [])), ["attempt to call a table value", 1, 0]);
  assertEquals(
    errorOf(() => add(tableWith("__add", 5), 1)),
    ["attempt to call a number value", 1],
  );
});

Deno.test("a read-only table and an impossible key fail before __newindex is asked", () => {
  const table = tableWith("__newindex", plainFunction(() => []));
  assertEquals(errorOf(() => operations.setIndex(table, undefined, 1)), ["table index is nil", 1]);
  assertEquals(errorOf(() => operations.setIndex(table, NaN, 1)), ["table index is NaN", 1]);
  table.isReadonly = true;
  assertEquals(
    errorOf(() => operations.setIndex(table, "x", 1)),
    ["Attempt to modify a readonly table", 1],
  );
});

Deno.test("metamethods in each other end before the native stack does", () => {
  const table = tableWith("__index", undefined);
  let depth = 0;
  table.metatable?.set(
    "__index",
    plainFunction((t, key) => {
      depth++;
      return operations.index(t, key);
    }),
  );
  const { error } = outcomeOf(machine, () => operations.index(table, "x"));
  // 199 calls lie within each other, the first of which is the program's own.
  assertEquals([error, depth], [{ value: "C stack overflow", level: 1 }, 198]);
  assertEquals(machine.boundaries, 1);
});

Deno.test("an error passes operations that were left", () => {
  const method = suspendingFunction(machine, () => {
    throw new LuaError("from within", 2);
  });
  const table = tableWith("__index", method);
  table.metatable?.set("__newindex", method);
  table.metatable?.set("__concat", method);
  for (
    const run of [
      () => operations.index(table, "x"),
      () => operations.concat(["a", table, "b"]),
      () => operations.setIndex(table, "x", 1) as undefined,
    ]
  ) {
    const outcome = outcomeOf(machine, run);
    assertEquals(outcome, { error: { value: "from within", level: 2 }, stops: 1 });
    assertEquals(machine.boundaries, 1);
  }
});

Deno.test("remainders and powers are C's, not JavaScript's", () => {
  assertEquals(
    [moduloOf(5, 3), moduloOf(-5, 3), moduloOf(5, -3), moduloOf(5.5, 2)],
    [2, 1, -1, 1.5],
  );
  assertEquals([moduloOf(5, 0), moduloOf(5, Infinity)], [NaN, NaN]);
  assertEquals([powerOf(1, NaN), powerOf(-1, Infinity), powerOf(NaN, 0), powerOf(2, 10)], [
    1,
    1,
    1,
    1024,
  ]);
});
