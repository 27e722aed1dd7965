/** `load` and `loadstring`: text becomes a function. */

import { builtinOfArray, type CallingBack, callingBuiltin } from "../runtime/builtin.ts";
import { asLuaError, LuaError } from "../runtime/lua_error.ts";
import type { LuaFunction } from "../runtime/lua_function.ts";
import type { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import { isText, type Operations, toText } from "../runtime/operations.ts";
import { firstOf, type LuaValue, type Results } from "../runtime/value.ts";
import { checkFunction, checkString, optionalString } from "./arguments.ts";

/**
 * Compiles a chunk.
 *
 * @param chunkName what positions begin with
 * @param environment where its globals are
 * @throws {LuaError} with Lua's text where it is not valid
 */
export type CompileChunk = (
  source: string,
  chunkName: string,
  environment: LuaTable,
) => LuaFunction;

/** The longest text that positions begin with, as Lua's LUA_IDSIZE without the closing zero. */
const MAX_CHUNK_NAME = 59;

/** The functions, by name. */
export function loadingFunctions(
  machine: Machine,
  operations: Operations,
  globals: LuaTable,
  compileChunk: CompileChunk,
): Readonly<Record<string, LuaFunction>> {
  function load(source: string, chunkName: string): Results {
    // Compiling takes about as long as 10 instructions a byte.
    machine.charge(source.length * 10);
    try {
      return compileChunk(source, shownChunkName(chunkName), machine.environment ?? globals);
    } catch (thrown) {
      return failed(thrown);
    }
  }

  function* loadFromReader(...args: LuaValue[]): CallingBack {
    const chunkName = optionalString(args, 2, "=(load)");
    const reader = checkFunction(args, 1);
    let source = "";
    try {
      for (;;) {
        const piece = firstOf(yield { callee: reader, args: [] });
        if (piece === undefined || piece === "") break;
        if (!isText(piece)) throw new LuaError("reader function must return a string", 0);
        source += toText(piece);
      }
    } catch (thrown) {
      return failed(thrown);
    }
    return load(source, chunkName);
  }

  return {
    load: callingBuiltin(machine, operations.callValue, loadFromReader),
    loadstring: builtinOfArray((args) => {
      const source = checkString(args, 1);
      return load(source, optionalString(args, 2, source));
    }),
  };
}

function failed(thrown: unknown): Results {
  const error = asLuaError(thrown);
  if (error === undefined) throw thrown;
  return [undefined, error.value];
}

/**
 * What positions show of a chunk's name: `=name` and `@name` as they are but for the sign, a text by
 * its first line, all shortened.
 */
export function shownChunkName(name: string): string {
  const [text] = name.split("\0", 1);
  if (text.startsWith("=")) return text.slice(1, 1 + MAX_CHUNK_NAME);
  if (text.startsWith("@")) {
    const path = text.slice(1);
    const room = MAX_CHUNK_NAME - 7;
    return path.length <= room ? path : `...${path.slice(-room)}`;
  }
  const room = MAX_CHUNK_NAME - 16;
  const line = text.slice(0, Math.min(room, text.search(/[\r\n]|$/)));
  return `[string "${line}${line.length < text.length ? "..." : ""}"]`;
}
