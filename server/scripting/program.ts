/** What can be run for a client: a script's chunk, or a function of a library. */

import type { LuaFunction } from "../../lua/runtime/lua_function.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";

export interface Program {
  /** How errors and the log call it: the digest of a script, the name of a function. */
  readonly name: ByteString;
  /** A script: it finds its keys and arguments in KEYS and ARGV. A function is handed them. */
  readonly isEval: boolean;
  /** Bits of {@linkcode ScriptFlag}. */
  readonly flags: number;
  readonly code: LuaFunction;
}
