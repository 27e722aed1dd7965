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
  /** Whether the function was left at its beginning, before it did anything. */
  readonly isEntry?: boolean;
  /** Goes on, with what the called function has answered. */
  resume(results: Results): Results;
  /** Goes on with the error that the called function ended with: handles it, or throws it again. */
  fail(error: LuaError): Results;
}
