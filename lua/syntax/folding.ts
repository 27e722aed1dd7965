/**
 * Arithmetic on constants, which Lua does when it reads a chunk. It leaves out what would be no number,
 * and division by zero.
 */

import type { BinaryOperator } from "./ast.ts";

/** The outcome, or undefined where it is left to the time when the chunk runs. */
export function fold(operator: BinaryOperator, left: number, right: number): number | undefined {
  const value = calculate(operator, left, right);
  return Number.isNaN(value) ? undefined : value;
}

function calculate(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? NaN : left / right;
    case "%":
      return right === 0 ? NaN : left - Math.floor(left / right) * right;
    case "^":
      return left ** right;
    default:
      return NaN;
  }
}
