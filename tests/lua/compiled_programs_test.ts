// Random programs: they answer what lua5.1 does, and the same where they stop at every step.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { withoutLua } from "./harness/lua_reference.ts";
import { randomProgram } from "./harness/random_program.ts";
import { assertSameAsLua, runInEngine } from "./harness/same_as_lua.ts";

const tape = fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 400, size: "max" });

Deno.test("Lua's compiler: random programs end alike, wherever they are stopped", () => {
  fc.assert(
    fc.property(tape, (decisions) => {
      const program = `print((function() ${randomProgram(decisions)} end)())`;
      const expected = runInEngine(program);
      assertEquals(runInEngine(program, { turn: () => "suspend", budget: 0 }), expected);
      // Also where every few calls the native stack is left.
      assertEquals(runInEngine(program, { turn: () => "suspend", budget: 7 }), expected);
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

Deno.test({
  name: "Lua's compiler: random programs end as in lua5.1",
  ignore: withoutLua,
  fn: async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tape, { minLength: 10, maxLength: 20 }), async (tapes) => {
        await assertSameAsLua(tapes.map(randomProgram));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
});
