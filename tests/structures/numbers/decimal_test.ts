// Decimal text against BigInt, at random and at the edges.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  decimalLength,
  mayBeInteger,
  parseInt64,
  parseSafeInteger,
  writeBigInteger,
  writeInteger,
} from "../../../structures/numbers/decimal.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The text in the middle of other digits, so that reading past its ends would show. */
function framed(text: string): { bytes: Uint8Array; start: number; length: number } {
  const bytes = encoder.encode(`77${text}77`);
  return { bytes, start: 2, length: bytes.length - 4 };
}

function safe(text: string): number {
  const { bytes, start, length } = framed(text);
  return parseSafeInteger(bytes, start, length);
}

function int64(text: string): bigint | undefined {
  const { bytes, start, length } = framed(text);
  return parseInt64(bytes, start, length);
}

function model(text: string): bigint | undefined {
  if (!/^(?:0|-?[1-9]\d*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function check(text: string): void {
  const expected = model(text);
  assertEquals(int64(text), expected, text);
  const { bytes, start, length } = framed(text);
  assert(expected === undefined || mayBeInteger(bytes, start, length), text);
  const small = expected === undefined ? NaN : Number(expected);
  assert(Object.is(safe(text), Number.isSafeInteger(small) ? small : NaN), text);
}

Deno.test("integers: canonical text only", () => {
  const texts = [
    ..."0 -0 00 01 -01 +1 1 -1 9 10 -10 - + -- --1 1- 1.0 1e3 0x10 1_0 / : 1/ 1: ٣".split(" "),
    ..."999999999999999 9999999999999999 -9999999999999999 1234567890123456".split(" "),
    ..."9007199254740991 9007199254740992 9007199254740993 -9007199254740991".split(" "),
    ..."-9007199254740992 9223372036854775807 9223372036854775808".split(" "),
    ..."-9223372036854775808 -9223372036854775809 18446744073709551616".split(" "),
    ..."09223372036854775807 99999999999999999999 100000000000000000000".split(" "),
    ..."10000000000 -10000000000 99999999999999999 -12345678901234567".split(" "),
    "",
    " 1",
    "1 ",
    "1 2",
    "9".repeat(1000),
    "1\0",
    "12345678901234567x",
    "-1234567890123456789x",
  ];
  for (const text of texts) check(text);
});

Deno.test("integers: random text and values", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789-+ x"), maxLength: 22 });
  fc.assert(fc.property(digits, check));
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }), (v) => check(`${v}`)));
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => check(`${value}`)));
});

Deno.test("integers: written as String() writes them", () => {
  const bytes = new Uint8Array(32);
  const verify = (value: number) => {
    bytes.fill(0x2e);
    const end = writeInteger(bytes, 3, value);
    assertEquals(decoder.decode(bytes.subarray(0, end + 1)), `...${value}.`);
    assertEquals(decimalLength(value), end - 3);
  };
  for (let power = 1; power < Number.MAX_SAFE_INTEGER; power *= 10) {
    for (const near of [power - 1, power, power + 1]) {
      verify(near);
      if (near !== 0) verify(-near);
    }
  }
  for (const edge of [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1]) {
    verify(edge);
    verify(-edge);
  }
  fc.assert(fc.property(fc.maxSafeInteger(), verify));
});

Deno.test("integers: BigInt written as String() writes it", () => {
  const bytes = new Uint8Array(64);
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
    const end = writeBigInteger(bytes, 3, value);
    assertEquals(decoder.decode(bytes.subarray(3, end)), `${value}`);
  }));
});
