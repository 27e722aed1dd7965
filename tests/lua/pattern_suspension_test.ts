// Searches that are stopped at every step, never end, or call functions that stop or fail.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Matcher } from "../../lua/library/patterns/matcher.ts";
import { patternOf } from "../../lua/library/patterns/pattern.ts";
import { openString } from "../../lua/library/string.ts";
import type { Frame } from "../../lua/runtime/frame.ts";
import { LuaError } from "../../lua/runtime/lua_error.ts";
import { LuaFunction } from "../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { type Machine, SUSPENSION } from "../../lua/runtime/machine.ts";
import { operationsOf } from "../../lua/runtime/operations.ts";
import type { Code } from "../../lua/runtime/lua_function.ts";
import {
  answerOf,
  assertCanBeEnded,
  functionOf,
  patientMachine,
  restlessMachine,
} from "./harness/library_calls.ts";

const subjects = fc.string({ unit: fc.constantFrom(..."aaabbc,( )"), maxLength: 30 });
const patterns = fc.array(
  fc.constantFrom(
    "a",
    "b",
    ".",
    "%a",
    "[^,]",
    "*",
    "-",
    "+",
    "?",
    "(a*)",
    "(.-)",
    "()",
    ",",
    "%b()",
    "%1",
    "$",
  ),
  { maxLength: 7 },
).map((pieces) => pieces.join(""));

/** What a search finds, paid in portions. */
function found(source: string, subject: string, portion: number): unknown {
  const matcher = new Matcher();
  const pattern = patternOf(source);
  try {
    matcher.begin(pattern, subject, 0);
    for (;;) {
      const outcome = matcher.search({ budget: portion });
      if (outcome === "none") return outcome;
      if (outcome === "paused") continue;
      return [matcher.start, matcher.end, ...pattern.captures.map((_, i) => matcher.capture(i))];
    }
  } catch (error) {
    if (error instanceof LuaError) return error.value;
    throw error;
  }
}

Deno.test("a search that stops behind each step finds the same", () => {
  fc.assert(
    fc.property(patterns, subjects, (source, subject) => {
      assertEquals(found(source, subject, 0), found(source, subject, 1e9));
    }),
    { numRuns: 2000 },
  );
});

const EXPLODING: readonly [string, string][] = [
  ["a".repeat(60), ".-.-.-.-.-.-.-b"],
  ["a".repeat(40), "a*a*a*a*a*a*a*a*b"],
  ["a".repeat(60), "(a?)(a*)%1(a*)%2(a*)%3(a-)%4b"],
  ["(".repeat(200_000), "%b()x"],
  ["a".repeat(300_000), "a*c"],
];

for (const [subject, pattern] of EXPLODING) {
  Deno.test(`a search for ${pattern} can be stopped, and ended for good`, () => {
    for (const name of ["find", "match", "gsub"]) {
      const args = [subject, pattern, name === "gsub" ? "" : 1];
      assertCanBeEnded((machine) => openString(machine, operationsOf(machine)), name, args);
    }
  });
}

Deno.test("a long text is found in a longer one, and looking for it can be ended", () => {
  const machine = patientMachine();
  const library = openString(machine, operationsOf(machine));
  const subject = "a".repeat(15_000) + "b";
  const wanted = "a".repeat(14_500) + "b";
  const find = functionOf(library, "find");
  assertEquals(answerOf(machine, find, [subject, wanted]), "true\t501\t15001");
  assertEquals(answerOf(machine, find, [subject, wanted, 1, true]), "true\t501\t15001");
  assertEquals(answerOf(machine, find, [subject, wanted + "c", 1, true]), "true\tnil");
  const worst = "b" + "a".repeat(100_000);
  const open = (machine: Machine) => openString(machine, operationsOf(machine));
  assertCanBeEnded(open, "find", ["a".repeat(1_000_000), worst.slice(1) + "b", 1, true]);
});

/** A function whose calls are left in the middle, and answer when they are resumed. */
function leaving(machine: Machine, answer: (argument: string) => string): LuaFunction {
  const code: Code = (_, argument) => {
    const frame: Frame = {
      resume: () => answer(argument as string),
      fail(error) {
        throw error;
      },
    };
    try {
      machine.suspend("tick");
    } catch (thrown) {
      if (thrown === SUSPENSION) machine.leave(frame);
      throw thrown;
    }
  };
  return new LuaFunction(code, [], undefined, undefined);
}

Deno.test("gsub goes on where its function was left in the middle", () => {
  const machine = patientMachine();
  const library = openString(machine, operationsOf(machine));
  const shout = leaving(machine, (word) => word.toUpperCase());
  const gsub = functionOf(library, "gsub");
  assertEquals(answerOf(machine, gsub, ["one two", "%a+", shout]), 'true\t"ONE TWO"\t2');
  assertEquals(answerOf(machine, gsub, ["one two", "%a+", shout, 1]), 'true\t"ONE two"\t1');
  const failing = leaving(machine, () => {
    throw new LuaError("broken", 0);
  });
  assertEquals(answerOf(machine, gsub, ["one two", "%a+", failing]), 'false\t"broken"');
  // The boundaries that a failed call has entered are left again.
  assertEquals(machine.boundaries, 1);
  assertEquals(answerOf(machine, gsub, ["one two", "%a+", shout]), 'true\t"ONE TWO"\t2');
});

Deno.test("gsub asks a table's __index for what it has not", () => {
  const machine = patientMachine();
  const library = openString(machine, operationsOf(machine));
  const table = new LuaTable();
  table.set("a", "1");
  const metatable = new LuaTable();
  metatable.set("__index", leaving(machine, () => "other"));
  table.metatable = metatable;
  const gsub = functionOf(library, "gsub");
  assertEquals(answerOf(machine, gsub, ["a b", "%a", table]), 'true\t"1 other"\t2');
});

Deno.test("a function of gsub's may search itself", () => {
  const machine = patientMachine();
  const library = openString(machine, operationsOf(machine));
  const gsub = functionOf(library, "gsub");
  const inner = new LuaFunction(
    (_, word) => gsub.code(gsub, word, "(.)", "%1."),
    [],
    undefined,
    undefined,
  );
  assertEquals(answerOf(machine, gsub, ["ab cd", "%a+", inner]), 'true\t"a.b. c.d."\t2');
});

Deno.test("searches and substitutions are the same where the machine is stopped at every turn", () => {
  const { machine, turns } = restlessMachine();
  const restless = openString(machine, operationsOf(machine));
  const calm = patientMachine();
  const patient = openString(calm, operationsOf(calm));
  const text = "key=value; ".repeat(20_000);
  const cases: [string, string, string][] = [
    ["gsub", "(%w+)=(%w+)", "%2=%1"],
    ["gsub", "%s*;%s*", ","],
    ["gsub", "%w", "x"],
    ["gsub", "key", "lock"],
    ["find", ".-=.-;.-$", ""],
    ["match", "^(.*)=(.-);.*$", ""],
  ];
  for (const [name, pattern, replacement] of cases) {
    const args = name === "gsub" ? [text, pattern, replacement] : [text, pattern];
    const before = turns();
    const ours = answerOf(machine, functionOf(restless, name), args);
    assertEquals(
      ours === answerOf(calm, functionOf(patient, name), args),
      true,
      `${name} ${pattern}`,
    );
    assertEquals(
      turns() > before + (name === "match" ? 1 : 20),
      true,
      `${name} ${pattern} was not stopped`,
    );
  }
});
