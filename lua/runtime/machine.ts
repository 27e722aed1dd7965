/**
 * Runs functions, and can stop in the middle of any.
 *
 * Lua calls are JavaScript calls, on the native stack, at its speed. Whoever wants to stop throws
 * {@linkcode SUSPENSION}: each function on its way out catches it, leaves a {@linkcode Frame} with the
 * values of its variables, and throws it on, until the native stack is empty. To go on, the frames are
 * resumed from the innermost one out, each with what the one within has answered.
 *
 * ```
 * native stack                 frames in the heap                      native stack
 * chunk ▸ f ▸ sort ▸ less  ──▶ [chunk, f, sort, less]  ── resume ──▶   less
 *            SUSPENSION                                                 └─ its result ─▶ sort ─▶ …
 * ```
 *
 * Three things stop a function: it has run for long, and others are to have a turn (`tick`); the native
 * stack is deep, so that its frames move to the heap and it begins anew (`depth`); a coroutine yields
 * (`yield`). What was called in tail position leaves no frame, so tail calls may go on for ever.
 *
 * Functions count their entries and turns of loops against {@linkcode Machine.budget}; below zero they
 * call {@linkcode Machine.pause}, where the host looks at the clock. Built-in functions that take long
 * count by {@linkcode Machine.charge}.
 */

import type { Coroutine } from "./coroutine.ts";
import type { Frame } from "./frame.ts";
import { TailCalls } from "./tail_calls.ts";
import { asLuaError, LuaError, StackOverflow } from "./lua_error.ts";
import type { LuaFunction } from "./lua_function.ts";
import type { LuaTable } from "./lua_table.ts";
import { type LuaValue, NOTHING, type Results } from "./value.ts";

/** What is thrown to empty the native stack. */
export const SUSPENSION: unique symbol = Symbol("suspension");

/** Native calls of compiled functions within each other: 128 of the largest fit V8's stack twice. */
const MAX_NATIVE_DEPTH = 128;
/** Arguments on the native stack, of 8 bytes each. */
const MAX_NATIVE_ARGUMENTS = 10_000;
/** Calls within each other, as Lua's LUAI_MAXCALLS. */
const MAX_FRAMES = 20_000;
/** Calls from within operations and built-in functions, in each other, as Lua's LUAI_MAXCCALLS. */
export const MAX_BOUNDARIES = 200;
/** Entries, turns of loops and charges between two looks at the clock: some tens of microseconds. */
const BUDGET = 10_000;

/** Why the native stack is emptied; `inspect`: somebody asks what functions are on it. */
type Reason = "tick" | "depth" | "yield" | "inspect";

/** Looks at all frames of a coroutine, the innermost last, and tells what the asking function answers. */
export type Inspection = (frames: readonly Frame[]) => Results;

/** What the host says when it is asked. */
export type Turn = "continue" | "suspend";

export interface MachineHost {
  /** What may be spent between two turns, instead of 10,000; 0: a turn at each entry and loop. */
  readonly budget?: number;
  /** Called every few ten microseconds. @throws {Abort} to end whatever runs */
  turn(): Turn;
}

/** Throws SUSPENSION once more, for {@linkcode Machine.drive} to take the frames that were left. */
const SUSPENDING: Frame = {
  resume() {
    throw SUSPENSION;
  },
  fail: rethrow,
};

function rethrow(error: LuaError): never {
  throw error;
}

/** A run that has stopped, for the host to continue or to forget. */
export class Suspended {
  constructor(readonly frames: Frame[]) {}
}

export class Machine {
  /** What may be spent until the host is asked. Compiled code counts it down. */
  budget = BUDGET;
  /** Compiled functions on the native stack. They count it up and down. */
  depth = 0;
  readonly maxDepth = MAX_NATIVE_DEPTH;
  /** The metatable of all strings. */
  stringMetatable: LuaTable | undefined;
  /** The coroutine that runs; undefined: the host's own call. */
  coroutine: Coroutine | undefined;
  /** What a coroutine yields, on its way out. */
  #yielded: readonly LuaValue[] = NOTHING;
  /** Why the native stack is emptied. */
  reason: Reason = "tick";
  /**
   * How many calls from within operations and built-in functions are under way, natively or in frames.
   * A coroutine yields across none. Whoever makes such a call enters the boundary, and counts it down
   * when it has ended; a frame that is left takes that over.
   */
  boundaries = 1;
  /** Where the globals of chunks that are loaded are, since `setfenv(0, …)`. */
  environment: LuaTable | undefined;
  #inspection: Inspection = () => NOTHING;
  /** Frames that were left, from the innermost out. */
  readonly #left: Frame[] = [];
  readonly #host: MachineHost;
  readonly #fullBudget: number;

  constructor(host: MachineHost) {
    this.#host = host;
    this.#fullBudget = host.budget ?? BUDGET;
    this.budget = this.#fullBudget;
  }

  /**
   * Calls a function for the host.
   *
   * @returns its results, or the run where the host has asked it to stop
   * @throws {LuaError} as it ends with
   * @throws {Abort} where the host ended it
   */
  start(callee: LuaFunction, args: readonly LuaValue[]): Results | Suspended {
    this.#begin();
    this.boundaries = 1;
    this.coroutine = undefined;
    this.environment = undefined;
    try {
      return callee.code(callee, ...args);
    } catch (thrown) {
      if (thrown === SUSPENSION) return this.#run([SUSPENDING], NOTHING);
      throw asLuaError(thrown) ?? thrown;
    }
  }

