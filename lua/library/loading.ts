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
 * @param chunkName as Lua's load takes it, see runtime/chunk_name.ts
 * @param environment where its globals are
 * @throws {LuaError} with Lua's text where it is not valid
 */
export type CompileChunk = (
  source: string,
  chunkName: string,
  environment: LuaTable,
) => LuaFunction;

/** What compiling takes, in steps: some 50 µs and 70 ns a byte. */
const COST_OF_CHUNK = 5000;
const COST_OF_BYTE = 15;

/** The functions, by name. */
export function loadingFunctions(
  machine: Machine,
  operations: Operations,
  globals: LuaTable,
  compileChunk: CompileChunk,
): Readonly<Record<string, LuaFunction>> {
  function load(source: string, chunkName: string): Results {
    machine.charge(COST_OF_CHUNK + source.length * COST_OF_BYTE);
    try {
      return compileChunk(source, chunkName, machine.environment ?? globals);
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
