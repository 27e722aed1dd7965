/** A value as lowered code holds it: a piece of JavaScript without effects, and what is known of it. */

import type { VariableName } from "../runtime/compiled_frame.ts";
import type { LuaFunction } from "../runtime/lua_function.ts";
import type { LuaTable } from "../runtime/lua_table.ts";
import type { LuaValue } from "../runtime/value.ts";
import type { FunctionNode } from "../syntax/ast.ts";
import { literalOf } from "./literal.ts";

export interface Operand {
  /** A register, a constant, or the value of a cell. */
  readonly text: string;
  /**
   * When `text` may answer something else later: never (a temporary register, a constant); when its
   * variable is assigned to by a statement of this function; or by whatever is called too.
   */
  readonly changes: "never" | "assigned" | "any";
  /** What it always is, where that is known. */
  readonly type: "number" | "string" | "boolean" | "nil" | "function" | "table" | undefined;
  /** Its value, where it is a constant. */
  readonly constant: { readonly value: LuaValue } | undefined;
  /** The function that it always is a closure of. */
  readonly closureOf: FunctionNode | undefined;
  /** What errors call it. */
  readonly name: VariableName | undefined;
}

/** An operand of which no more is known than is told. */
export function operandOf(known: Partial<Operand> & { readonly text: string }): Operand {
  return {
    text: known.text,
    changes: known.changes ?? "never",
    type: known.type,
    constant: known.constant,
    closureOf: known.closureOf,
    name: known.name,
  };
}

/** nil, a boolean, a number or a string. */
export function literalOperand(value: undefined | boolean | number | string): Operand {
  const type = value === undefined ? "nil" : typeof value as "boolean" | "number" | "string";
  return operandOf({ text: literalOf(value), type, constant: { value } });
}

/** A function or a table of the host's, which the text knows as `text`. */
export function hostOperand(
  text: string,
  value: LuaFunction | LuaTable,
  type: "function" | "table",
): Operand {
  return operandOf({ text, type, constant: { value } });
}

/** The condition under which an operand counts as true. */
export function truthText({ text, type, constant }: Operand): string {
  if (constant !== undefined) {
    return constant.value === undefined || constant.value === false ? "false" : "true";
  }
  if (type === "boolean") return text;
  return type === undefined ? `(${text}!==undefined&&${text}!==false)` : "true";
}
