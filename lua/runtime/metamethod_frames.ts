/**
 * What waits while a metamethod is suspended: the piece of the operation that comes behind it. An
 * operation is no function of Lua's, so its frame is no level, but no coroutine yields across it.
 *
 * ```
 * compiled code, at a < b  ◀── a boolean ──  TruthFrame  ◀── results ──  __lt
 * ```
 */

import type { Frame } from "./frame.ts";
import type { LuaError } from "./lua_error.ts";
import type { Machine } from "./machine.ts";
import { firstOf, isTruthy, type LuaValue, NOTHING, type Results } from "./value.ts";

/** Goes out of the boundary that was entered for the metamethod, and answers the instruction's value. */
export abstract class MetamethodFrame implements Frame {
  constructor(readonly machine: Machine) {}

  resume(results: Results): Results {
    this.machine.boundaries--;
    return this.answer(results);
  }

  fail(error: LuaError): Results {
    this.machine.boundaries--;
    throw error;
  }

  protected abstract answer(results: Results): Results;
}

/** The first result: of `__index`, `__add`, … */
export class FirstFrame extends MetamethodFrame {
  protected answer(results: Results): Results {
    return firstOf(results);
  }
}

/** Whether the first result is true: of `__eq`, `__lt`, `__le`. */
export class TruthFrame extends MetamethodFrame {
  protected answer(results: Results): Results {
    return isTruthy(firstOf(results));
  }
}

/** Whether it is not: of `__lt` where `a <= b` is asked as `not (b < a)`. */
export class NegationFrame extends MetamethodFrame {
  protected answer(results: Results): Results {
    return !isTruthy(firstOf(results));
  }
}

/** Nothing: of `__newindex`. */
export class NothingFrame extends MetamethodFrame {
  protected answer(): Results {
    return NOTHING;
  }
}

/** The rest of a concatenation, from right to left: of `__concat`. */
export class ConcatFrame extends MetamethodFrame {
  constructor(machine: Machine, readonly goOn: (right: LuaValue) => LuaValue) {
    super(machine);
  }

  protected answer(results: Results): Results {
    return this.goOn(firstOf(results));
  }
}
