// The library `bit`, beside redis-server's.

import fc from "fast-check";
import { withoutRedis } from "../harness/redis_reference.ts";
import { assertSameAsRedis } from "./harness/same_as_redis.ts";

const numbers = fc.oneof(
  fc.integer({ min: -40, max: 40 }).map(String),
  fc.integer().map(String),
  fc.integer({ min: -(2 ** 53), max: 2 ** 53 }).map(String),
  fc.constantFrom(
    "0.5",
    "1.5",
    "2.5",
    "-0.5",
    "-1.5",
    "2^31",
    "2^32 - 1",
    "-2^31",
    "2^51 + 1",
    "2^52 + 3",
    "2^60 + 2^20",
    "1e300",
    "-1e300",
    "1/0",
    "-1/0",
    "0/0",
    "'12'",
    "' 0xff '",
    "'-3.5'",
    "'x'",
    "''",
    "nil",
    "true",
    "{}",
  ),
);

Deno.test({
  name: "bit: the same results and errors as redis-server's",
  ignore: withoutRedis,
  async fn() {
    const programs: string[] = [];
    for (
      const name of [
        "tobit",
        "bnot",
        "band",
        "bor",
        "bxor",
        "lshift",
        "rshift",
        "arshift",
        "rol",
        "ror",
        "bswap",
      ]
    ) {
      programs.push(`return bit.${name}()`);
      for (const args of fc.sample(fc.array(numbers, { minLength: 1, maxLength: 4 }), 120)) {
        programs.push(`return bit.${name}(${args.join(", ")})`);
      }
    }
    const digits = fc.constantFrom("", ", 1", ", 4", ", 8", ", 9", ", 0", ", -1", ", -7", ", -100");
    for (const [number, count] of fc.sample(fc.tuple(numbers, digits), 150)) {
      programs.push(`return bit.tohex(${number}${count})`);
    }
    programs.push("return bit.tohex()", "return bit.tohex(1, nil)", "return bit.tohex(1, 'x')");
    await assertSameAsRedis(programs);
  },
});
