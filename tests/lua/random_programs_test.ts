// Random programs do in the engine what they do in lua5.1: run through, with libraries that the compiler
// may count on, or stopped at every step.

import { assertEquals } from "@std/assert";
import { withoutLua } from "./harness/lua_reference.ts";
import {
  ALWAYS_ON,
  programOf,
  RESTLESS,
  traceOfEngine,
  tracesOfLua,
} from "./random/random_programs.ts";

/** Programs of these seeds are run; every fourth is also stopped wherever it can be. */
const FIRST_SEED = 1;
const PROGRAMS = 120;
const STOPPED = 4;

Deno.test({
  name: "random programs do what they do in lua5.1",
  ignore: withoutLua,
  fn: async () => {
    const seeds = Array.from({ length: PROGRAMS }, (_, i) => FIRST_SEED + i);
    const programs = seeds.map((seed) => programOf(seed));
    const traces = await tracesOfLua(programs);
    seeds.forEach((seed, i) => {
      // The sign of what is no number is lost in JavaScript, and shows in text; and lua5.1 has used up
      // some of its C stack when it calls a program.
      if (/nan|C stack overflow/.test(traces[i])) return;
      const expected = traces[i].split("\n");
      const assertSame = (trace: string, label: string) =>
        assertEquals(trace.split("\n"), expected, `seed ${seed}, ${label}`);
      assertSame(traceOfEngine(programs[i], ALWAYS_ON), "run through");
      if (seed % STOPPED === 1) {
        assertSame(traceOfEngine(programs[i], ALWAYS_ON, true), "with fixed libraries");
      }
      if (seed % STOPPED === 0) {
        assertSame(traceOfEngine(programs[i], RESTLESS, true), "stopped at every step");
      }
    });
  },
});
