/** A call that has not begun: how a coroutine begins. */

import type { Frame } from "./frame.ts";
import type { LuaError } from "./lua_error.ts";
import type { LuaFunction } from "./lua_function.ts";
import { allOf, type Results } from "./value.ts";

export class CallFrame implements Frame {
  constructor(readonly callee: LuaFunction) {}

  /** @param args what the function is called with */
  resume(args: Results): Results {
    return this.callee.code(this.callee, ...allOf(args));
  }

  fail(error: LuaError): Results {
    throw error;
  }
}
