/** Which functions always answer exactly one value, so that nobody who calls them has to look. */

import type { Block, FunctionNode, Statement } from "../syntax/ast.ts";

const known = new WeakMap<FunctionNode, boolean>();

/** Whether a function ends by returning one value, wherever it ends. */
export function answersOne(node: FunctionNode): boolean {
  let answer = known.get(node);
  if (answer === undefined) {
    answer = returnsOne(node.body) && endsByReturn(node.body);
    known.set(node, answer);
  }
  return answer;
}

function returnsOne({ statements }: Block): boolean {
  return statements.every((statement) => {
    switch (statement.kind) {
      case "return":
        return statement.values.length === 1 && statement.values[0].kind !== "call" &&
          statement.values[0].kind !== "methodCall" && statement.values[0].kind !== "vararg";
      case "if":
        return statement.clauses.every(({ body }) => returnsOne(body)) &&
          (statement.otherwise === undefined || returnsOne(statement.otherwise));
      case "do":
      case "while":
      case "repeat":
      case "numericFor":
      case "genericFor":
        return returnsOne(statement.body);
      default:
        return true;
    }
  });
}

function endsByReturn({ statements }: Block): boolean {
  const last: Statement | undefined = statements[statements.length - 1];
  switch (last?.kind) {
    case "return":
      return true;
    case "do":
      return endsByReturn(last.body);
    case "if":
      return last.otherwise !== undefined && endsByReturn(last.otherwise) &&
        last.clauses.every(({ body }) => endsByReturn(body));
    default:
      return false;
  }
}
