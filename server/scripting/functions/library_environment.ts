/**
 * Where the code of libraries finds its globals. While a library is loaded it has little: there are no
 * commands to call yet, and what it does has to be the same on every server that loads it.
 *
 * ```
 * loading   redis ─▶ register_function, log, LOG_…, REDIS_VERSION…      nothing else
 * running   redis ─▶ call, pcall, …    string, table, math, cjson, …
 * ```
 *
 * Closures keep one table of globals from the one time to the other, so the fields of that are changed.
 * For scripts it is read-only at all times, and asking it for what it lacks is an error.
 */

import { LuaTable } from "../../../lua/runtime/lua_table.ts";
import type { LuaValue } from "../../../lua/runtime/value.ts";

type Field = readonly [name: LuaValue, value: LuaValue];

const REDIS = "redis";

export class LibraryEnvironment {
  readonly globals: LuaTable;
  readonly #running: readonly Field[];
  readonly #loadingRedis: LuaTable;

  /**
   * @param running the globals of a function that runs
   * @param loadingRedis `redis` as it is while a library is loaded
   */
  constructor(running: LuaTable, loadingRedis: LuaTable) {
    this.globals = new LuaTable();
    this.globals.metatable = running.metatable;
    this.#running = fieldsOf(running);
    this.#loadingRedis = loadingRedis;
    this.#fill((_, value) => value);
  }

  /** Has the globals be those of a library that is loaded, while something is done. */
  whileLoading<T>(work: () => T): T {
    this.#fill((name) => name === REDIS ? this.#loadingRedis : undefined);
    try {
      return work();
    } finally {
      this.#fill((_, value) => value);
    }
  }

  #fill(valueOf: (name: LuaValue, value: LuaValue) => LuaValue): void {
    const { globals } = this;
    globals.isReadonly = false;
    for (const [name, value] of this.#running) globals.set(name, valueOf(name, value));
    globals.isReadonly = true;
  }
}

function fieldsOf(table: LuaTable): Field[] {
  const fields: Field[] = [];
  for (let at = table.occupiedFrom(0); at !== -1; at = table.occupiedFrom(at + 1)) {
    fields.push([table.keyAt(at), table.valueAt(at)]);
  }
  return fields;
}
