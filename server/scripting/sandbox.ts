/**
 * What scripts see: Lua's libraries and `redis`, none of which they can change, so that no script leaves
 * anything behind for the next.
 *
 * ```
 * globals of the engine ──▶ EVAL's: redis, KEYS and ARGV (set anew for each script)
 *                      └──▶ functions': redis
 * ```
 *
 * Who asks for a global that is not there gets an error, and so does who sets one.
 */

import { builtinOfArray } from "../../lua/runtime/builtin.ts";
import { fail } from "../../lua/runtime/lua_error.ts";
import type { LuaFunction } from "../../lua/runtime/lua_function.ts";
import { LuaTable } from "../../lua/runtime/lua_table.ts";
import type { Machine } from "../../lua/runtime/machine.ts";
import { showValue } from "../../lua/runtime/shown_value.ts";
import { formatNumber } from "../../lua/runtime/number_text.ts";
import type { LuaValue } from "../../lua/runtime/value.ts";
import { fieldTable } from "./error_tables.ts";
import { evalFields, type Fields, loadFields, type RedisApiHost, runFields } from "./redis_api.ts";

/** What the engine has and scripts do not. */
const HIDDEN: ReadonlySet<string> = new Set(["print", "dofile", "loadfile", "require", "module"]);

const KEYS = "KEYS";
const ARGV = "ARGV";

export class Sandbox {
  /** The globals of EVAL's scripts. */
  readonly evalGlobals: LuaTable;
  /** Those of them that are the same for all scripts. */
  readonly fixedGlobals: LuaTable;
  /** The globals of functions. */
  readonly functionGlobals: LuaTable;
  /** The fields of `redis` while a library is loaded, without register_function. */
  readonly loadParts: Fields;
  readonly #keysAt: number;
  readonly #argvAt: number;
  readonly #nonexistent = builtinOfArray(failNonexistent);

  /** @param globals the engine's, with all libraries; they are EVAL's from here on */
  constructor(globals: LuaTable, { stringMetatable }: Machine, host: RedisApiHost) {
    for (const name of HIDDEN) globals.set(name, undefined);
    const functions = copyOf(globals);
    globals.set("redis", tableOf([...runFields(host), ...evalFields()]));
    globals.set("__redis__err__handler", builtinOfArray(([error]) => handledError(error)));
    functions.set("redis", tableOf(runFields(host)));
    functions.set("_G", functions);
    this.fixedGlobals = copyOf(globals);
    this.evalGlobals = globals;
    globals.set(KEYS, new LuaTable());
    globals.set(ARGV, new LuaTable());
    this.#keysAt = globals.placeOf(KEYS);
    this.#argvAt = globals.placeOf(ARGV);
    this.functionGlobals = functions;
    this.loadParts = loadFields(host);
    for (const table of [globals, functions]) {
      table.metatable = fieldTable("__index", this.#nonexistent);
      protect(table);
    }
    protect(this.fixedGlobals);
    if (stringMetatable !== undefined) protect(stringMetatable);
  }

  /** Lets nobody change a table, nor ask it for what is not there. */
  closeTable(table: LuaTable): void {
    table.metatable = fieldTable("__index", this.nonexistent);
    protect(table);
  }

  /** Fails for a name that is not there; a metatable's `__index`. */
  get nonexistent(): LuaFunction {
    return this.#nonexistent;
  }

  /** Gives the next script its keys and arguments. They have places that stay theirs. */
  setArguments(keys: LuaTable, argv: LuaTable): void {
    const { entries } = this.evalGlobals;
    entries[this.#keysAt + 1] = keys;
    entries[this.#argvAt + 1] = argv;
  }
}

/** Lets nobody change a table, nor any that it leads to. */
function protect(table: LuaTable): void {
  if (table.isReadonly) return;
  table.isReadonly = true;
  forEach(table, (_, value) => {
    if (value instanceof LuaTable) protect(value);
  });
  if (table.metatable !== undefined) protect(table.metatable);
}

function forEach(table: LuaTable, visit: (key: LuaValue, value: LuaValue) => void): void {
  for (let place = table.occupiedFrom(0); place >= 0; place = table.occupiedFrom(place + 1)) {
    visit(table.keyAt(place), table.valueAt(place));
  }
}

function copyOf(table: LuaTable): LuaTable {
  const copy = new LuaTable();
  forEach(table, (key, value) => copy.set(key, value));
  return copy;
}

function tableOf(fields: Fields): LuaTable {
  const table = new LuaTable();
  for (const [name, value] of fields) table.set(name, value);
  return table;
}

function failNonexistent(args: readonly LuaValue[]): never {
  if (args.length !== 2) fail("Wrong number of arguments to luaProtectedTableError");
  const [, name] = args;
  if (typeof name !== "string" && typeof name !== "number") {
    fail("Second argument to luaProtectedTableError must be a string or number");
  }
  const shown = typeof name === "number" ? formatNumber(name) : name;
  fail(`Script attempted to access nonexistent global variable '${shown}'`);
}

/** What Redis's scripts see of how their errors are handled. */
function handledError(error: LuaValue): LuaValue {
  return error instanceof LuaTable ? error : fieldTable("err", `ERR ${showValue(error)}`);
}
