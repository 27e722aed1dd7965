// Double text: tables of edges, and round trips at random.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatDouble,
  MAX_DOUBLE_BYTES,
  parseDouble,
  parseSaturatedDouble,
  writeDouble,
} from "../../../structures/numbers/double_text.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Parsed in the middle of other digits, so that reading past the ends would show. */
function parse(text: string): number {
  const bytes = encoder.encode(`77${text}77`);
  return parseDouble(bytes, 2, bytes.length - 4);
}

Deno.test("doubles are printed in the shortest form", () => {
  const table: [number, string][] = [
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-1, "-1"],
    [3.5, "3.5"],
    [0.1, "0.1"],
    [-0.25, "-0.25"],
    [1 / 3, "0.3333333333333333"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
    [1e15, "1000000000000000"],
    [1e17, "100000000000000000"],
    [2 ** 53, "9007199254740992"],
    [2 ** 53 + 2, "9007199254740994"],
    [2 ** 62, "4611686018427387904"],
    [-(2 ** 62), "-4611686018427387904"],
    [2 ** 63, "9223372036854776000"],
    [1e19, "1e+19"],
    [1e20, "1e+20"],
    [-1e20, "-1e+20"],
    [1.5e300, "1.5e+300"],
    [1e100, "1e+100"],
    [1e-5, "0.00001"],
    [1e-6, "0.000001"],
    [1e-7, "1e-7"],
    [1.5e-7, "1.5e-7"],
    [0.000123, "0.000123"],
    [0.00012345678, "1.2345678e-4"],
    [0.001, "0.001"],
    [0.000999, "0.000999"],
    [0.0009999, "9.999e-4"],
    [0.00099999999, "9.9999999e-4"],
    [-9999.999999999998, "-9999.999999999998"],
    [10000.5, "10000.5"],
    [0.0012345678901234, "0.0012345678901234"],
    [999.00000001, "999.00000001"],
    [1.00000001, "1.00000001"],
    [1e4 + 1e-6, "10000.000001"],
    [12345.678901234, "1.2345678901234e+4"],
    // Where Grisu2 finds a digit too many, and where it is half way between two.
    [-49697871.421195246, "-4.9697871421195246e+7"],
    [2.4758800785707606e+27, "2.4758800785707606e+27"],
    [1616710415554739.25, "1616710415554739.3"],
    [206489999997195.625, "206489999997195.63"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [Number.MIN_VALUE, "5e-324"],
    [-2.2250738585072014e-308, "-2.2250738585072014e-308"],
  ];
  for (const [value, text] of table) assertEquals(formatDouble(value), text);
});

Deno.test("doubles read back as they were, in few bytes, both ways of writing alike", () => {
  const bytes = new Uint8Array(MAX_DOUBLE_BYTES + 4);
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const text = formatDouble(value);
      assert(text.length <= MAX_DOUBLE_BYTES);
      assert(Object.is(parse(text), value), text);
      const end = writeDouble(bytes, 2, value);
      assertEquals(decoder.decode(bytes.subarray(2, end)), text);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("doubles are read as strtod() reads them", () => {
  const table: [string, number][] = [
    ["0", 0],
    ["-0", -0],
    ["+0", 0],
    ["007", 7],
    ["1e22", 1e22],
    ["123456789012345e-22", 123456789012345e-22],
    [".000000123456E+7", 1.23456],
    ["1e+5", 1e5],
    ["1.", 1],
    [".5", 0.5],
    ["-.5", -0.5],
    ["+1.5", 1.5],
    ["1e3", 1000],
    ["1E+3", 1000],
    ["1.e-3", 0.001],
    ["123456789012345", 123456789012345],
    ["1234567890123456", 1234567890123456],
    ["0.123456789012345", 0.123456789012345],
    ["0.1234567890123456", 0.1234567890123456],
    ["9007199254740993", 9007199254740992],
    ["179769313486231570000e288", 1.7976931348623157e308],
    ["4.9e-324", 5e-324],
    ["2.4703282292062328e-324", 5e-324],
    ["0e999999", 0],
    ["0.0000e-999999", 0],
    ["inf", Infinity],
    ["+inf", Infinity],
    ["-INF", -Infinity],
    ["Infinity", Infinity],
    ["-infinity", -Infinity],
    ["0x10", 16],
    ["-0X1F", -31],
    ["0x1p3", 8],
    ["0x.8p1", 1],
    ["0x8.", 8],
    ["0x1.8P-1", 0.75],
    ["0x0p99999", 0],
    ["0x1p-1074", 5e-324],
    ["0x1.8p-1074", 1e-323],
    ["0x1p1023", 2 ** 1023],
    ["0x1fffffffffffff", 2 ** 53 - 1],
    ["0x20000000000001", 2 ** 53],
    ["0x20000000000003", 2 ** 53 + 4],
    ["0x20000000000001.00000000000000000001", 2 ** 53 + 2],
    ["0x" + "0".repeat(40) + "1" + "0".repeat(10), 2 ** 40],
  ];
  for (const [text, value] of table) {
    assert(Object.is(parse(text), value), `${text} ${parse(text)}`);
  }
});

Deno.test("what is no number, or no double, is refused", () => {
  const texts = [
    ..."+ - . +. -. e e1 .e1 1e 1e+ 1e- 1ee1 1.2.3 1,5 --1 +-1 1- 1f 1d 0x 0x. 0xp1 0x1p".split(
      " ",
    ),
    ..."0xg 1x 0b1 nan NaN -nan nan(1) in infi infinit infinityy i 1e400 -1e400 1e-400".split(" "),
    ..."0x1p1024 0x1p-1075 0x1p-99999999999999999999 0x1p99999999999999999999 ١".split(" "),
    "",
    " 1",
    "1 ",
    "1\n",
    "1\0",
    "1 2",
    "9".repeat(400),
    "1".repeat(100_000) + "x",
    "0x" + "1".repeat(100_000) + "x",
    "0".repeat(1024 * 1024) + "1",
  ];
  for (const text of texts) assert(Number.isNaN(parse(text)), JSON.stringify(text.slice(0, 50)));
});

Deno.test("what no double can hold saturates where it is asked to", () => {
  const table: [string, number][] = [
    ["1e400", Infinity],
    ["-1e400", -Infinity],
    ["9".repeat(400), Infinity],
    ["1e-400", 0],
    ["-1e-400", -0],
    ["0x1p1024", Infinity],
    ["-0x1p99999999999999999999", -Infinity],
    ["0x1p-1075", 0],
    ["-0x1p-99999999999999999999", -0],
    ["inf", Infinity],
    ["1.5", 1.5],
    ["0x1p-1074", 5e-324],
    ["nan", NaN],
    ["", NaN],
    ["1e", NaN],
    ["0x", NaN],
  ];
  for (const [text, value] of table) {
    const bytes = encoder.encode(`7${text}7`);
    assert(Object.is(parseSaturatedDouble(bytes, 1, bytes.length - 2), value), text);
  }
});

Deno.test("random number-like text is read as Number() reads it", () => {
  const text = fc.string({ unit: fc.constantFrom(..."0123456789.-+e"), maxLength: 24 });
  fc.assert(
    fc.property(text, (text) => {
      const value = parse(text);
      const valid = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/.test(text);
      const expected = valid ? Number(text) : NaN;
      const lost = expected === 0 && /[1-9]/.test(text.replace(/e.*/, ""));
      assert(Object.is(value, Number.isFinite(expected) && !lost ? expected : NaN), text);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("random hexadecimal text is read exactly", () => {
  const mantissa = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(mantissa, fc.integer({ min: -1100, max: 500 }), (mantissa, exponent) => {
      // Two steps of scaling round once: the first is exact, as the mantissa stays normal.
      const value = mantissa * 2 ** -500 * 2 ** (exponent + 500);
      const expected = Number.isFinite(value) && value !== 0 ? value : NaN;
      assert(Object.is(parse(`0x${mantissa.toString(16)}p${exponent}`), expected));
    }),
    { numRuns: 1000 },
  );
});
