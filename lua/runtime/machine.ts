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
import { Abort, LuaError } from "./lua_error.ts";
import type { LuaFunction } from "./lua_function.ts";
import type { LuaTable } from "./lua_table.ts";
import { type LuaValue, NOTHING, type Results } from "./value.ts";

/** What is thrown to empty the native stack. */
export const SUSPENSION: unique symbol = Symbol("suspension");

/** Native calls of compiled functions within each other: 128 of the largest fit V8's stack twice. */
const MAX_NATIVE_DEPTH = 128;
/** Calls within each other, as Lua's LUAI_MAXCALLS. */
const MAX_FRAMES = 20_000;
/** Entries, turns of loops and charges between two looks at the clock: some tens of microseconds. */
const BUDGET = 10_000;

/** What the host says when it is asked. */
export type Turn = "continue" | "suspend";

export interface MachineHost {
  /** Called every few ten microseconds. @throws {Abort} to end whatever runs */
  turn(): Turn;
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
  yielded: Results = NOTHING;
  /** Why the native stack is emptied. */
  reason: "tick" | "depth" | "yield" = "tick";
  /** Frames that were left, from the innermost out. */
  readonly #left: Frame[] = [];
  readonly #host: MachineHost;

  constructor(host: MachineHost) {
    this.#host = host;
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
    try {
      return callee.code(callee, ...args);
    } catch (error) {
      if (error !== SUSPENSION) throw error;
      const frames = this.#takeLeft([]);
      return this.reason === "depth" ? this.#drive(frames) : new Suspended(frames);
    }
  }

  /** Goes on with a run; answers as {@linkcode Machine.start}. */
  continue({ frames }: Suspended): Results | Suspended {
    this.#begin();
    return this.#drive(frames);
  }

  #begin(): void {
    this.budget = BUDGET;
    this.depth = 0;
    this.coroutine = undefined;
    this.#left.length = 0;
  }

  #drive(frames: Frame[]): Results | Suspended {
    try {
      return this.drive(frames, NOTHING);
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
   * @throws {LuaError} as the outermost ends with; SUSPENSION where all are to wait
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
          if (this.reason !== "depth") throw error;
          results = NOTHING;
          failure = frames.length > MAX_FRAMES ? new LuaError("stack overflow", 1) : undefined;
        } else if (error instanceof LuaError) failure = error;
        else throw error;
      }
    }
    this.depth = depth;
    if (failure !== undefined) throw failure;
    return results;
  }

  /** Puts the frames that were left behind those in `frames`, the innermost last. */
  #takeLeft(frames: Frame[]): Frame[] {
    for (let i = this.#left.length; --i >= 0;) frames.push(this.#left[i]);
    this.#left.length = 0;
    return frames;
  }

  /** Called where the budget is spent or the stack too deep. Throws SUSPENSION where that has to be. */
  pause(): void {
    if (this.budget < 0) this.#askHost();
    if (this.depth > MAX_NATIVE_DEPTH) this.suspend("depth");
  }

  /** Counts what a built-in function does: 1 for what takes some nanoseconds. */
  charge(cost: number): void {
    this.budget -= cost;
    if (this.budget < 0) this.#askHost();
  }

  #askHost(): void {
    this.budget = BUDGET;
    if (this.#host.turn() === "suspend") this.suspend("tick");
  }

  /** Empties the native stack. */
  suspend(reason: "tick" | "depth" | "yield"): never {
    this.reason = reason;
    throw SUSPENSION;
  }

  /** Leaves a frame, as SUSPENSION passes a function. */
  leave(frame: Frame): void {
    this.#left.push(frame);
  }
}

/** Whether something that was thrown ends the run, whatever stands around it. */
export function isAbort(error: unknown): error is Abort {
  return error instanceof Abort;
}
