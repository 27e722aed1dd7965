/** What an expression is asked about before it is lowered, by its form alone. */

import type { BinaryExpression, Expression, LogicalExpression } from "../syntax/ast.ts";

/** Whether an expression may have any number of values. */
export function isOpen({ kind }: Expression): boolean {
  return kind === "call" || kind === "methodCall" || kind === "vararg";
}

/** Whether an operator compares, and answers true or false itself. */
export function isComparison(operator: BinaryExpression["operator"]): boolean {
  return operator === "==" || operator === "~=" || operator === "<" || operator === "<=" ||
    operator === ">" || operator === ">=";
}

/** What an expression goes on from, where it is part of a chain to the left. */
export function leftOf(expression: Expression): Expression | undefined {
  switch (expression.kind) {
    case "binary":
      return expression.left;
    case "index":
    case "methodCall":
      return expression.object;
    case "call":
      return expression.callee;
    default:
      return undefined;
  }
}

/**
 * Whether errors name the value of a logical expression as its last operand. Lua looks for the name on
 * the way on which each test jumps: where that leads to the end, there is none.
 */
export function isLastNamed(expression: LogicalExpression): boolean {
  return outcomeOfTests(expression) === undefined;
}

/**
 * How a logical expression is decided on that way; undefined where its last operand is what is left.
 *
 * @param around the operator that the expression is the left operand of
 */
function outcomeOfTests(
  expression: Expression,
  around?: LogicalExpression["operator"],
): boolean | undefined {
  const spine: LogicalExpression[] = [];
  for (let rest = expression; rest.kind === "logical"; rest = rest.left) spine.push(rest);
  // The first test jumps where its operator is decided by it.
  let outcome: boolean | undefined = around === undefined && spine.length === 0
    ? undefined
    : (spine[spine.length - 1]?.operator ?? around) === "or";
  for (let at = spine.length; --at >= 0;) {
    const { operator, right } = spine[at];
    if (outcome === (operator === "or")) continue;
    outcome = outcomeOfTests(right, at === 0 ? around : spine[at - 1].operator);
  }
  return outcome;
}

/** The operands of a chain of one and the same logical operator. */
export function operandsOf({ operator, left, right }: LogicalExpression): Expression[] {
  const operands = [right];
  let rest = left;
  while (rest.kind === "logical" && rest.operator === operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  operands.push(rest);
  return operands.reverse();
}
