// Numbers as text and text as numbers, beside Debian's lua5.1.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatGeneral, formatNumber } from "../../lua/runtime/number_text.ts";
import { parseInBase, parseNumber } from "../../lua/runtime/number_parsing.ts";
import { luaLiteral, runLua, withoutLua } from "./harness/lua_reference.ts";

const doubles = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ noNaN: true }).map(Math.fround),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -330, max: 310 }))
    .map(([digit, exponent]) => Number(`${digit}e${exponent}`)),
  // Half way between what 14 digits can tell.
  fc.tuple(fc.integer({ min: 1e13, max: 1e14 - 1 }), fc.integer({ min: 0, max: 8 }))
    .map(([digits, zeros]) => (digits * 10 + 5) * 10 ** zeros),
  fc.integer({ min: 1e13, max: 1e14 - 1 }).map((digits) => digits + 0.5),
  fc.integer({ min: 1e10, max: 1e11 - 1 }).map((digits) => digits + 0.0625),
);

Deno.test({
  name: "tostring prints numbers as lua5.1 does",
  ignore: withoutLua,
  async fn() {
    const numbers = fc.sample(doubles, 4000);
    numbers.push(0, -0, Infinity, -Infinity, 1e14, 99999999999999.5, 1e15, 0.0001, 0.00001, 1e-7);
    numbers.push(5e-324, Number.MAX_VALUE, 123456.5, 2 ** 53, 1e21, 1e22);
    const program = numbers.map((number) => `print(${luaLiteral(number)})`).join("\n");
    assertEquals(numbers.map(formatNumber), await runLua(program));
    assertEquals(formatNumber(NaN), "-nan");
  },
});

Deno.test("%.{n}g rounds halves to even", () => {
  assertEquals(formatGeneral(0.5, 1), "0.5");
  assertEquals(formatGeneral(2.5, 1), "2");
  assertEquals(formatGeneral(3.5, 1), "4");
  assertEquals(formatGeneral(25, 1), "2e+01");
  assertEquals(formatGeneral(35, 1), "4e+01");
  assertEquals(formatGeneral(0.125, 2), "0.12");
  assertEquals(formatGeneral(95, 1), "1e+02");
  assertEquals(formatGeneral(-1e-5, 3), "-1e-05");
});

const numerals = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."0123456789.eExXpP+- aAfFinINty\t\0"), maxLength: 9 }),
  doubles.map(String),
  fc.stringMatching(/^ ?[+-]?0x[0-9a-f]{0,20}(\.[0-9a-f]{0,4})?(p[+-]?\d{1,3})? ?$/),
  fc.stringMatching(/^\s?[+-]?\d{0,25}(\.\d{0,8})?(e[+-]?\d{1,3})?\s?$/),
  fc.constantFrom(
    "nan",
    "-nan",
    "nan(1)",
    "nan(",
    "inf",
    "-INF",
    "infinity",
    "infinite",
    "0x",
    "\v1\f",
  ),
);

Deno.test({
  name: "tonumber reads what lua5.1 reads",
  ignore: withoutLua,
  async fn() {
    const texts = fc.sample(numerals, 5000);
    const program =
      "local function p(n) print(n and (n ~= n and 'nan' or ('%.17g'):format(n))) end\n" +
      texts.map((text) => `p(tonumber(${luaLiteral(text)}))`).join("\n");
    const ours = texts.map((text) => {
      const number = parseNumber(text);
      if (number === undefined) return "nil";
      return Number.isNaN(number) ? "nan" : formatGeneral(number, 17);
    });
    assertEquals(ours, await runLua(program));
  },
});

Deno.test({
  name: "tonumber with a base reads what lua5.1 reads",
  ignore: withoutLua,
  async fn() {
    const cases = fc.sample(
      fc.tuple(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(..."0123456789abcxzAFXZ+- \t\0"), maxLength: 8 }),
          fc.stringMatching(/^-?(0x)?[0-9a-z]{1,24}$/),
          fc.stringMatching(/^ ?-?(0[xX])?[01]{1,70} ?$/),
        ),
        fc.integer({ min: 2, max: 36 }).map((base) => base === 10 ? 16 : base),
      ),
      5000,
    );
    const program = cases.map(([text, base]) =>
      `print((('%.17g'):format(tonumber(${luaLiteral(text)}, ${base}) or -1)))`
    ).join("\n");
    const ours = cases.map(([text, base]) => formatGeneral(parseInBase(text, base) ?? -1, 17));
    assertEquals(ours, await runLua(program));
  },
});
