/**
 * What the functions of a chunk know together while they are lowered: the host's values that the text
 * refers to, and what local variables always are.
 *
 * ```
 * local call = redis.call            call is the host's function: no register, no upvalue
 * local LIMIT = 10                   LIMIT is 10
 * local function f() … end           f is a closure of f1: calls go there directly
 * ```
 */

import { LuaFunction } from "../runtime/lua_function.ts";
import { LuaTable } from "../runtime/lua_table.ts";
import type { LuaValue } from "../runtime/value.ts";
import type { FunctionNode, LocalVariable } from "../syntax/ast.ts";
import type { LoweredFunction } from "./ir.ts";
import { hostOperand, literalOperand, type Operand, operandOf } from "./operand.ts";

/** Names with which a program might change what `fixedGlobals` says or get around it. */
const UNFIXING = /\b(?:[sg]etfenv|load|loadstring|setmetatable|rawset|_G)\b/;

export class ChunkContext {
  /** Host values that the text refers to as k0, k1, …; and as c0, c1, … to a function's code. */
  readonly hostValues: (LuaFunction | LuaTable)[] = [];
  readonly functions: LoweredFunction[] = [];
  /** Functions whose one closure the text has as a constant, g0, g1, …, by their index. */
  readonly sharedClosures: number[] = [];
  /** How many hints the text has: where a field was seen last, variables h0, h1, …. */
  hintCount = 0;
  readonly #operands = new Map<LuaValue, Operand>();
  readonly #constants = new Map<LocalVariable, Operand>();
  readonly #closures = new Map<LocalVariable, FunctionNode>();
  readonly #fixedGlobals: LuaTable | undefined;
  /** The tables within the fixed globals that are as fixed as they, and those themselves. */
  readonly #fixedTables = new Set<LuaValue>();

  constructor(source: string, fixedGlobals: LuaTable | undefined) {
    if (fixedGlobals !== undefined && !UNFIXING.test(source)) {
      this.#fixedGlobals = fixedGlobals;
    }
  }

  /**
   * The one closure of a function that is made once in a run of the chunk and captures nothing: it is
   * made once for all runs, as with fixed globals nobody can tell the difference. undefined where it is
   * to be made when its turn comes.
   */
  sharedClosure(node: FunctionNode, isMadeOnce: boolean, captured: number): Operand | undefined {
    if (!isMadeOnce || captured > 0 || this.#fixedGlobals === undefined) return undefined;
    this.sharedClosures.push(node.index);
    return closureOperand(`g${node.index}`, node);
  }

  /** A hint for one place of the program. */
  hint(): string {
    return `h${this.hintCount++}`;
  }

  /** What a global variable always is, where that is known. */
  fixedGlobal(name: string): Operand | undefined {
    const operand = this.#fixed(this.#fixedGlobals?.get(name));
    if (operand?.type === "table") this.#fixedTables.add(operand.constant?.value);
    return operand;
  }

  /** What a field of a constant always is, where that is known. */
  fixedField(object: Operand, key: Operand): Operand | undefined {
    const table = object.constant?.value;
    if (!(table instanceof LuaTable) || !this.#fixedTables.has(table)) return undefined;
    return key.constant === undefined ? undefined : this.#fixed(table.get(key.constant.value));
  }

  #fixed(value: LuaValue): Operand | undefined {
    switch (typeof value) {
      case "undefined":
        return undefined;
      case "boolean":
      case "number":
      case "string":
        return literalOperand(value);
    }
    if (!(value instanceof LuaTable) && !(value instanceof LuaFunction)) return undefined;
    let operand = this.#operands.get(value);
    if (operand === undefined) {
      const type = value instanceof LuaTable ? "table" : "function";
      operand = hostOperand(`k${this.hostValues.length}`, value, type);
      this.hostValues.push(value);
      this.#operands.set(value, operand);
    }
    return operand;
  }

  /** Notes what a variable that is never assigned to is from its declaration on. */
  define(variable: LocalVariable, value: Operand): void {
    if (variable.isAssigned) return;
    // Neither needs a register, nor to be captured.
    if (value.constant !== undefined || isShared(value)) this.#constants.set(variable, value);
    else if (value.closureOf !== undefined) this.#closures.set(variable, value.closureOf);
  }

  /** Notes that a variable that is never assigned to is a function, from within that on. */
  defineFunction(variable: LocalVariable, node: FunctionNode): void {
    this.#closures.set(variable, node);
  }

  /** The constant that a variable is. */
  constantOf(variable: LocalVariable): Operand | undefined {
    return this.#constants.get(variable);
  }

  /** The function that a variable's value is a closure of. */
  functionOf(variable: LocalVariable): FunctionNode | undefined {
    return this.#closures.get(variable);
  }
}

function isShared({ closureOf, text }: Operand): boolean {
  return closureOf !== undefined && text === `g${closureOf.index}`;
}

/** A closure of a function of this chunk. */
export function closureOperand(text: string, node: FunctionNode): Operand {
  return operandOf({ text, type: "function", closureOf: node });
}
