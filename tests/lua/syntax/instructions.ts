// The instructions that Lua would make of a tree, in its order, as far as they may fail.

import type * as Ast from "../../../lua/syntax/ast.ts";

const INSTRUCTIONS: Record<string, string> = {
  "+": "ADD",
  "-": "SUB",
  "*": "MUL",
  "/": "DIV",
  "%": "MOD",
  "^": "POW",
  "==": "EQ",
  "~=": "EQ",
  "<": "LT",
  ">": "LT",
  "<=": "LE",
  ">=": "LE",
};

/** The instructions of one function and the functions in it, as {@linkcode CompiledFunction} has them. */
export function instructionsOf(
  node: Ast.FunctionNode,
): { instructions: string[]; functions: Ast.FunctionNode[] } {
  const instructions: string[] = [];
  const functions: Ast.FunctionNode[] = [];

  function put(name: string, line: number, isNamed = false): void {
    instructions.push(`${name} ${line}${isNamed ? " named" : ""}`);
  }

  function each(expressions: readonly Ast.Expression[]): void {
    for (const expression of expressions) visit(expression);
  }

  function visit(expression: Ast.Expression | undefined): void {
    switch (expression?.kind) {
      case "function":
        functions.push(expression.function);
        break;
      case "global":
        put("GETGLOBAL", expression.line);
        break;
      case "index":
        each([expression.object, expression.key]);
        put("GETTABLE", expression.line, expression.isNamed);
        break;
      case "call":
        each([expression.callee, ...expression.args]);
        put("CALL", expression.line);
        break;
      case "methodCall":
        visit(expression.object);
        put("SELF", expression.nameLine, expression.isNamed);
        each(expression.args);
        put("CALL", expression.line);
        break;
      case "binary": {
        const { left, right, operator, line } = expression;
        each([left, right]);
        if (operator !== "..") put(INSTRUCTIONS[operator], line);
        // One instruction joins what is joined in a row.
        else if (right.kind !== "binary" || right.operator !== "..") put("CONCAT", line);
        break;
      }
      case "logical":
        each([expression.left, expression.right]);
        break;
      case "unary":
        visit(expression.operand);
        if (expression.operator === "-") put("UNM", expression.line);
        if (expression.operator === "#") put("LEN", expression.line);
        break;
      case "parenthesized":
        visit(expression.inner);
        break;
      case "table":
        for (const { key, value, line } of expression.items) {
          visit(key);
          visit(value);
          if (key !== undefined) put("SETTABLE", line);
        }
        break;
    }
  }

  function assign({ targets, values, line }: Ast.AssignStatement): void {
    for (const target of targets) if (target.kind === "index") each([target.object, target.key]);
    each(values);
    for (const target of targets.toReversed()) {
      if (target.kind === "index") put("SETTABLE", line);
      else if (target.kind === "global") put("SETGLOBAL", line);
      else if (target.variable.owner !== node) put("SETUPVAL", line);
    }
  }

  function block({ statements }: Ast.Block): void {
    for (const statement of statements) run(statement);
  }

  function run(statement: Ast.Statement): void {
    switch (statement.kind) {
      case "local":
      case "return":
        return each(statement.values);
      case "localFunction":
        return visit(statement.value);
      case "assign":
        return assign(statement);
      case "call":
        return visit(statement.call);
      case "do":
        return block(statement.body);
      case "while":
        visit(statement.condition);
        return block(statement.body);
      case "repeat":
        block(statement.body);
        return visit(statement.condition);
      case "if":
        for (const { condition, body } of statement.clauses) {
          visit(condition);
          block(body);
        }
        if (statement.otherwise !== undefined) block(statement.otherwise);
        return;
      case "numericFor":
        each([statement.from, statement.to]);
        visit(statement.step);
        put("FORPREP", statement.line);
        return block(statement.body);
      case "genericFor":
        each(statement.values);
        block(statement.body);
        return put("TFORLOOP", statement.line);
    }
  }

  block(node.body);
  return { instructions, functions };
}
