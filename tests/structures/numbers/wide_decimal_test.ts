import { assert, assertEquals } from "@std/assert";
import { parseWideDecimal } from "../../../structures/numbers/wide_decimal.ts";
import { SeededRandom } from "../seeded_random.ts";

function parse(text: string): number {
  const bytes = new TextEncoder().encode(`9${text}9`);
  return parseWideDecimal(bytes, 1, bytes.length - 1);
}

function randomDigits(random: SeededRandom, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join("");
}

Deno.test("wide decimals: the double that JavaScript reads, and hardly ever none", () => {
  const random = new SeededRandom(1);
  let undecided = 0;
  for (let i = 0; i < 200_000; i++) {
    const digits = randomDigits(random, 1 + random.below(19));
    const point = random.below(digits.length + 2);
    const text = point > digits.length
      ? digits
      : `${digits.slice(0, point)}.${digits.slice(point)}`;
    const value = parse(text);
    if (Number.isNaN(value)) undecided++;
    else assertEquals(value, Number(text), text);
  }
  assert(undecided < 200, `${undecided} were not decided`);
});

Deno.test("wide decimals: what is printed of a double is read back", () => {
  const random = new SeededRandom(2);
  for (let i = 0; i < 100_000; i++) {
    const value = random.below(2 ** 31) / 2 ** random.below(40) + random.below(1000);
    const text = String(value);
    const read = parse(text);
    if (!Number.isNaN(read)) assertEquals(read, value, text);
  }
});

Deno.test("wide decimals: near the middle between two doubles it says so, or is right", () => {
  const random = new SeededRandom(3);
  for (let i = 0; i < 50_000; i++) {
    // Halves of the unit in the last place, cut off or rounded at 19 digits.
    const exponent = random.below(12);
    const odd = 2n ** 53n + 2n * BigInt(random.below(2 ** 30)) + 1n;
    const scaled = odd * 10n ** 19n / 2n ** BigInt(1 + exponent);
    const digits = String(scaled).slice(0, 19);
    const whole = String(scaled).length - 19;
    const text = `${digits.slice(0, whole)}.${digits.slice(whole)}`;
    const nudged = text.slice(0, -1) + String((Number(text.at(-1)) + random.below(3)) % 10);
    for (const one of [text, nudged]) {
      const value = parse(one);
      if (!Number.isNaN(value)) assertEquals(value, Number(one), one);
    }
  }
});

Deno.test("wide decimals: integers and zeros, and what is none", () => {
  for (const text of ["0", "00000.0000000000000", "9007199254740993", "9223372036854775807"]) {
    assertEquals(parse(text), Number(text));
  }
  assertEquals(parse("1000000000000000001."), 1000000000000000001);
  for (const text of ["", ".", "-1", "1e5", "1.2.3", "12345678901234567890", " 1", "1 ", "0x1"]) {
    assert(Number.isNaN(parse(text)), text);
  }
});
