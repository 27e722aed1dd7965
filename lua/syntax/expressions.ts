/**
 * Expressions. Each method reads one from the token at hand on, answers its tree, and leaves it as the
 * operand of the function's state, which function_state.ts explains.
 */

import type {
  BinaryOperator,
  Block,
  CallExpression,
  ConstantExpression,
  Expression,
  FunctionExpression,
  FunctionNode,
  IndexExpression,
  LocalVariable,
  MethodCallExpression,
  TableItem,
} from "./ast.ts";
import {
  CALLED,
  COMPARED,
  FALSY,
  FLOATING,
  FunctionState,
  HELD,
  INDEXED,
  JOINED,
  LOCAL,
  NAMED,
  NUMBER,
  TRUTHY,
  VARARG,
} from "./function_state.ts";
import { fold } from "./folding.ts";
import type { Lexer } from "./lexer.ts";
import type { Name } from "./names.ts";
import * as T from "./tokens.ts";

export type Building<T> = { -readonly [K in keyof T]: T[K] };

/** Levels of blocks and expressions within each other. */
const MAX_LEVELS = 200;
/** Elements that a table constructor stores at once. */
const ELEMENTS_AT_ONCE = 50;
const UNARY_PRIORITY = 8;
const EMPTY: Block = { statements: [] };

const PAREN_OPEN = 40;
const PAREN_CLOSE = 41;
const HASH = 35;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;
const BRACKET_OPEN = 91;
const BRACKET_CLOSE = 93;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;

const OPERATORS: (BinaryOperator | "and" | "or")[] = [];
/** How strongly an operator binds to its left and to its right; 0: no operator. */
const LEFT_PRIORITY = new Uint8Array(T.KINDS);
const RIGHT_PRIORITY = new Uint8Array(T.KINDS);

function operator(kind: number, text: BinaryOperator | "and" | "or", left: number, right: number) {
  OPERATORS[kind] = text;
  LEFT_PRIORITY[kind] = left;
  RIGHT_PRIORITY[kind] = right;
}

operator(T.OR, "or", 1, 1);
operator(T.AND, "and", 2, 2);
operator(60, "<", 3, 3);
operator(62, ">", 3, 3);
operator(T.LESS_OR_EQUAL, "<=", 3, 3);
operator(T.GREATER_OR_EQUAL, ">=", 3, 3);
operator(T.NOT_EQUAL, "~=", 3, 3);
operator(T.EQUAL, "==", 3, 3);
operator(T.CONCAT, "..", 5, 4);
operator(43, "+", 6, 6);
operator(MINUS, "-", 6, 6);
operator(42, "*", 7, 7);
operator(47, "/", 7, 7);
operator(37, "%", 7, 7);
operator(94, "^", 10, 9);

/** Whether an expression gives any number of values. */
export function isMultiple(expression: Expression): boolean {
  const { kind } = expression;
  return kind === "call" || kind === "methodCall" || kind === "vararg";
}

/** An expression that gives one value at most. */
function single(expression: Expression): Expression {
  if (!isMultiple(expression)) return expression;
  return { kind: "parenthesized", inner: expression, line: expression.line };
}

export abstract class ExpressionParser {
  protected readonly lexer: Lexer;
  /** The function that is being read. */
  protected state!: FunctionState;
  #level: number;
  /** Functions so far. */
  #functions = 0;
  /** The names of the variables in scope, innermost last, and what each meant before. */
  readonly #names: Name[] = [];
  readonly #hidden: (LocalVariable | undefined)[] = [];

  /** @param level of nesting that has been used up around the chunk */
  constructor(lexer: Lexer, level: number) {
    this.lexer = lexer;
    this.#level = level;
  }

  /** The statements up to the end of a block. */
  protected abstract block(): Block;

  // Tokens

  protected test(kind: number): boolean {
    if (this.lexer.token !== kind) return false;
    this.lexer.advance();
    return true;
  }

  protected isAt(kind: number): boolean {
    return this.lexer.token === kind;
  }

  protected expect(kind: number): void {
    if (this.lexer.token !== kind) this.lexer.failNear(`'${T.kindText(kind)}' expected`);
    this.lexer.advance();
  }

