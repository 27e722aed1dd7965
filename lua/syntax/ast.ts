/**
 * The syntax tree of a chunk, with its names resolved: the parser knows at each name whether it is a
 * local variable and whose, as Lua's own does, so nobody behind it looks at scopes again.
 *
 * ```
 * local n = 0                       LocalVariable n: owner the chunk, captured, assigned
 * return function() n = n + 1 end   an expression "local" in a function that is not n's owner:
 *                                   an upvalue there
 * ```
 *
 * Lines are those that Lua 5.1 tells in errors: of the instruction that an expression ends with.
 *
 * Nesting is bounded by Lua's 200 levels, but chains to the left are not: `a + b + c …`, `a.b.c …`,
 * `f()()() …` are as deep as they are long. Who walks the tree goes along `left`, `object` and `callee`
 * in a loop.
 */

/** A local variable or a parameter. One object for all its uses. */
export interface LocalVariable {
  readonly name: string;
  /** Its number among the variables of its function, in the order of their declarations. */
  readonly index: number;
  /** The function in whose frame it lives. */
  readonly owner: FunctionNode;
  /** Whether an inner function uses it. */
  isCaptured: boolean;
  /** Whether it is assigned to after its declaration. */
  isAssigned: boolean;
}

/** A function's text; the chunk is one too, with `isVararg` and no parameters. */
export interface FunctionNode {
  readonly parameters: readonly LocalVariable[];
  isVararg: boolean;
  /** Whether the table `arg` is made, as of Lua 5.0: it is vararg and does not use `...`. */
  needsArg: boolean;
  /** The variable `arg` of a function with `...`, behind the parameters; nil without `needsArg`. */
  readonly argVariable: LocalVariable | undefined;
  readonly body: Block;
  /** The variables of outer functions that it or a function within it uses, by their first use. */
  readonly upvalues: readonly LocalVariable[];
  /** Where it begins, and its `end`. 0 of a chunk. */
  readonly line: number;
  readonly lastLine: number;
  /** The function that it is written in; undefined for a chunk. */
  readonly outer: FunctionNode | undefined;
  /** Its number among the functions of the chunk, in the order of their beginnings; the chunk is 0. */
  readonly index: number;
}

export interface Block {
  readonly statements: readonly Statement[];
}

export type Statement =
  | LocalStatement
  | LocalFunctionStatement
  | AssignStatement
  | CallStatement
  | DoStatement
  | WhileStatement
  | RepeatStatement
  | IfStatement
  | NumericForStatement
  | GenericForStatement
  | ReturnStatement
  | BreakStatement;

export interface LocalStatement {
  readonly kind: "local";
  readonly variables: readonly LocalVariable[];
  readonly values: readonly Expression[];
  readonly line: number;
}

/** `local function f`: the variable is there within the function. */
export interface LocalFunctionStatement {
  readonly kind: "localFunction";
  readonly variable: LocalVariable;
  readonly value: FunctionExpression;
  readonly line: number;
}

/** Also `function a.b:c() … end`, whose target is an index and whose value is a function. */
export interface AssignStatement {
  readonly kind: "assign";
  readonly targets: readonly (VariableExpression | GlobalExpression | IndexExpression)[];
  readonly values: readonly Expression[];
  readonly line: number;
}

export interface CallStatement {
  readonly kind: "call";
  readonly call: CallExpression | MethodCallExpression;
  readonly line: number;
}

export interface DoStatement {
  readonly kind: "do";
  readonly body: Block;
  readonly line: number;
}

export interface WhileStatement {
  readonly kind: "while";
  readonly condition: Expression;
  readonly body: Block;
  readonly line: number;
}

/** The condition sees the body's variables. */
export interface RepeatStatement {
  readonly kind: "repeat";
  readonly body: Block;
  readonly condition: Expression;
  readonly line: number;
}

export interface IfStatement {
  readonly kind: "if";
  readonly clauses: readonly { readonly condition: Expression; readonly body: Block }[];
  readonly otherwise: Block | undefined;
  readonly line: number;
}

/** The line is that of `do`, where Lua looks at the three values. */
export interface NumericForStatement {
  readonly kind: "numericFor";
  readonly variable: LocalVariable;
  readonly from: Expression;
  readonly to: Expression;
  readonly step: Expression | undefined;
  readonly body: Block;
  readonly line: number;
}

/** The line is that behind `in`, where Lua calls the iterator. */
export interface GenericForStatement {
  readonly kind: "genericFor";
  readonly variables: readonly LocalVariable[];
  readonly values: readonly Expression[];
  readonly body: Block;
  readonly line: number;
}

export interface ReturnStatement {
  readonly kind: "return";
  readonly values: readonly Expression[];
  readonly line: number;
}

export interface BreakStatement {
  readonly kind: "break";
  readonly line: number;
}

export type Expression =
  | ConstantExpression
  | VarargExpression
  | FunctionExpression
  | VariableExpression
  | GlobalExpression
  | IndexExpression
  | CallExpression
  | MethodCallExpression
  | BinaryExpression
  | LogicalExpression
  | UnaryExpression
  | ParenthesizedExpression
  | TableExpression;

/** nil, true, false, a number, or a string of one character a byte. */
export interface ConstantExpression {
  readonly kind: "constant";
  readonly value: undefined | boolean | number | string;
  readonly line: number;
}

export interface VarargExpression {
  readonly kind: "vararg";
  readonly line: number;
}

export interface FunctionExpression {
  readonly kind: "function";
  readonly function: FunctionNode;
  readonly line: number;
}

/** A local variable of the function itself or, where its owner is another one, an upvalue. */
export interface VariableExpression {
  readonly kind: "variable";
  readonly variable: LocalVariable;
  readonly line: number;
}

export interface GlobalExpression {
  readonly kind: "global";
  readonly name: string;
  readonly line: number;
}

/**
 * `isNamed`: whether Lua knows the key's name in errors. It is a constant string, and among the first
 * 256 constants of its function; others are told as '?'.
 */
export interface IndexExpression {
  readonly kind: "index";
  readonly object: Expression;
  readonly key: Expression;
  readonly isNamed: boolean;
  readonly line: number;
}

export interface CallExpression {
  readonly kind: "call";
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly line: number;
}

/** `object:name(args)`. The name is looked up at `nameLine`; `isNamed` as an index's. */
export interface MethodCallExpression {
  readonly kind: "methodCall";
  readonly object: Expression;
  readonly name: string;
  readonly isNamed: boolean;
  readonly nameLine: number;
  readonly args: readonly Expression[];
  readonly line: number;
}

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "^"
  | ".."
  | "=="
  | "~="
  | "<"
  | "<="
  | ">"
  | ">=";

export interface BinaryExpression {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly line: number;
}

export interface LogicalExpression {
  readonly kind: "logical";
  readonly operator: "and" | "or";
  readonly left: Expression;
  readonly right: Expression;
  readonly line: number;
}

export interface UnaryExpression {
  readonly kind: "unary";
  readonly operator: "-" | "not" | "#";
  readonly operand: Expression;
  readonly line: number;
}

/** Parentheses around a call or `...`, which leave one value of it; around others there are none. */
export interface ParenthesizedExpression {
  readonly kind: "parenthesized";
  readonly inner: Expression;
  readonly line: number;
}

export interface TableExpression {
  readonly kind: "table";
  readonly items: readonly TableItem[];
  readonly line: number;
}

/** `[key] = value`, `name = value` (a constant key), or a value alone, where `key` is undefined. */
export interface TableItem {
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly line: number;
}
