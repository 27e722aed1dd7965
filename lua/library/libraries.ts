/** Opens all libraries. */

import type { LuaTable } from "../runtime/lua_table.ts";
import type { Machine } from "../runtime/machine.ts";
import type { Operations } from "../runtime/operations.ts";
import { type BaseOptions, openBase } from "./base.ts";
import { openBit } from "./bit.ts";
import { openCjson } from "./cjson.ts";
import { openCmsgpack } from "./cmsgpack.ts";
import { openMath } from "./math.ts";
import { Random48 } from "./random48.ts";
import { openString } from "./string.ts";
import { openStruct } from "./struct.ts";
import { openTable } from "./table.ts";

/** What the libraries need of whoever opens them. */
export interface LibraryOptions extends BaseOptions {
  /** What `math.random` takes its numbers from, and `math.randomseed` seeds; one of its own by default. */
  readonly random?: Random48;
}

/** Puts all libraries into the table of globals. */
export function openLibraries(
  machine: Machine,
  operations: Operations,
  globals: LuaTable,
  options: LibraryOptions,
): void {
  openBase(machine, operations, globals, options);
  globals.set("string", openString(machine, operations));
  globals.set("table", openTable(machine, operations));
  globals.set("math", openMath(options.random ?? new Random48()));
  globals.set("bit", openBit());
  globals.set("struct", openStruct(machine));
  globals.set("cjson", openCjson(machine));
  globals.set("cmsgpack", openCmsgpack(machine));
}