  /** Expects what closes something that was opened in a line. */
  protected expectClosing(kind: number, opening: number, line: number): void {
    const { lexer } = this;
    if (lexer.token === kind) return lexer.advance();
    const what = `'${T.kindText(kind)}' expected`;
    if (line === lexer.line) lexer.failNear(what);
    lexer.failNear(`${what} (to close '${T.kindText(opening)}' at line ${line})`);
  }

  protected expectName(): Name {
    const { lexer } = this;
    if (lexer.token !== T.NAME) lexer.failNear(`'${T.kindText(T.NAME)}' expected`);
    const { name } = lexer;
    lexer.advance();
    return name;
  }

  // Nesting and scopes

  protected enterLevel(): void {
    if (++this.#level > MAX_LEVELS) this.lexer.fail("chunk has too many syntax levels");
  }

  protected leaveLevel(): void {
    this.#level--;
  }

  /** Levels that are left, which Lua also takes for the targets of an assignment. */
  protected get levelsLeft(): number {
    return MAX_LEVELS - this.#level;
  }

  /**
   * Makes a variable, which is not in scope yet.
   *
   * @param ahead how many variables there are to come into scope, with this one
   */
  protected declare(name: string, ahead: number): LocalVariable {
    const { state } = this;
    state.declare(ahead);
    return {
      name,
      index: state.variables++,
      owner: state.node,
      isCaptured: false,
      isAssigned: false,
    };
  }

  /** Brings a variable into scope. Its register is reserved elsewhere. */
  protected activate(name: Name, variable: LocalVariable): void {
    this.#names.push(name);
    this.#hidden.push(name.variable);
    name.variable = variable;
    this.state.active++;
  }

  /** How many variables are in scope, for {@linkcode leaveScope}. */
  protected enterScope(): number {
    return this.#names.length;
  }

  protected leaveScope(mark: number): void {
    const names = this.#names;
    const hidden = this.#hidden;
    this.state.active -= names.length - mark;
    while (names.length > mark) names.pop()!.variable = hidden.pop();
    this.state.free = this.state.active;
  }

  // Functions

  protected beginFunction(line: number): FunctionState {
    const node: Building<FunctionNode> = {
      parameters: [],
      isVararg: false,
      needsArg: false,
      argVariable: undefined,
      upvalues: [],
      body: EMPTY,
      line,
      lastLine: 0,
      outer: this.state?.node,
      index: this.#functions++,
    };
    this.state = new FunctionState(this.lexer, node, this.state);
    node.upvalues = this.state.upvalues;
    return this.state;
  }

  /** A function from its parameters to its `end`. */
  protected functionBody(hasSelf: boolean, line: number): FunctionExpression {
    const outer = this.state;
    const { lexer } = this;
    const state = this.beginFunction(line);
    const { node } = state;
    const mark = this.enterScope();
    this.expect(PAREN_OPEN);
    this.#parameters(hasSelf);
    this.expect(PAREN_CLOSE);
    node.body = this.block();
    node.lastLine = lexer.line;
    this.expectClosing(T.END, T.FUNCTION, line);
    this.leaveScope(mark);
    this.state = outer;
    const expression: FunctionExpression = {
      kind: "function",
      function: node,
      line: lexer.lastLine,
    };
    outer.addFunction(state.upvalues.length, expression);
    return expression;
  }

  #parameters(hasSelf: boolean): void {
    const { lexer, state } = this;
    const { node } = state;
    const parameters: LocalVariable[] = [];
    const names: Name[] = [];
    if (hasSelf) {
      parameters.push(this.declare("self", 1));
      this.activate(lexer.nameOf("self"), parameters[0]);
    }
    const first = parameters.length;
    if (lexer.token !== PAREN_CLOSE) {
      do {
        if (lexer.token === T.NAME) {
          const name = this.expectName();
          names.push(name);
          parameters.push(this.declare(name.text, names.length));
        } else if (this.test(T.DOTS)) {
          node.isVararg = true;
          node.needsArg = true;
          node.argVariable = this.declare("arg", names.length + 1);
        } else lexer.failNear("<name> or '...' expected");
      } while (!node.isVararg && this.test(COMMA));
    }
    names.forEach((name, i) => this.activate(name, parameters[first + i]));
    if (node.argVariable !== undefined) this.activate(lexer.nameOf("arg"), node.argVariable);
    node.parameters = parameters;
    state.reserve(state.active);
  }

