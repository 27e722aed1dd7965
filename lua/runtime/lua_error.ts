/**
 * What is thrown while Lua runs. Plain objects, not JavaScript's errors: nobody wants their stack, and
 * making one costs more than the script around it.
 */

import type { FunctionOrigin } from "./function_origin.ts";
import type { LuaValue } from "./value.ts";

/** An error that pcall catches. */
export class LuaError {
  /** The innermost compiled function that it came from, and its line there; its catch sets them. */
  origin: FunctionOrigin | undefined = undefined;
  line = 0;

  /**
   * @param value what pcall answers: most often a string
   * @param level how many compiled functions out, from where it is thrown, the position is that goes in
   *   front of the text (1: the one that runs, or that called the built-in function that throws); 0:
   *   none, or it is there already
   */
  constructor(public value: LuaValue, public level: number) {}
}

/** Too many calls within each other. */
export class StackOverflow extends LuaError {
  constructor() {
    super("stack overflow", 1);
  }
}

/** Throws an error of a built-in function, with the position of who called it in front. */
export function fail(message: string): never {
  throw new LuaError(message, 1);
}

/** An end of the script that no pcall keeps: it was killed, or the host ends it. */
export class Abort {
  /** As of a {@linkcode LuaError}: where it was. */
  origin: FunctionOrigin | undefined = undefined;
  line = 0;

  constructor(readonly reason: string) {}
}

/**
 * What was thrown as an error of Lua's: V8 refuses strings and arrays beyond its limits, which is
 * Lua's "not enough memory".
 *
 * @returns undefined for what is no error of the script's, such as an {@linkcode Abort}
 */
export function asLuaError(thrown: unknown): LuaError | undefined {
  if (thrown instanceof LuaError) return thrown;
  if (!(thrown instanceof RangeError)) return undefined;
  // Of strings, arrays and their lengths. No regular expression: the native stack may be full.
  if (thrown.message.startsWith("Invalid ")) return new LuaError("not enough memory", 0);
  // Compiled code counts its depth, so this is only for what built-in functions do within each other.
  return thrown.message.startsWith("Maximum call stack") ? new StackOverflow() : undefined;
}
