// Sums of short decimals in plain numbers against extended precision: the same texts, or none.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  MAX_SHORT_SUM,
  NO_SHORT_SUM,
  writeShortSum,
} from "../../../structures/numbers/decimal_sum.ts";
import {
  addExtended,
  formatExtended,
  parseExtended,
} from "../../../structures/numbers/extended_float.ts";

/** The sum, undefined where it is not a short one. */
function shortSum(a: string, b: string): string | undefined {
  const target = new Uint8Array(MAX_SHORT_SUM);
  const [first, second] = [a, b].map((text) => new TextEncoder().encode(`1${text}1`));
  const length = writeShortSum(target, first, 1, a.length, second, 1, b.length);
  return length === NO_SHORT_SUM ? undefined : new TextDecoder().decode(target.subarray(0, length));
}

Deno.test("short sums are what extended precision prints", () => {
  const digits = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength });
  const text = fc.oneof(
    fc.tuple(fc.constantFrom("", "-", "+"), digits(2), fc.constant("."), digits(14)).map((all) =>
      all.join("")
    ),
    fc.tuple(fc.constantFrom("", "-"), digits(16)).map((all) => all.join("")),
    fc.tuple(fc.constantFrom("", "-"), digits(8), fc.constantFrom("", "."), digits(8)).map((all) =>
      all.join("")
    ),
  );
  let short = 0;
  fc.assert(
    fc.property(text, text, (a, b) => {
      const actual = shortSum(a, b);
      if (actual === undefined) return;
      short++;
      const [first, second] = [parseExtended(a), parseExtended(b)];
      assert(first !== undefined && second !== undefined, `${a} ${b}`);
      assertEquals(actual, formatExtended(addExtended(first, second)), `${a} + ${b}`);
    }),
    { numRuns: 5000 },
  );
  assert(short > 500, "some are short");
});

Deno.test("short sums: their ends, and what is none", () => {
  for (
    const [a, b, sum] of [
      ["0.1", "0.2", "0.3"],
      ["-0.1", "0.1", "0"],
      ["-0", "0", "0"],
      ["5.", ".5", "5.5"],
      ["10.50", "-0.5", "10"],
      ["39.9", "0.05", "39.95"],
      ["-20", "-19.99", "-39.99"],
      ["999999999999999", "1", "1000000000000000"],
      ["0.00000000000001", "1", "1.00000000000001"],
    ]
  ) assertEquals(shortSum(a, b), sum, `${a} + ${b}`);
  const none = [
    "",
    "-",
    ".",
    "1e5",
    "0x1",
    "inf",
    "nan",
    " 1",
    "1 ",
    "--1",
    "1.2.3",
    "1234567890123456",
  ];
  for (const text of none) {
    assertEquals(shortSum(text, "1"), undefined, text);
    assertEquals(shortSum("1", text), undefined, text);
  }
  assertEquals(shortSum("39.9", "0.1"), undefined);
  assertEquals(shortSum("100.1", "1"), undefined);
  // Halves and quarters are what they say in binary, too.
  assertEquals(shortSum("100.5", "1.25"), "101.75");
  assertEquals(shortSum("100.5", "1.1"), undefined);
  assertEquals(shortSum("123456789012345", "0.001"), undefined);
});