  // Expressions

  protected expression(): Expression {
    return this.#operation(0);
  }

  /** Expressions between commas. The last is the operand, the others are in registers. */
  protected expressions(): Expression[] {
    const list = [this.#operation(0)];
    while (this.test(COMMA)) {
      this.state.toNextRegister();
      list.push(this.#operation(0));
    }
    return list;
  }

  /** An expression of operators that bind more strongly than `limit`. */
  #operation(limit: number): Expression {
    const { lexer } = this;
    this.enterLevel();
    const { token } = lexer;
    let left = token === MINUS || token === T.NOT || token === HASH
      ? this.#unary(token)
      : this.#simple();
    for (;;) {
      const kind = lexer.token;
      if (LEFT_PRIORITY[kind] <= limit) break;
      lexer.advance();
      if (kind === T.AND || kind === T.OR) left = this.#logical(kind, left);
      else left = this.#binary(kind, left);
    }
    this.leaveLevel();
    return left;
  }

  #unary(token: number): Expression {
    const { lexer, state } = this;
    lexer.advance();
    const operand = this.#operation(UNARY_PRIORITY);
    if (token === T.NOT) {
      state.invert();
      if (operand.kind === "constant" && state.exits === 0) {
        return this.#constant(operand.value === undefined || operand.value === false);
      }
      return { kind: "unary", operator: "not", operand: single(operand), line: lexer.lastLine };
    }
    if (token === MINUS && state.form === NUMBER && state.exits === 0) {
      const constant = { kind: "constant", value: -numberOf(operand), line: 0 } as const;
      state.set(NUMBER, constant);
      return constant;
    }
    state.toAnyRegister();
    state.release();
    state.instructions++;
    const { lastLine } = lexer;
    const node: Expression = {
      kind: "unary",
      operator: token === MINUS ? "-" : "#",
      operand: single(operand),
      line: lastLine,
    };
    state.set(FLOATING, node as Building<Expression>);
    return node;
  }

