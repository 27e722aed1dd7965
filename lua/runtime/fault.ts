/**
 * Errors that get their name later. An operation sees values, not variables; a built-in function does
 * not know how it is called. The compiled function that the error passes first knows both from its
 * instruction, and completes the text:
 *
 * ```
 * index(nil, "b")     "attempt to index a nil value"  ─▶  "attempt to index field 'a' (a nil value)"
 * checkTable(args, 1) "bad argument #1 to '?' (…)"    ─▶  "bad argument #1 to 'ipairs' (…)"
 * ```
 *
 * Whoever completes a text looks at `level` first: where that is not 1, the error comes from elsewhere,
 * and its text stays as it is.
 */

import { LuaError } from "./lua_error.ts";
import type { TypeName } from "./value.ts";

/** What an operation could not do with its operand. */
export type OperandAction =
  | "index"
  | "call"
  | "perform arithmetic on"
  | "concatenate"
  | "get length of";

/** As Lua names where a value comes from. */
export type VariableKind = "local" | "upvalue" | "global" | "field" | "method";

/** An operand of a type that the operation has nothing for. */
export class OperandFault extends LuaError {
  /** @param operand which one of the operation's it is, from 0, left to right */
  constructor(
    readonly action: OperandAction,
    readonly operand: number,
    readonly operandType: TypeName,
  ) {
    super(`attempt to ${action} a ${operandType} value`, 1);
  }

  /** Puts the variable's name into the text. */
  nameOperand(kind: VariableKind, name: string): void {
    this.value = `attempt to ${this.action} ${kind} '${name}' (a ${this.operandType} value)`;
  }
}

/** An argument that a built-in function refuses. */
export class ArgumentFault extends LuaError {
  /** @param index which argument it is, from 1 */
  constructor(readonly index: number, readonly problem: string) {
    super(`bad argument #${index} to '?' (${problem})`, 1);
  }

  /** Puts the function's name into the text. A method's first argument is the object, not counted. */
  nameFunction(isMethod: boolean, name: string): void {
    const index = isMethod ? this.index - 1 : this.index;
    this.value = isMethod && index === 0
      ? `calling '${name}' on bad self (${this.problem})`
      : `bad argument #${index} to '${name}' (${this.problem})`;
  }
}
