// The library `string`, beside Debian's lua5.1.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { openString } from "../../lua/library/string.ts";
import { operationsOf } from "../../lua/runtime/operations.ts";
import {
  answerOf,
  answersOfLua,
  calls,
  compareAnswers,
  functionOf,
  type LibraryCall,
  patientMachine,
} from "./harness/library_calls.ts";
import { valueOf } from "./harness/lua_values.ts";
import { withoutLua } from "./harness/lua_reference.ts";

async function compare(calls: LibraryCall[]): Promise<void> {
  const machine = patientMachine();
  const library = openString(machine, operationsOf(machine));
  const ours = calls.map(({ name, args }) =>
    answerOf(machine, functionOf(library, name), args.map(valueOf))
  );
  compareAnswers(calls, ours, await answersOfLua(calls));
}

const positions = fc.oneof(
  fc.integer({ min: -8, max: 8 }),
  fc.constantFrom(
    undefined,
    2.7,
    -2.7,
    "2",
    " 0x2 ",
    1e300,
    -1e300,
    2 ** 31,
    2 ** 32 + 1,
    NaN,
    "x",
    true,
  ),
);
const bytes = fc.string({ unit: fc.constantFrom(...'abcAZ \0\n\r"\\\xe9\xff09'), maxLength: 6 });
const subjects = fc.oneof(
  { weight: 9, arbitrary: bytes },
  fc.constantFrom(undefined, 12, -0.5, true),
);

Deno.test({
  name: "string.sub, byte, len, upper, lower, reverse, rep, char as in lua5.1",
  ignore: withoutLua,
  async fn() {
    const any = fc.array(fc.oneof(subjects, positions), { maxLength: 4 });
    const some: LibraryCall[] = [];
    for (const name of ["sub", "byte", "len", "upper", "lower", "reverse", "char", "dump"]) {
      some.push(...fc.sample(any, 150).map((args) => ({ name: `string.${name}`, args })));
    }
    for (const name of ["sub", "byte"]) {
      const args = fc.tuple(subjects, positions, positions);
      some.push(...fc.sample(args, 500).map((args) => ({ name: `string.${name}`, args })));
    }
    const short = fc.constantFrom<string | number | boolean | undefined>(
      0,
      1,
      2,
      3.9,
      -1,
      "3",
      undefined,
      "x",
      2 ** 32 + 2,
    );
    some.push(
      ...fc.sample(fc.tuple(subjects, short), 200).map((args) => ({ name: "string.rep", args })),
    );
    some.push(
      ...fc.sample(fc.array(fc.oneof(fc.nat(300), positions), { maxLength: 4 }), 200)
        .map((args) => ({ name: "string.char", args })),
    );
    some.push(...calls("string.byte", ["x".repeat(8000), 4, -1], ["x".repeat(8000), 1, -1]));
    await compare(some);
  },
});

const flags = fc.string({ unit: fc.constantFrom(..."-+ #0"), maxLength: 3 });
const directives = fc.tuple(
  fc.oneof({ weight: 3, arbitrary: fc.constant("") }, flags, fc.constantFrom("-+ #0-", "000000")),
  fc.constantFrom("", "", "1", "5", "12", "20", "99", "100"),
  fc.constantFrom("", "", ".", ".0", ".1", ".3", ".10", ".14", ".17", ".20", ".50", ".99", ".100"),
  fc.constantFrom(..."dddiuoxXeEfffgggGcsq%yaFlh\0", ""),
).map((parts) => "%" + parts.join(""));
const numbers = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer({ min: -40, max: 40 }).map((n) => n / 8),
  fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: -30, max: 30 }))
    .map(([digits, exponent]) => Number(`${digits}e${exponent}`)),
  fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -12, max: 60 }))
    .map(([digits, exponent]) => digits * 2 ** exponent),
  fc.constantFrom(
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
    1e300,
    -1e300,
    2 ** 53,
  ),
  fc.constantFrom(
    2 ** 63 - 1024,
    2 ** 64 - 2048,
    2 ** 31,
    -(2 ** 31) - 1,
    255.9,
    2.5,
    0.125,
    1e21,
    1e22,
  ),
);
const formatted = fc.oneof(
  { weight: 6, arbitrary: numbers },
  { weight: 2, arbitrary: bytes },
  fc.constantFrom<string | number | boolean | undefined>(
    undefined,
    true,
    "0x10",
    "ab\0c".repeat(30),
  ),
);

