// Doubles as printf() prints them: where a half is rounded to even, where an exponent begins.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatFixed,
  formatGeneral,
  formatTrimmed,
  MAX_TEN_THOUSANDTHS_BYTES,
  writeTenThousandths,
} from "../../../structures/numbers/printed_double.ts";

Deno.test("a fixed number of digits", () => {
  const table: [value: number, digits: number, text: string][] = [
    [0.0078125, 6, "0.007812"],
    [0.0234375, 6, "0.023438"],
    [-200.0078125, 6, "-200.007812"],
    [181, 6, "181.000000"],
    [-0, 6, "-0.000000"],
    [-1e-9, 6, "-0.000000"],
    [1e22, 2, "10000000000000000000000.00"],
    [-1e21, 1, "-1000000000000000000000.0"],
    [Infinity, 6, "inf"],
    [-Infinity, 6, "-inf"],
    [NaN, 6, "nan"],
    [2 ** -18, 17, "0.00000381469726562"],
    [0.1, 17, "0.10000000000000001"],
  ];
  for (const [value, digits, text] of table) assertEquals(formatFixed(value, digits), text);
  assertEquals(formatTrimmed(0.5, 17), "0.5");
  assertEquals(formatTrimmed(-180, 17), "-180");
  assertEquals(formatTrimmed(-1e-20, 17), "0");
  assertEquals(formatTrimmed(Infinity, 17), "inf");
});

Deno.test("17 digits that count", () => {
  const table: [value: number, text: string][] = [
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-2.5, "-2.5"],
    [0.1, "0.10000000000000001"],
    [1e-4, "0.0001"],
    [1e-5, "1.0000000000000001e-05"],
    [1e16, "10000000000000000"],
    [1e17, "1e+17"],
    [123456789012345680, "1.2345678901234568e+17"],
    [12345678901.0078125, "12345678901.007812"],
    [12345678901.0234375, "12345678901.023438"],
    [1e100, "1e+100"],
    [5e-324, "4.9406564584124654e-324"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of table) assertEquals(formatGeneral(value), text);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    assertEquals(Number(formatGeneral(value)), value);
  }));
});

Deno.test("ten-thousandths", () => {
  const bytes = new Uint8Array(MAX_TEN_THOUSANDTHS_BYTES);
  const written = (value: number) =>
    new TextDecoder().decode(bytes.subarray(0, writeTenThousandths(bytes, 0, value)));
  const table: [value: number, text: string][] = [
    [0, "0.0000"],
    [0.00004, "0.0000"],
    [0.00005, "0.0000"],
    [0.00015, "0.0001"], // times 10,000 it is 1.4999999999999998
    [0.00025, "0.0002"],
    [0.00035, "0.0004"],
    [0.9999, "0.9999"],
    [0.99996, "1.0000"],
    [166274.1516, "166274.1516"],
    [20015086.796, "20015086.7960"],
    [99999999999.1234, "99999999999.1234"],
  ];
  for (const [value, text] of table) assertEquals(written(value), text);
});
