// Extended precision against sums worked out by hand, and at the ends of its range.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  addExtended,
  type Extended,
  formatExtended,
  parseExtended,
  readExtended,
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

/** A number without zeros at the end of its mantissa. */
function shortest(number: Extended | undefined): Extended | undefined {
  if (number === undefined || number.mantissa === 0n) return number;
  let { mantissa, exponent } = number;
  for (; (mantissa & 1n) === 0n; mantissa >>= 1n) exponent++;
  return { mantissa, exponent };
}

Deno.test("extended: short decimals, which are read byte by byte, are the numbers of their texts", () => {
  const digits = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength });
  const texts = fc.oneof(
    fc.tuple(fc.constantFrom("", "-", "+"), digits(10), fc.constantFrom("", "."), digits(10))
      .map((parts) => parts.join("")),
    fc.string({ unit: fc.constantFrom(..."09.-+e x"), maxLength: 6 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const bytes = new TextEncoder().encode(`7${text}7`);
      assertEquals(
        shortest(readExtended(bytes, 1, text.length)),
        shortest(parseExtended(text)),
        text,
      );
    }),
    { numRuns: 3000 },
  );
  for (
    const text of ["999999999999999", "9.99999999999999", ".000000000000001", "0.5", "-0", "5."]
  ) {
    const bytes = new TextEncoder().encode(text);
    assertEquals(
      shortest(readExtended(bytes, 0, bytes.length)),
      shortest(parseExtended(text)),
      text,
    );
  }
});
