/**
 * What a script ended with, in the words of its reply:
 *
 * ```
 * error("oops")              ERR user_script:1: oops script: <digest>, on @user_script:1.
 * error({err="CODE oops"})   CODE oops script: <digest>, on @user_script:1.
 * ```
 *
 * The position in front is Lua's; that behind is of the innermost function of the script's.
 */

import { Abort, asLuaError, LuaError } from "../../lua/runtime/lua_error.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import { formatNumber } from "../../lua/runtime/number_text.ts";
import { showValue } from "../../lua/runtime/shown_value.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import type { ByteString } from "../../structures/bytes/byte_string.ts";
import { isCounted } from "./error_tables.ts";
import { untilNul } from "./value_reply.ts";

/** How an error is answered. */
export interface ScriptFailure {
  /** With its code, and without `-`. */
  readonly text: ByteString;
  /** Whether statistics do not know of it yet. */
  readonly isNew: boolean;
}

/**
 * The reply to whatever ended a script.
 *
 * @param name of the script or function
 * @returns undefined for what is no fault of the script's
 */
export function failureOf(thrown: unknown, name: ByteString): ScriptFailure | undefined {
  if (thrown instanceof Abort) {
    return { text: `ERR ${thrown.reason}${positionOf(thrown, name)}`, isNew: true };
  }
  const error = asLuaError(thrown) ?? asOverflow(thrown);
  if (error === undefined) return undefined;
  const { value } = error;
  const isNew = !(value instanceof LuaTable && isCounted(value));
  return { text: textOf(value) + positionOf(error, name), isNew };
}

/** The native stack was too small, wherever that was: to Lua it is its own. */
function asOverflow(thrown: unknown): LuaError | undefined {
  const isOverflow = thrown instanceof RangeError && thrown.message.includes("call stack");
  return isOverflow ? new LuaError("stack overflow", 0) : undefined;
}

function textOf(value: LuaValue): ByteString {
  if (!(value instanceof LuaTable)) return `ERR ${untilNul(showValue(value))}`;
  const error = value.get("err");
  if (typeof error === "number") return formatNumber(error);
  // Redis ends there.
  return typeof error === "string" ? untilNul(error) : "ERR unknown error";
}

function positionOf({ line, origin }: Pick<LuaError, "line" | "origin">, name: ByteString): string {
  return origin === undefined ? "" : ` script: ${name}, on @${origin.chunkName}:${line}.`;
}