  /** Goes on with a run; answers as {@linkcode Machine.start}. */
  continue({ frames }: Suspended): Results | Suspended {
    this.#begin();
    return this.#run(frames, NOTHING);
  }

  #begin(): void {
    // What is left is carried over, so that the host is asked also where no run by itself takes long.
    if (this.budget <= 0) this.budget = this.#fullBudget;
    this.depth = 0;
    this.#left.length = 0;
  }

  #run(frames: Frame[], first: Results): Results | Suspended {
    try {
      return this.drive(frames, first);
    } catch (error) {
      if (error === SUSPENSION) return new Suspended(frames);
      throw error;
    }
  }

  /**
   * Resumes frames, the last of which is the innermost, until none is left.
   *
   * @param frames takes the frames that are left meanwhile
   * @returns what the outermost ends with
   * @throws {LuaError} as the outermost ends with; SUSPENSION where all are to wait, for a tick, for a
   *   coroutine that yields, or as the native stack was deep already where this began
   */
  drive(frames: Frame[], first: Results): Results {
    const { depth } = this;
    let results = first;
    let failure: LuaError | undefined;
    for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
      this.depth = depth;
      try {
        results = failure === undefined ? frame.resume(results) : frame.fail(failure);
        failure = undefined;
      } catch (error) {
        if (error === SUSPENSION) {
          this.#takeLeft(frames);
          failure = undefined;
          if (this.reason === "inspect") {
            // Its error is one of the function that asked.
            const inspection = this.#inspection;
            frames.push({ resume: () => inspection(frames), fail: rethrow });
          } else if (frames.length > MAX_FRAMES && this.reason !== "yield") {
            // The function that was too much has not begun: the error is its caller's.
            if (frames[frames.length - 1].isEntry === true) frames.pop();
            failure = new StackOverflow();
          } else if (this.reason !== "depth" || depth > MAX_NATIVE_DEPTH / 2) throw error;
          else results = NOTHING;
        } else {
          failure = asLuaError(error);
          if (failure === undefined) throw error;
        }
      }
    }
    this.depth = depth;
    if (failure !== undefined) throw failure;
    return results;
  }

  /** Puts the frames that were left behind those in `frames`, the innermost last. */
  #takeLeft(frames: Frame[]): Frame[] {
    for (let i = this.#left.length; --i >= 0;) {
      const frame = this.#left[i];
      const outer = frames[frames.length - 1];
      // All that is left of a loop of tail calls is one number.
      if (frame instanceof TailCalls && outer instanceof TailCalls) outer.count += frame.count;
      else frames.push(frame);
    }
    this.#left.length = 0;
    return frames;
  }

  /** Called where the budget is spent or the stack too deep. Throws SUSPENSION where that has to be. */
  pause(): void {
    if (this.budget < 0) this.#askHost();
    if (this.depth > MAX_NATIVE_DEPTH) this.suspend("depth");
  }

  /**
   * Counts what a built-in function does: 1 for what takes some nanoseconds. The host may end the run
   * then; where it wants it to stop, the next compiled function does, as a built-in one has no middle.
   */
  charge(cost: number): void {
    this.budget -= cost;
    if (this.budget < 0 && this.#host.turn() === "continue") this.budget = this.#fullBudget;
  }

  #askHost(): void {
    this.budget = this.#fullBudget;
    if (this.#host.turn() === "suspend") this.suspend("tick");
  }

  /**
   * Called before so many values are passed as arguments that they could fill the native stack. Throws
   * SUSPENSION to empty it first.
   */
  makeRoom(count: number): void {
    this.charge(count);
    if (this.isCrowdedBy(count)) this.suspend("depth");
  }

  /** Whether so many arguments could fill the native stack, if all calls on it were passed as many. */
  isCrowdedBy(count: number): boolean {
    return count * (this.depth + this.boundaries) > MAX_NATIVE_ARGUMENTS;
  }

  /** Empties the native stack. */
  suspend(reason: Reason): never {
    this.reason = reason;
    throw SUSPENSION;
  }

  /**
   * Ends the coroutine's turn.
   *
   * @param values what `resume` answers
   * @throws {LuaError} where no coroutine runs, or a call in between cannot be left in its middle
   */
  yield(values: readonly LuaValue[]): never {
    const { coroutine } = this;
    if (coroutine === undefined || this.boundaries > coroutine.boundaries) {
      throw new LuaError("attempt to yield across metamethod/C-call boundary", 0);
    }
    this.#yielded = values;
    this.suspend("yield");
  }

  /** What a coroutine has yielded. */
  takeYielded(): readonly LuaValue[] {
    const values = this.#yielded;
    this.#yielded = NOTHING;
    return values;
  }

  /** Has the calling function's frames looked at, for what a built-in function answers. Slow: O(depth). */
  inspect(inspection: Inspection): never {
    this.#inspection = inspection;
    this.suspend("inspect");
  }

  /**
   * Counts a call from within an operation or a built-in function.
   *
   * @param level of the error that 200 of them in each other end with
   */
  enterBoundary(level: 0 | 1): void {
    if (++this.boundaries < MAX_BOUNDARIES) return;
    this.boundaries--;
    throw new LuaError("C stack overflow", level);
  }

  /** Leaves a frame, as SUSPENSION passes a function. */
  leave(frame: Frame): void {
    this.#left.push(frame);
  }

  /** Leaves what remains of a function that has called another one in its place: a level of errors. */
  leaveTailCall(): void {
    const inner = this.#left[this.#left.length - 1];
    if (inner instanceof TailCalls) inner.count++;
    else this.#left.push(new TailCalls());
  }
}
