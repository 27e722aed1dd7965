// Functions that are left in the middle, without a compiler to make them.

import type { Frame } from "../../../lua/runtime/frame.ts";
import { LuaError } from "../../../lua/runtime/lua_error.ts";
import { LuaFunction } from "../../../lua/runtime/lua_function.ts";
import { type Machine, Suspended, SUSPENSION } from "../../../lua/runtime/machine.ts";
import type { LuaValue, Results } from "../../../lua/runtime/value.ts";

type Run = (...args: LuaValue[]) => Results;

/** A function that asks to stop whenever it is called, and does what it is for as it goes on. */
export function suspendingFunction(machine: Machine, run: Run): LuaFunction {
  const code = (_: LuaFunction, ...args: LuaValue[]): Results => {
    const frame: Frame = {
      resume: () => run(...args),
      fail(error) {
        throw error;
      },
    };
    machine.leave(frame);
    machine.reason = "tick";
    throw SUSPENSION;
  };
  return new LuaFunction(code, [], undefined, { chunkName: "test" });
}

/** A function that runs to its end at once. */
export function plainFunction(run: Run): LuaFunction {
  return new LuaFunction((_, ...args) => run(...args), [], undefined, { chunkName: "test" });
}

/** How a run ended, and how often it had stopped before. */
export interface Outcome {
  readonly results?: Results;
  readonly error?: { readonly value: LuaValue; readonly level: number };
  readonly stops: number;
}

/** Runs something to its end, however often it stops. */
export function outcomeOf(machine: Machine, run: () => Results): Outcome {
  let stops = 0;
  try {
    let results = machine.start(plainFunction(run), []);
    while (results instanceof Suspended) {
      stops++;
      results = machine.continue(results);
    }
    return { results, stops };
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return { error: { value: error.value, level: error.level }, stops };
  }
}
