/**
 * Built-in functions. Those that call back, such as `table.sort`, are generators that yield what they
 * want called, so that they too can be left in the middle.
 */

import type { Frame } from "./frame.ts";
import { asLuaError, type LuaError } from "./lua_error.ts";
import { LuaFunction } from "./lua_function.ts";
import { type Machine, SUSPENSION } from "./machine.ts";
import type { LuaValue, Results } from "./value.ts";

/** A call that a built-in function wants made. */
export interface CallRequest {
  readonly callee: LuaValue;
  readonly args: readonly LuaValue[];
}

/** A built-in function that calls back: yields a call, and is given its results. */
export type CallingBack = Generator<CallRequest, Results, Results>;

/** How a value is called, whatever it is: with its metamethod where it is no function. */
export type CallValue = (callee: LuaValue, args: readonly LuaValue[]) => Results;

/** A function that calls nothing back. Missing arguments are `undefined`, `args.length` tells. */
export function builtin(run: (...args: LuaValue[]) => Results): LuaFunction {
  return new LuaFunction((_, ...args) => run(...args), [], undefined, undefined);
}

/** The same, for one that takes its arguments as an array. */
export function builtinOfArray(run: (args: readonly LuaValue[]) => Results): LuaFunction {
  return new LuaFunction((_, ...args) => run(args), [], undefined, undefined);
}

/** A function that calls back. */
export function callingBuiltin(
  machine: Machine,
  callValue: CallValue,
  run: (...args: LuaValue[]) => CallingBack,
): LuaFunction {
  return new LuaFunction(
    (self, ...args) => {
      const body = run(...args);
      return new CallingFrame(self, machine, callValue, body).advance(body.next());
    },
    [],
    undefined,
    undefined,
  );
}

type Step = IteratorResult<CallRequest, Results>;

class CallingFrame implements Frame {
  /** What is to be called, where that has not begun. */
  #waiting: CallRequest | undefined;

  constructor(
    readonly self: LuaFunction,
    readonly machine: Machine,
    readonly callValue: CallValue,
    readonly body: CallingBack,
  ) {}

  resume(results: Results): Results {
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      return this.advance(this.#after(waiting));
    }
    this.machine.boundaries--;
    return this.advance(this.body.next(results));
  }

  fail(error: LuaError): Results {
    if (this.#waiting === undefined) this.machine.boundaries--;
    return this.advance(this.body.throw(withoutLevel(error)));
  }

  advance(first: Step): Results {
    let step = first;
    while (step.done !== true) {
      // What is called may be too short to count.
      if (--this.machine.budget < 0) this.#pauseBefore(step.value);
      step = this.#after(step.value);
    }
    return step.value;
  }

  #pauseBefore(request: CallRequest): void {
    try {
      this.machine.pause();
    } catch (thrown) {
      if (thrown === SUSPENSION) {
        this.#waiting = request;
        this.machine.leave(this);
      }
      throw thrown;
    }
  }

  #after({ callee, args }: CallRequest): Step {
    const { machine } = this;
    let results: Results;
    machine.enterBoundary(0);
    try {
      results = this.callValue(callee, args);
    } catch (thrown) {
      if (thrown === SUSPENSION) {
        machine.leave(this);
        throw thrown;
      }
      machine.boundaries--;
      const error = asLuaError(thrown);
      if (error === undefined) throw thrown;
      return this.body.throw(withoutLevel(error));
    }
    machine.boundaries--;
    return this.body.next(results);
  }
}

/**
 * Calls a value as the last thing that a built-in function does but for a look at the results.
 *
 * @param self the built-in function
 * @param answer makes its results of the callee's
 */
export function callLast(
  self: LuaFunction,
  machine: Machine,
  callValue: CallValue,
  callee: LuaValue,
  args: readonly LuaValue[],
  answer: (results: Results) => Results,
): Results {
  let results: Results;
  machine.enterBoundary(0);
  try {
    results = callValue(callee, args);
  } catch (thrown) {
    if (thrown === SUSPENSION) {
      machine.leave(new LastCallFrame(self, machine, answer));
      throw thrown;
    }
    machine.boundaries--;
    const error = asLuaError(thrown);
    throw error === undefined ? thrown : withoutLevel(error);
  }
  machine.boundaries--;
  return answer(results);
}

class LastCallFrame implements Frame {
  constructor(
    readonly self: LuaFunction,
    readonly machine: Machine,
    readonly answer: (results: Results) => Results,
  ) {}

  resume(results: Results): Results {
    this.machine.boundaries--;
    return this.answer(results);
  }

  fail(error: LuaError): Results {
    this.machine.boundaries--;
    throw withoutLevel(error);
  }
}

/** An error that comes out of what a built-in function has called: that is a level without a position. */
export function withoutLevel(error: LuaError): LuaError {
  if (error.level > 0) error.level--;
  return error;
}
