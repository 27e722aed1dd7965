/**
 * `getfenv` and `setfenv`: where a function's globals are. A level is counted from the caller out; what
 * functions those are, only the frames tell, so they are left for a look.
 */

import { frameAt } from "../runtime/frame.ts";
import { fail } from "../runtime/lua_error.ts";
import { LuaFunction } from "../runtime/lua_function.ts";
import type { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import { builtinOfArray } from "../runtime/builtin.ts";
import { type LuaValue, NOTHING, type Results } from "../runtime/value.ts";
import { checkInt32, checkTable, failArgument, optionalInt32 } from "./arguments.ts";

/** The functions, by name. */
export function environmentFunctions(
  machine: Machine,
  globals: LuaTable,
): Readonly<Record<string, LuaFunction>> {
  /** The environment of the running program itself. */
  const ofProgram = () => machine.environment ?? globals;

  /** Has `use` answer, with the function that is meant; undefined: `getfenv` or `setfenv` itself. */
  function withFunction(
    args: readonly LuaValue[],
    level: number,
    use: (target: LuaFunction | undefined) => Results,
  ): Results {
    const [first] = args;
    if (first instanceof LuaFunction) return use(first);
    if (level < 0) failArgument(1, "level must be non-negative");
    if (level === 0) return use(undefined);
    machine.inspect((frames) =>
      use(frameAt(frames, level)?.self ?? failArgument(1, "invalid level"))
    );
  }

  function getEnvironment(args: readonly LuaValue[]): Results {
    const level = args[0] instanceof LuaFunction ? 0 : optionalInt32(args, 1, 1);
    return withFunction(
      args,
      level,
      (target) => target?.origin === undefined ? ofProgram() : target.env,
    );
  }

  function setEnvironment(args: readonly LuaValue[]): Results {
    const environment = checkTable(args, 2);
    const level = args[0] instanceof LuaFunction ? 0 : checkInt32(args, 1);
    return withFunction(args, level, (target) => {
      if (target === undefined) {
        machine.environment = environment;
        return NOTHING;
      }
      if (target.origin === undefined) {
        fail("'setfenv' cannot change environment of given object");
      }
      target.env = environment;
      return target;
    });
  }

  return {
    getfenv: builtinOfArray(getEnvironment),
    setfenv: builtinOfArray(setEnvironment),
  };
}
