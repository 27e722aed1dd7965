/**
 * What is thrown while Lua runs. Plain objects, not JavaScript's errors: nobody wants their stack, and
 * making one costs more than the script around it.
 */

import type { LuaValue } from "./value.ts";

/** An error that pcall catches. */
export class LuaError {
  /**
   * @param value what pcall answers: most often a string
   * @param level how many compiled functions out, from where it is thrown, the position is that goes in
   *   front of the text (1: the one that runs, or that called the built-in function that throws); 0:
   *   none, or it is there already
   */
  constructor(public value: LuaValue, public level: number) {}
}

/** Throws an error of a built-in function, with the position of who called it in front. */
export function fail(message: string): never {
  throw new LuaError(message, 1);
}

/** Throws the error of a bad argument; `index` counts from 1. */
export function failArgument(index: number, functionName: string, problem: string): never {
  fail(`bad argument #${index} to '${functionName}' (${problem})`);
}

/** An end of the script that no pcall keeps: it was killed, or the host ends it. */
export class Abort {
  constructor(readonly reason: string) {}
}
