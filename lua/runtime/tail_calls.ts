/**
 * What remains of functions that have ended by calling others in their place. Lua counts them as levels,
 * where an error's position may be asked of, and knows nothing else of them.
 */

import type { Frame } from "./frame.ts";
import type { LuaError } from "./lua_error.ts";
import type { Results } from "./value.ts";

export class TailCalls implements Frame {
  /** How many functions. */
  count = 1;

  resume(results: Results): Results {
    return results;
  }

  fail(error: LuaError): Results {
    error.level = Math.max(0, error.level - this.count);
    throw error;
  }
}
