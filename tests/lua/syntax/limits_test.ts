// Lua's limits, at their edges, with the words of redis-server 7.2.4; and texts that are made to break a
// parser.

import { assert, assertEquals } from "@std/assert";
import { parsed } from "./parsed.ts";

const SYMBOL = "1: chunk has too many syntax levels";

function repeat(count: number, part: (i: number) => string, separator = ""): string {
  return Array.from({ length: count }, (_, i) => part(i)).join(separator);
}

function variables(count: number): string {
  return repeat(count, (i) => `a${i}`, ",");
}

function nested(count: number, before: string, within: string, after: string): string {
  return before.repeat(count) + within + after.repeat(count);
}

/** What is accepted up to a count, and the message from the next on. */
const LIMITS: [name: string, most: number, text: (count: number) => string, message: string][] = [
  ["parentheses", 198, (n) => "return " + nested(n, "(", "1", ")"), SYMBOL],
  ["unary operators", 198, (n) => "return " + "- ".repeat(n) + "x", "1: chunk"],
  ["blocks", 199, (n) => nested(n, "do ", "", " end"), SYMBOL],
  ["functions", 99, (n) => "return " + nested(n, "function () return ", "1", " end"), SYMBOL],
  ["concatenations", 198, (n) => "return " + "a..".repeat(n) + "b", "1: chunk has too many"],
  ["powers", 198, (n) => "return " + "a^".repeat(n) + "b", "1: chunk has too many"],
  ["tables in tables", 198, (n) => "return " + nested(n, "{", "{}", "}"), SYMBOL],
  ["calls in arguments", 198, (n) => "return " + nested(n, "f(", "1", ")"), SYMBOL],
  [
    "local variables",
    200,
    (n) => "local " + variables(n),
    "1: main function has more than 200 local variables",
  ],
  [
    "parameters",
    200,
    (n) => `\n\nfunction f(${variables(n)}) end`,
    "3: function at line 3 has more than 200 local variables",
  ],
  [
    "variables with a loop's own",
    196,
    (n) => repeat(n, (i) => `local a${i} `) + "for i = 1, 2 do end",
    "1: main function has more than 200 local variables",
  ],
  [
    "upvalues",
    60,
    (n) => `local ${variables(n)}\nfunction f() return ${variables(n)} end`,
    "2: function at line 2 has more than 60 upvalues",
  ],
  [
    "targets",
    200,
    (n) => variables(n) + " = 1",
    "1: main function has more than 199 variables in assignment",
  ],
  [
    "arguments",
    248,
    (n) => `f(${repeat(n, () => "x", ",")})`,
    "1: function or expression too complex near '<eof>'",
  ],
  [
    "returned values",
    249,
    (n) => "return " + repeat(n, () => "x", ","),
    "1: function or expression too complex near '<eof>'",
  ],
];

for (const [name, most, text, message] of LIMITS) {
  Deno.test(`a limit: ${name}`, () => {
    assertEquals(parsed(text(most)), "");
    const found = parsed(text(most + 1));
    assert(found.startsWith(`s:${message}`), `found ${found}`);
  });
}

Deno.test("what Lua does not limit may be long", () => {
  for (
    const text of [
      "return a" + " + a".repeat(100_000),
      "return a" + " and a".repeat(100_000),
      "return a" + ".b".repeat(100_000),
      "return a" + "()".repeat(100_000),
      "return a" + "[1]".repeat(100_000),
      "a" + ":b()".repeat(100_000),
      "if a then " + "elseif b then ".repeat(100_000) + " end",
      "return {" + "{},".repeat(100_000) + "}",
      "return {" + "a = 1,".repeat(100_000) + "}",
      repeat(100_000, (i) => `a${i % 100} = ${i % 100}\n`),
    ]
  ) assertEquals(parsed(text), "", text.slice(0, 30));
});

Deno.test("constants have a limit", () => {
  const table = (count: number) => `return {${repeat(count, String, ",")}}`;
  assertEquals(parsed(table(262_143)), "");
  assertEquals(parsed(table(262_144)), "constant table overflow");
  // The same one over and over is one.
  assertEquals(parsed(`return {${"1,".repeat(400_000)}}`), "");
});

Deno.test("declarations have a limit", () => {
  const text = (count: number) => "do local a end ".repeat(count);
  assertEquals(parsed(text(32_767)), "");
  assertEquals(parsed(text(32_768)), "too many local variables");
});

Deno.test("a jump has a limit", () => {
  const text = (count: number) => `while a do ${"b = c ".repeat(count)} end`;
  assertEquals(parsed(text(65_000)), "");
  assertEquals(parsed(text(66_000)), "s:1: control structure too long near 'end'");
});

Deno.test("endless nesting ends in an error, whatever nests", () => {
  for (
    const part of [
      "(",
      "{",
      "{[",
      "{{},",
      "a[",
      "f(",
      "f{",
      "a.b:c(",
      "- ",
      "not ",
      "#",
      "function(",
      "function() return ",
      "a..",
      "2^",
      "a and (",
      "f(function() ",
    ]
  ) {
    for (const start of ["return ", "x = ", "local x = ", "f(", "if ", "for i = ", "for i in "]) {
      const found = parsed(start + part.repeat(100_000));
      assert(/too many syntax levels|near/.test(found), `${start}${part}: ${found}`);
    }
  }
  for (
    const part of [
      "do ",
      "while x do ",
      "repeat ",
      "if x then ",
      "if x then else ",
      "for i = 1, 2 do ",
      "for i in x do ",
      "function f() ",
      "local function f() ",
      "local x = function() ",
      "x = ",
      "a, ",
    ]
  ) {
    const found = parsed(part.repeat(100_000));
    assert(/too many syntax levels|near|more than/.test(found), `${part}: ${found}`);
  }
});
