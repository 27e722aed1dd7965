// Parses a text, as the tests of the parser do.

import { LuaError } from "../../../lua/runtime/lua_error.ts";
import { parseChunk } from "../../../lua/syntax/parser.ts";

/** Levels of nesting that lua5.1 has used up around a chunk that a program loads. */
export const LEVELS_IN_LUA = 2;

/** The message that a text is refused with, empty where it is Lua. */
export function parsed(text: string, chunkName = "=s", level = 0): string {
  try {
    parseChunk(text, chunkName, level);
    return "";
  } catch (error) {
    if (error instanceof LuaError) return String(error.value);
    throw new Error(`parser failed on ${JSON.stringify(text)}`, { cause: error });
  }
}
