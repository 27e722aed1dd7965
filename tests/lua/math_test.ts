// The library `math`, beside redis-server's, and its generator of random numbers.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Random48 } from "../../lua/library/random48.ts";
import { withoutRedis } from "../harness/redis_reference.ts";
import { assertSameAsRedis } from "./harness/same_as_redis.ts";

const ODD = [
  "0",
  "tonumber('-0')",
  "1/0",
  "-1/0",
  "0/0",
  "1e308",
  "5e-324",
  "-2.2250738585072014e-308",
  "2^53",
  "-2^31",
  "'3.5'",
  "'0x10'",
  "'x'",
  "nil",
  "{}",
  "true",
];
const numbers = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(...ODD),
);
const lists = fc.oneof(
  { weight: 9, arbitrary: fc.array(numbers, { minLength: 1, maxLength: 3 }) },
  fc.constant<string[]>([]),
);

function callsOf(name: string, args: fc.Arbitrary<string[]>, count: number): string[] {
  return fc.sample(args, count).map((each) => `return math.${name}(${each.join(", ")})`);
}

Deno.test({
  name: "math: what is exact has the same results and errors as redis-server's",
  ignore: withoutRedis,
  async fn() {
    const programs = [
      "return math.pi, math.huge, -math.huge, math.mod == math.fmod",
      "return math.log10, math.cosh, math.foo",
    ];
    const exact = ["abs", "ceil", "floor", "sqrt", "fmod", "mod", "modf", "frexp", "deg", "rad"];
    for (const name of [...exact, "max", "min"]) programs.push(...callsOf(name, lists, 150));
    const powers = fc.oneof(fc.integer({ min: -2200, max: 2200 }).map(String), numbers);
    programs.push(...callsOf("ldexp", fc.tuple(numbers, powers), 400));
    programs.push("return math.ldexp(1, 2^40)", "return math.ldexp(1)");
    await assertSameAsRedis(programs);
  },
});

/** A result to 10 digits, which C and V8 agree on; without the sign of what is not a number. */
function shown(expression: string): string {
  return `(("%.10g"):format(${expression}):gsub("-nan", "nan"))`;
}

Deno.test({
  name: "math: functions that C rounds print as redis-server's do",
  ignore: withoutRedis,
  async fn() {
    const programs: string[] = [];
    const rounded = ["acos", "asin", "atan", "cos", "cosh", "exp", "log", "log10", "sin", "sinh"];
    const args = fc.oneof(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -50, max: 50, noNaN: true }),
    );
    for (const name of [...rounded, "tan", "tanh"]) {
      for (const x of fc.sample(args, 60)) {
        programs.push(`return ${shown(`math.${name}(${x})`)}`);
      }
      programs.push(`return ${shown(`math.${name}(0)`)}`, `return math.${name}()`);
    }
    programs.push(`return ${shown("math.atan2(-5e-324, 50)")}`);
    for (const name of ["pow", "atan2"]) {
      for (const [x, y] of fc.sample(fc.tuple(args, args), 60)) {
        programs.push(`return ${shown(`math.${name}(${x}, ${y})`)}`);
      }
      for (const x of ["1", "-1", "0", "tonumber('-0')"]) {
        for (const y of ["1/0", "-1/0", "0/0", "0", "-1", "3"]) {
          programs.push(`return ${shown(`math.${name}(${x}, ${y})`)}`);
        }
      }
    }
    await assertSameAsRedis(programs);
  },
});

Deno.test({
  name: "math.random: a seed gives the same numbers, bit for bit, as in redis-server",
  ignore: withoutRedis,
  async fn() {
    const seeds = ["0", "1", "-1", "42.9", "2^31 - 1", "-2^31", "2^32 + 5", "1e300", "'17'"];
    const intervals = ["", "1", "10", "2^31 - 1", "3, 3", "-5, 5", "-2^31, 2^31 - 1", "-2^31, 0"];
    const programs: string[] = [];
    for (const seed of seeds) {
      programs.push(`math.randomseed(${seed})`);
      for (const interval of intervals) {
        programs.push(`
          local numbers = {}
          for i = 1, 20 do numbers[i] = ("%.17g"):format(math.random(${interval})) end
          return unpack(numbers)`);
      }
    }
    for (const args of ["0", "-1", "5, 4", "1, 2, 3", "nil", "'x'", "{}, 1"]) {
      programs.push(`return math.random(${args})`);
    }
    programs.push("return math.randomseed()", "return math.random()");
    await assertSameAsRedis(programs);
  },
});

Deno.test("a new generator begins as drand48 does before any seed", () => {
  const random = new Random48();
  // The first numbers of lrand48() in a C program that has not called srand48().
  assertEquals([random.next(), random.next(), random.next()], [851401618, 1804928587, 758783491]);
});
