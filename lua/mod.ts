/**
 * Lua 5.1 for a host: compiles programs to JavaScript, runs them, and can stop them anywhere.
 *
 * ```ts
 * const engine = new Engine({ turn: () => "continue" });
 * const chunk = engine.compile("return 1 + 1", "@example");
 * engine.start(chunk, []);    // 2
 * ```
 *
 * An engine is one Lua state: its globals, its metatable of strings, one run at a time.
 */

import { type CompileOptions as CompilerOptions, Compiler } from "./compiler/compiler.ts";
import { ITERATORS } from "./library/base.ts";
import { type LibraryOptions, openLibraries } from "./library/libraries.ts";
import type { LuaFunction } from "./runtime/lua_function.ts";
import { LuaTable } from "./runtime/lua_table.ts";
import { Machine, type MachineHost, type Suspended } from "./runtime/machine.ts";
import { type Operations, operationsOf } from "./runtime/operations.ts";
import type { LuaValue, Results } from "./runtime/value.ts";

/** What a host may want otherwise. */
export type EngineOptions = Omit<LibraryOptions, "compileChunk">;

/** How a program is to be compiled. */
export type CompileOptions = Partial<CompilerOptions>;

export class Engine {
  readonly machine: Machine;
  readonly operations: Operations;
  /** All of the libraries; the globals of programs that are compiled without others. */
  readonly globals: LuaTable = new LuaTable();
  readonly #compiler: Compiler;

  constructor(host: MachineHost, options: EngineOptions = {}) {
    this.machine = new Machine(host);
    this.operations = operationsOf(this.machine);
    this.#compiler = new Compiler(this.machine, this.operations, ITERATORS);
    openLibraries(this.machine, this.operations, this.globals, {
      ...options,
      compileChunk: (source, chunkName, env) => this.compile(source, chunkName, { env }),
    });
  }

  /**
   * Compiles a program. O(n) in the size of its source.
   *
   * @param source one character (0 to 255) a byte
   * @param chunkName as Lua's load takes it: `@user_script` or `=user_script` give positions that begin
   *   with `user_script`, any other text is shown as `[string "…"]`
   * @throws {LuaError} with Lua's message, where it is not valid
   */
  compile(source: string, chunkName: string, options: CompileOptions = {}): LuaFunction {
    return this.#compiler.compile(source, chunkName, { env: this.globals, ...options });
  }

  /**
   * Calls a function.
   *
   * @returns its results, or the run where the host has asked it to stop
   * @throws {LuaError} as it ends with
   * @throws {Abort} where the host ended it
   */
  start(callee: LuaFunction, args: readonly LuaValue[]): Results | Suspended {
    return this.machine.start(callee, args);
  }

  /** Goes on with a run that has stopped; answers as {@linkcode Engine.start}. */
  continue(suspended: Suspended): Results | Suspended {
    return this.machine.continue(suspended);
  }
}
