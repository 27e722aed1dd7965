/**
 * `table.sort`. What compares is called natively, and may be left in the middle: the frame has the state
 * of the sort (sorting.ts), and is given the comparison's answer. Numbers alone, or strings alone, need
 * no such care: their order says all, and V8 sorts them.
 */

import { withoutLevel } from "../runtime/builtin.ts";
import type { Frame } from "../runtime/frame.ts";
import { asLuaError, type LuaError } from "../runtime/lua_error.ts";
import { LuaFunction } from "../runtime/lua_function.ts";
import type { LuaTable } from "../runtime/lua_table.ts";
import { type Machine, SUSPENSION } from "../runtime/machine.ts";
import type { Operations } from "../runtime/operations.ts";
import { firstOf, isTruthy, NOTHING, type Results } from "../runtime/value.ts";
import { checkFunction, checkTable } from "./arguments.ts";
import { Sorting } from "./sorting.ts";

/** The function. */
export function sortOf(machine: Machine, { lessFunction }: Operations): LuaFunction {
  return new LuaFunction(
    (self, ...args) => {
      const table = checkTable(args, 1);
      const less = args[1] === undefined ? undefined : checkFunction(args, 2);
      const { length } = table;
      machine.charge(length);
      if (less === undefined && sortAlike(table, length)) return NOTHING;
      const sorting = new Sorting(table, length);
      if (!sorting.start()) return NOTHING;
      machine.enterBoundary(0);
      return new SortFrame(self, machine, less ?? lessFunction, sorting).run();
    },
    [],
    undefined,
    undefined,
  );
}

class SortFrame implements Frame {
  /** It was left between two comparisons. */
  #isPausing = false;

  /** The boundary has been entered, for all comparisons. */
  constructor(
    readonly self: LuaFunction,
    readonly machine: Machine,
    readonly less: LuaFunction,
    readonly sorting: Sorting,
  ) {}

  resume(results: Results): Results {
    if (this.#isPausing) {
      this.#isPausing = false;
      return this.run();
    }
    return this.#answer(results) ? this.run() : this.#end();
  }

  fail(error: LuaError): Results {
    this.machine.boundaries--;
    throw withoutLevel(error);
  }

  run(): Results {
    const { machine, less, sorting } = this;
    for (;;) {
      let results: Results;
      try {
        // At least one comparison lies between two pauses.
        results = less.code(less, sorting.left, sorting.right);
      } catch (thrown) {
        if (thrown === SUSPENSION) {
          machine.leave(this);
          throw thrown;
        }
        machine.boundaries--;
        const error = asLuaError(thrown);
        throw error === undefined ? thrown : withoutLevel(error);
      }
      if (!this.#answer(results)) return this.#end();
      if (--machine.budget < 0) this.#pause();
    }
  }

  #pause(): void {
    const { machine } = this;
    this.#isPausing = true;
    try {
      machine.pause();
    } catch (thrown) {
      if (thrown === SUSPENSION) machine.leave(this);
      throw thrown;
    }
    this.#isPausing = false;
  }

  #answer(results: Results): boolean {
    try {
      return this.sorting.answer(isTruthy(firstOf(results)));
    } catch (error) {
      this.machine.boundaries--;
      throw error;
    }
  }

  #end(): Results {
    this.machine.boundaries--;
    return NOTHING;
  }
}

/** Sorts what is numbers alone or strings alone; false where it is not. */
function sortAlike(table: LuaTable, length: number): boolean {
  const { elements } = table;
  if (table.isReadonly || !table.isSequence || length < 2) return false;
  if (typeof elements[0] === "number") {
    const numbers = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const element = elements[i];
      // What is not a number is not less than any: then the order of the comparisons matters.
      if (typeof element !== "number" || element !== element) return false;
      numbers[i] = element;
    }
    numbers.sort();
    for (let i = 0; i < length; i++) elements[i] = numbers[i];
    return true;
  }
  for (let i = 0; i < length; i++) if (typeof elements[i] !== "string") return false;
  elements.sort();
  return true;
}
