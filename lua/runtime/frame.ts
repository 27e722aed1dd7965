/**
 * A function that was left in the middle, so that the native stack could be given up: see machine.ts.
 * The values of its variables lie in the heap, and it goes on when what it called has ended.
 */

import type { LuaError } from "./lua_error.ts";
import type { LuaFunction } from "./lua_function.ts";
import type { Results } from "./value.ts";

export interface Frame {
  /** The function that it is of, where it is a level of its own; the rest of an operation is none. */
  readonly self?: LuaFunction;
  /** Where in the source it stands, as errors begin: `user_script:7: `. Built-in functions have none. */
  readonly position?: string;
  /** Whether the function was left at its beginning, before it did anything. */
  readonly isEntry?: boolean;
  /** Goes on, with what the called function has answered. */
  resume(results: Results): Results;
  /** Goes on with the error that the called function ended with: handles it, or throws it again. */
  fail(error: LuaError): Results;
}

/** The frame of the function at a level, 1 for the innermost; undefined: there are not so many. */
export function frameAt(frames: readonly Frame[], level: number): Frame | undefined {
  let left = level;
  for (let at = frames.length; --at >= 0;) {
    if (frames[at].self !== undefined && --left === 0) return frames[at];
  }
  return undefined;
}
