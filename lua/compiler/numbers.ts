/**
 * Which local variables always hold numbers, so that nobody has to look. It is more than the look that
 * is saved: V8 keeps such a variable as a bare double, where it would box each sum.
 *
 * ```
 * local sum = 0                  a number …
 * for i = 1, n do
 *   sum = sum + i * 0.5          … as long as sum and i are
 * end
 * ```
 *
 * All that only ever are assigned one value each are taken for numbers at first; then those are dropped
 * whose values may be something else if the others are numbers, until none is.
 */

import type { Block, Expression, FunctionNode, LocalVariable, Statement } from "../syntax/ast.ts";

/** Answers the local variables of a function, without those of functions in it, that are numbers. */
export function numbersOf(
  { body, parameters, argVariable }: FunctionNode,
): ReadonlySet<LocalVariable> {
  const values = new Map<LocalVariable, Expression[]>();
  // What comes from elsewhere, before anything is assigned to it.
  const unknown = new Set(parameters);
  if (argVariable !== undefined) unknown.add(argVariable);
  collect(body, values, unknown);
  const numbers = new Set(values.keys());
  for (const variable of unknown) numbers.delete(variable);
  for (let before = -1; before !== numbers.size;) {
    before = numbers.size;
    for (const variable of numbers) {
      const all = values.get(variable) ?? [];
      if (!all.every((value) => isNumber(value, numbers))) numbers.delete(variable);
    }
  }
  return numbers;
}

/** Notes which values are assigned to which variables, and which variables get others too. */
function collect(
  { statements }: Block,
  values: Map<LocalVariable, Expression[]>,
  unknown: Set<LocalVariable>,
): void {
  const assign = (variable: LocalVariable, value: Expression | undefined) => {
    // What others assign to as well lives in a cell.
    if (value === undefined || (variable.isCaptured && variable.isAssigned)) unknown.add(variable);
    else {
      const all = values.get(variable);
      if (all === undefined) values.set(variable, [value]);
      else all.push(value);
    }
  };
  for (const statement of statements) {
    switch (statement.kind) {
      case "local":
        statement.variables.forEach((variable, at) => assign(variable, statement.values[at]));
        break;
      case "assign":
        statement.targets.forEach((target, at) => {
          if (target.kind === "variable") assign(target.variable, statement.values[at]);
        });
        break;
      case "localFunction":
        unknown.add(statement.variable);
        break;
      case "genericFor":
        for (const variable of statement.variables) unknown.add(variable);
        break;
      case "numericFor":
        // Counts by numbers; others may be assigned to it.
        if (statement.variable.isAssigned && statement.variable.isCaptured) {
          unknown.add(statement.variable);
        } else if (!values.has(statement.variable)) values.set(statement.variable, []);
        break;
    }
    for (const body of bodiesOf(statement)) collect(body, values, unknown);
  }
}

function bodiesOf(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case "do":
    case "while":
    case "repeat":
    case "numericFor":
    case "genericFor":
      return [statement.body];
    case "if": {
      const bodies = statement.clauses.map(({ body }) => body);
      return statement.otherwise === undefined ? bodies : [...bodies, statement.otherwise];
    }
    default:
      return [];
  }
}

/** Whether an expression is a number, if these variables are. */
function isNumber(expression: Expression, numbers: ReadonlySet<LocalVariable>): boolean {
  let rest = expression;
  for (;;) {
    switch (rest.kind) {
      case "constant":
        return typeof rest.value === "number";
      case "variable":
        return numbers.has(rest.variable);
      case "unary":
        if (rest.operator !== "-") return false;
        rest = rest.operand;
        break;
      case "binary":
        if (!isArithmetic(rest.operator) || !isNumber(rest.right, numbers)) return false;
        rest = rest.left;
        break;
      default:
        return false;
    }
  }
}

function isArithmetic(operator: string): boolean {
  return operator === "+" || operator === "-" || operator === "*" || operator === "/" ||
    operator === "%" || operator === "^";
}
