// Extended precision against sums worked out by hand, and at the ends of its range.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  addExtended,
  formatExtended,
  parseExtended,
} from "../../../structures/numbers/extended_float.ts";

function sum(a: string, b: string): string {
  return formatExtended(addExtended(parseExtended(a)!, parseExtended(b)!));
}

Deno.test("extended: sums of decimals are what they look like", () => {
  assertEquals(sum("0.1", "0.2"), "0.3");
  assertEquals(sum("10.50", "0.1"), "10.6");
  assertEquals(sum("5.0e3", "2.0e2"), "5200");
  assertEquals(sum("1", "-1"), "0");
  assertEquals(sum("-0.5", "0.25"), "-0.25");
  assertEquals(sum("-1e-20", "0"), "0");
  assertEquals(sum("0x1.8p1", "0x.8"), "3.5");
});

Deno.test("extended: integers of 64 bits are exact, one bit more rounds to even", () => {
  assertEquals(sum("18446744073709551614", "1"), "18446744073709551615");
  assertEquals(sum("18446744073709551615", "1"), "18446744073709551616");
  assertEquals(sum("18446744073709551616", "1"), "18446744073709551616");
  assertEquals(sum("18446744073709551616", "3"), "18446744073709551620");
});

Deno.test("extended: what is too large or too small is no number", () => {
  for (const text of ["1e4933", "1e99999999", "1e-4960", "1e-99999999", "-1e4933", "0x1p16384"]) {
    assertEquals(parseExtended(text), undefined, text);
  }
  assertEquals(addExtended(parseExtended("1e4932")!, parseExtended("1e4932")!).exponent, Infinity);
  assertEquals(parseExtended("-inf"), { mantissa: -1n, exponent: Infinity });
  assertEquals(parseExtended("0e999999999")!.mantissa, 0n);
});

Deno.test("extended: text that is no number", () => {
  for (const text of ["", ".", "+", "1e", "1 ", " 1", "0x", "nan", "1_0", "--1", "1e1.5", "0x1p"]) {
    assertEquals(parseExtended(text), undefined, text);
  }
});

Deno.test("extended: integers below 2^63 come back as they were", () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), (value) => {
    assertEquals(formatExtended(parseExtended(String(value))!), String(value));
  }));
});