Deno.test({
  name: "string.format as in lua5.1",
  ignore: withoutLua,
  async fn() {
    const one = fc.sample(fc.tuple(directives, formatted), 6000);
    const several = fc.sample(
      fc.tuple(
        fc.array(fc.oneof(directives, bytes), { maxLength: 4 }).map((pieces) => pieces.join("")),
        fc.array(formatted, { maxLength: 4 }),
      ),
      2000,
    );
    await compare([
      ...one.map(([format, value]) => ({ name: "string.format", args: [`[${format}]`, value] })),
      ...several.map(([format, values]) => ({ name: "string.format", args: [format, ...values] })),
      ...calls("string.format", [], [undefined], [12], ["%"], ["%", 1], ["%d"], ["%d%%%d", 1, 2]),
    ]);
  },
});

// Alphabets that are small enough for patterns to match, and go wrong, often.
const patternPiece = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(..."ab.", "%a", "%d", "%s", "%W", "[ab]", "[^a]", "[a-c%d]"),
  },
  { weight: 3, arbitrary: fc.constantFrom(..."*+-?*+-?") },
  { weight: 2, arbitrary: fc.constantFrom("(", ")", "()", "(a", "b)", "(.-)", "(%w*)") },
  fc.constantFrom("^", "$", "%1", "%2", "%0", "%bab", "%f[%w]", "%f[a]", "%f[^b]", "%z", "%"),
  fc.constantFrom(
    "[",
    "]",
    "[]",
    "[^]",
    "[]a]",
    "[a-]",
    "[%",
    "[%]]",
    "%b",
    "%ba",
    "%f",
    "\0",
    "%.",
    "\xe9",
  ),
);
const patterns = fc.array(patternPiece, { maxLength: 7 }).map((pieces) => pieces.join(""));
const haystacks = fc.string({ unit: fc.constantFrom(..."aaabbbc1 \0\xe9"), maxLength: 12 });

Deno.test({
  name: "string.find and match as in lua5.1",
  ignore: withoutLua,
  async fn() {
    const init = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, positions);
    const args = fc.tuple(
      haystacks,
      patterns,
      init,
      fc.constantFrom<string | number | boolean | undefined>(undefined, undefined, true),
    );
    await compare([
      ...fc.sample(args, 12_000).map((args, i) => ({
        name: i % 2 === 0 ? "string.find" : "string.match",
        args: args.slice(0, args[2] === undefined && i % 3 > 0 ? 2 : 4),
      })),
      ...calls("string.find", [], ["a"], [undefined, "a"], ["a", undefined], [12, 2], [
        "a",
        "(".repeat(33),
      ]),
      ...calls("string.find", ["a", "()".repeat(33)], ["a", "()".repeat(32)], ["a\0b", "a\0*"], [
        "",
        "",
      ]),
      ...calls("string.match", [], ["key = value", "^(%w+)%s*=%s*(%w+)$"], [
        "2024-01-02",
        "(%d+)-(%d+)",
      ]),
    ]);
  },
});

Deno.test({
  name: "string.gsub with a text as in lua5.1",
  ignore: withoutLua,
  async fn() {
    const texts = fc.array(fc.constantFrom("x", "%0", "%1", "%2", "%%", "%a", "-", "\0"), {
      maxLength: 3,
    });
    const args = fc.tuple(
      haystacks,
      patterns,
      fc.oneof(
        { weight: 9, arbitrary: texts.map((pieces) => pieces.join("")) },
        fc.constantFrom(5, "%", true),
      ),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(undefined) },
        fc.integer({ min: -1, max: 4 }),
        positions,
      ),
    );
    await compare([
      ...fc.sample(args, 8000).map((args) => ({ name: "string.gsub", args })),
      ...calls("string.gsub", [], ["a"], ["a", "a"], ["a", "a", undefined], ["a", "a", true, "x"]),
    ]);
  },
});

Deno.test("string.rep refuses what no string can hold before it makes it", () => {
  const machine = patientMachine();
  const rep = functionOf(openString(machine, operationsOf(machine)), "rep");
  assertEquals(answerOf(machine, rep, ["x", 2 ** 31 - 1]), 'false\t"not enough memory"');
  assertEquals(answerOf(machine, rep, ["x".repeat(1000), 1e6]), 'false\t"not enough memory"');
  assertEquals(answerOf(machine, rep, ["", 2 ** 31 - 1]), 'true\t""');
  assert(answerOf(machine, rep, ["ab", 1000]).includes("abab"));
});