  #logical(kind: number, left: Expression): Expression {
    const { lexer, state } = this;
    const hadExits = state.exits !== 0;
    const exits = kind === T.AND ? state.beginAnd() : state.beginOr();
    const isConstant = left.kind === "constant" && !hadExits && exits === 0;
    const right = this.#operation(RIGHT_PRIORITY[kind]);
    state.endLogical(exits);
    // `true and x` and `nil or x` are x to Lua.
    if (isConstant) return single(right);
    return {
      kind: "logical",
      operator: kind === T.AND ? "and" : "or",
      left: single(left),
      right: single(right),
      line: lexer.lastLine,
    };
  }

  #binary(kind: number, left: Expression): Expression {
    const { lexer, state } = this;
    const text = OPERATORS[kind] as BinaryOperator;
    const isJoined = kind === T.CONCAT;
    const isNumber = state.form === NUMBER && state.exits === 0 && LEFT_PRIORITY[kind] > 5;
    if (isJoined) state.toNextRegister();
    else if (!isNumber) state.toUsable();
    const { held } = state;
    const right = this.#operation(RIGHT_PRIORITY[kind]);
    if (isNumber && state.form === NUMBER && state.exits === 0) {
      const value = fold(text, numberOf(left), numberOf(right));
      if (value !== undefined) {
        const constant = { kind: "constant", value, line: 0 } as const;
        state.set(NUMBER, constant);
        return constant;
      }
    }
    let line = lexer.lastLine;
    if (isJoined) {
      state.toValue();
      // The same instruction takes up the left operand.
      if (state.form === JOINED) line = right.line;
      else state.toNextRegister();
    } else state.toUsable();
    if (isNumber) state.useNumber(left as Building<ConstantExpression>);
    state.release();
    state.free -= held;
    state.instructions++;
    const node: Expression = {
      kind: "binary",
      operator: text,
      left: single(left),
      right: single(right),
      line,
    };
    state.set(isJoined ? JOINED : LEFT_PRIORITY[kind] === 3 ? COMPARED : FLOATING, node);
    return node;
  }

  #simple(): Expression {
    const { lexer, state } = this;
    let node: Expression;
    switch (lexer.token) {
      case T.NUMBER:
        node = { kind: "constant", value: lexer.number, line: lexer.line };
        state.set(NUMBER, node);
        break;
      case T.STRING:
        node = this.#string();
        break;
      case T.NIL:
        node = this.#constant(undefined);
        break;
      case T.TRUE:
        node = this.#constant(true);
        break;
      case T.FALSE:
        node = this.#constant(false);
        break;
      case T.DOTS:
        if (!state.node.isVararg) {
          lexer.failNear("cannot use '...' outside a vararg function");
        }
        state.node.needsArg = false;
        state.instructions++;
        node = { kind: "vararg", line: lexer.line };
        state.set(VARARG, node);
        break;
      case BRACE_OPEN:
        return this.#table();
      case T.FUNCTION:
        lexer.advance();
        return this.functionBody(false, lexer.line);
      default:
        return this.suffixed();
    }
    lexer.advance();
    return node;
  }

  #constant(value: undefined | boolean): ConstantExpression {
    const node: ConstantExpression = { kind: "constant", value, line: this.lexer.line };
    this.state.set(value === true ? TRUTHY : FALSY, node);
    return node;
  }

  #string(): ConstantExpression {
    const { lexer, state } = this;
    const node: ConstantExpression = { kind: "constant", value: lexer.text, line: lexer.line };
    state.addConstant(node.value);
    state.set(TRUTHY, node);
    return node;
  }

  // What can be called, indexed, or assigned to

  protected variable(): Expression {
    const { lexer, state } = this;
    const name = this.expectName();
    const { variable } = name;
    if (variable === undefined) {
      state.addConstant(name.text);
      const node = { kind: "global", name: name.text, line: lexer.lastLine } as const;
      state.set(NAMED, node);
      return node;
    }
    const node = { kind: "variable", variable, line: lexer.lastLine } as const;
    if (variable.owner === state.node) state.set(LOCAL, node);
    else {
      variable.isCaptured = true;
      state.capture(variable);
      state.set(NAMED, node);
    }
    return node;
  }

  #prefix(): Expression {
    const { lexer, state } = this;
    if (lexer.token === T.NAME) return this.variable();
    if (lexer.token !== PAREN_OPEN) lexer.failNear("unexpected symbol");
    const { line } = lexer;
    lexer.advance();
    const inner = this.expression();
    this.expectClosing(PAREN_CLOSE, PAREN_OPEN, line);
    state.settle();
    return single(inner);
  }

  /** A name or parentheses, with indices and calls behind it. */
  protected suffixed(): Expression {
    const { lexer, state } = this;
    let node = this.#prefix();
    for (;;) {
      switch (lexer.token) {
        case POINT:
          node = this.field(node);
          break;
        case BRACKET_OPEN:
          node = this.#index(node);
          break;
        case COLON:
          node = this.#methodCall(node);
          break;
        case PAREN_OPEN:
        case T.STRING:
        case BRACE_OPEN: {
          state.toNextRegister();
          const { line } = lexer;
          const args = this.#args(state.free);
          node = { kind: "call", callee: node, args, line } satisfies CallExpression;
          break;
        }
        default:
          return node;
      }
    }
  }

  /** `.name` behind an expression, or `:name` of a function's name. */
  protected field(object: Expression): IndexExpression {
    const { lexer, state } = this;
    state.toAnyRegister();
    const { held } = state;
    lexer.advance();
    const { text } = this.expectName();
    const key: ConstantExpression = { kind: "constant", value: text, line: lexer.lastLine };
    state.addConstant(text);
    state.set(TRUTHY, key);
    return this.#indexed(object, key, held);
  }

  #index(object: Expression): IndexExpression {
    const { state } = this;
    state.toAnyRegister();
    const { held } = state;
    const key = this.#bracketed();
    return this.#indexed(object, key, held);
  }

  /** @param held how many registers the object holds; the operand is the key */
  #indexed(object: Expression, key: Expression, held: number): IndexExpression {
    const { state } = this;
    state.toUsable();
    const isNamed = key.kind === "constant" && typeof key.value === "string" &&
      state.form === TRUTHY;
    const holds = held + state.held;
    const node: IndexExpression = {
      kind: "index",
      object,
      key: single(key),
      isNamed,
      line: this.lexer.lastLine,
    };
    state.set(INDEXED, node);
    state.held = holds;
    return node;
  }

  /** `[key]`. */
  #bracketed(): Expression {
    this.lexer.advance();
    const key = this.expression();
    this.state.toValue();
    this.expect(BRACKET_CLOSE);
    return key;
  }

  #methodCall(object: Expression): MethodCallExpression {
    const { lexer, state } = this;
    lexer.advance();
    const name = this.expectName().text;
    const isNamed = state.addConstant(name);
    state.toAnyRegister();
    state.release();
    state.reserve(2);
    if (!isNamed) state.check(1);
    state.instructions++;
    const nameLine = lexer.lastLine;
    const { line } = lexer;
    const args = this.#args(state.free - 1);
    return { kind: "methodCall", object, name, isNamed, nameLine, args, line };
  }

  /**
   * The arguments of a call, which becomes the operand.
   *
   * @param base the first free register when the call has ended
   */
  #args(base: number): readonly Expression[] {
    const { lexer, state } = this;
    const { line } = lexer;
    let args: readonly Expression[] = [];
    switch (lexer.token) {
      case PAREN_OPEN:
        if (line !== lexer.lastLine) {
          lexer.failNear("ambiguous syntax (function call x new statement)");
        }
        lexer.advance();
        if (!this.isAt(PAREN_CLOSE)) {
          args = this.expressions();
          if (state.form === VARARG) state.reserve(1);
        }
        this.expectClosing(PAREN_CLOSE, PAREN_OPEN, line);
        break;
      case BRACE_OPEN:
        args = [this.#table()];
        break;
      case T.STRING:
        args = [this.#string()];
        lexer.advance();
        break;
      default:
        lexer.failNear("function arguments expected");
    }
    if (args.length > 0 && !isMultiple(args[args.length - 1])) state.toNextRegister();
    state.instructions++;
    state.free = base;
    state.set(CALLED, OF_NO_LINE);
    state.held = 1;
    return args;
  }

  // Tables

  #table(): Expression {
    const { lexer, state } = this;
    const { line } = lexer;
    const items: TableItem[] = [];
    state.instructions++;
    state.reserve(1);
    const base = state.free;
    this.expect(BRACE_OPEN);
    /** Values in registers, or as the operand, that are not stored yet. */
    let waiting = 0;
    let isOperand = false;
    do {
      if (lexer.token === BRACE_CLOSE) break;
      if (isOperand) {
        state.toNextRegister();
        isOperand = false;
        if (waiting === ELEMENTS_AT_ONCE) {
          state.free = base;
          state.instructions++;
          waiting = 0;
        }
      }
      if (lexer.token === BRACKET_OPEN || (lexer.token === T.NAME && lexer.peek() === EQUALS)) {
        items.push(this.#keyed());
      } else {
        const value = this.expression();
        items.push({ key: undefined, value, line: lexer.lastLine });
        isOperand = true;
        waiting++;
      }
    } while (this.test(COMMA) || this.test(SEMICOLON));
    this.expectClosing(BRACE_CLOSE, BRACE_OPEN, line);
    if (isOperand) {
      if (!isMultiple(items[items.length - 1].value)) state.toNextRegister();
      else if (state.form === VARARG) state.reserve(1);
    }
    state.instructions++;
    state.free = base;
    const node: Expression = { kind: "table", items, line };
    state.set(HELD, node);
    state.held = 1;
    return node;
  }

  /** `name = value` or `[key] = value` in a table. */
  #keyed(): TableItem {
    const { lexer, state } = this;
    const { free } = state;
    let key: Expression;
    if (lexer.token === T.NAME) {
      const { text } = this.expectName();
      key = { kind: "constant", value: text, line: lexer.lastLine };
      state.addConstant(text);
      state.set(TRUTHY, key);
    } else key = this.#bracketed();
    this.expect(EQUALS);
    state.toUsable();
    const value = this.expression();
    state.toUsable();
    state.instructions++;
    state.free = free;
    return { key: single(key), value: single(value), line: lexer.lastLine };
  }
}

/** The line of a call is known when it begins. */
const OF_NO_LINE = { line: 0 };

function numberOf(node: Expression): number {
  return (node as ConstantExpression).value as number;
}
