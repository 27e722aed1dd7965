/**
 * `pcall` and `xpcall`. Scripts call them often, so they are written out: the callee runs on the native
 * stack, and a frame is made only where it is suspended.
 *
 * ```
 * pcall(f, …)      f's results ─▶ true, …        its error ─▶ false, error
 * xpcall(f, h)     f's results ─▶ true, …        its error ─▶ h(error) ─▶ false, h's first result
 * ```
 *
 * What ends a run, an Abort, passes.
 */

import { asLuaError, LuaError, StackOverflow } from "../runtime/lua_error.ts";
import { type Frame, frameAt } from "../runtime/frame.ts";
import { LuaFunction } from "../runtime/lua_function.ts";
import { type Machine, MAX_BOUNDARIES, SUSPENSION } from "../runtime/machine.ts";
import type { Operations } from "../runtime/operations.ts";
import { firstOf, type LuaValue, type Results } from "../runtime/value.ts";
import { checkAny, failArgument } from "./arguments.ts";

/** An error takes about as long as so many steps: V8 unwinds slowly. */
const COST_OF_ERROR = 200;
/** So many arguments always have room on the native stack. */
const FEW = 40;
/** How many calls of a handler, in each other's error, come behind the overflow. */
const MAX_BOUNDARIES_OF_HANDLERS = MAX_BOUNDARIES + MAX_BOUNDARIES / 8;

/** What pcall answers in place of an error's value. */
export type CaughtValue = (value: LuaValue) => LuaValue;

/** The function `pcall`. */
export function pcallOf(
  machine: Machine,
  operations: Operations,
  caughtValue: CaughtValue,
): LuaFunction {
  const { callValue } = operations;

  class PcallFrame implements Frame {
    constructor(readonly self: LuaFunction) {}

    resume(results: Results): Results {
      machine.boundaries--;
      return success(results);
    }

    fail(error: LuaError): Results {
      machine.boundaries--;
      return failure(error);
    }
  }

  /** A call that waits for room on the native stack. */
  class WaitingCall implements Frame {
    constructor(readonly callee: LuaValue, readonly args: readonly LuaValue[]) {}

    resume(): Results {
      return callValue(this.callee, this.args);
    }

    fail(error: LuaError): Results {
      throw error;
    }
  }

  function failure(error: LuaError): Results {
    machine.charge(COST_OF_ERROR);
    const { level } = error;
    if (level < 2) return [false, caughtValue(error.value)];
    machine.inspect((frames) => [false, caughtValue(locatedValue(error, frames, level - 1))]);
  }

  return new LuaFunction(
    function (self, callee, ...args) {
      if (callee === undefined && arguments.length < 2) failArgument(1, "value expected");
      if (machine.boundaries + 1 >= MAX_BOUNDARIES) return [false, "C stack overflow"];
      machine.boundaries++;
      if (args.length > FEW && machine.isCrowdedBy(args.length)) {
        machine.leave(new WaitingCall(callee, args));
        machine.leave(new PcallFrame(self));
        machine.suspend("depth");
      }
      let results: Results;
      try {
        results = callee instanceof LuaFunction
          ? callee.code(callee, ...args)
          : callValue(callee, args);
      } catch (thrown) {
        if (thrown === SUSPENSION) {
          machine.leave(new PcallFrame(self));
          throw thrown;
        }
        machine.boundaries--;
        const error = asLuaError(thrown);
        if (error === undefined) throw thrown;
        return failure(error);
      }
      machine.boundaries--;
      return success(results);
    },
    [],
    undefined,
    undefined,
  );
}

/**
 * The value of an error that wants the position of somebody beyond the protected call, of the frame at a
 * level.
 */
function locatedValue({ value }: LuaError, frames: readonly Frame[], level: number): LuaValue {
  const position = frameAt(frames, level)?.position ?? "";
  return typeof value === "string" ? position + value : value;
}

function success(results: Results): Results {
  return results instanceof Array ? [true, ...results] : [true, results as LuaValue];
}

/** The function `xpcall`. */
export function xpcallOf(machine: Machine, operations: Operations): LuaFunction {
  const { callValue } = operations;

  class XpcallFrame implements Frame {
    /** How often the handler has been called; 0: the protected function runs. */
    #handlings = 0;
    /** The error that the handler was given. */
    #handled: LuaError | undefined;
    /** The error whose position is asked for, beyond this call. */
    #located: LuaError | undefined;

    constructor(readonly self: LuaFunction, readonly handler: LuaValue) {}

    resume(results: Results): Results {
      if (this.#located !== undefined) {
        const error = this.#located;
        this.#located = undefined;
        error.value = firstOf(results);
        return this.#callHandler(error);
      }
      machine.boundaries--;
      return this.#handlings === 0 ? success(results) : [false, firstOf(results)];
    }

    fail(error: LuaError): Results {
      machine.boundaries--;
      if (this.#isHopeless(error)) return [false, "error in error handling"];
      return this.handle(error);
    }

    run(callee: LuaValue): Results {
      const ended = this.#call(callee, []);
      return ended instanceof LuaError ? this.handle(ended) : success(ended);
    }

    handle(error: LuaError): Results {
      const { level } = error;
      if (level < 2) return this.#callHandler(error);
      this.#located = error;
      machine.leave(this);
      machine.inspect((frames) => locatedValue(error, frames, level));
    }

    /** Calls the handler, and again with its own error where it ends with one, until that is too deep. */
    #callHandler(first: LuaError): Results {
      let error = first;
      const { handler } = this;
      while (handler instanceof LuaFunction) {
        machine.charge(COST_OF_ERROR);
        // Each handler would run within the one before: there they are as deep.
        const boundaries = machine.boundaries + 1 + ++this.#handlings;
        if (boundaries >= MAX_BOUNDARIES_OF_HANDLERS) break;
        if (boundaries === MAX_BOUNDARIES) {
          error = new LuaError("C stack overflow", 0);
          continue;
        }
        this.#handled = error;
        const ended = this.#call(handler, [error.value]);
        if (!(ended instanceof LuaError)) return [false, firstOf(ended)];
        if (this.#isHopeless(ended)) break;
        error = ended;
      }
      return [false, "error in error handling"];
    }

    /** Whether the room that an overflow leaves its handler is used up too. */
    #isHopeless(error: LuaError): boolean {
      return error instanceof StackOverflow && this.#handled instanceof StackOverflow;
    }

    #call(callee: LuaValue, args: readonly LuaValue[]): Results | LuaError {
      machine.boundaries++;
      let results: Results;
      try {
        results = callValue(callee, args);
      } catch (thrown) {
        if (thrown === SUSPENSION) {
          machine.leave(this);
          throw thrown;
        }
        machine.boundaries--;
        const error = asLuaError(thrown);
        if (error === undefined) throw thrown;
        return error;
      }
      machine.boundaries--;
      return results;
    }
  }

  return new LuaFunction(
    (self, ...args) => {
      checkAny(args, 2);
      const frame = new XpcallFrame(self, args[1]);
      if (machine.boundaries + 1 < MAX_BOUNDARIES) return frame.run(args[0]);
      return frame.handle(new LuaError("C stack overflow", 0));
    },
    [],
    undefined,
    undefined,
  );
}
