/**
 * Expressions. Each method reads one from the token at hand on, answers its tree, and leaves it as the
 * operand of the function's state, which function_state.ts explains.
 */

import type {
  BinaryOperator,
  CallExpression,
  ConstantExpression,
  Expression,
  IndexExpression,
  MethodCallExpression,
  TableItem,
} from "./ast.ts";
import {
  type Building,
  CALLED,
  COMPARED,
  FALSY,
  FLOATING,
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
import { FunctionParser } from "./functions.ts";
import {
  COMPARING,
  JOINING,
  LEFT_PRIORITY,
  OPERATORS,
  RIGHT_PRIORITY,
  UNARY_PRIORITY,
} from "./operators.ts";
import * as T from "./tokens.ts";

/** Elements that a table constructor stores at once. */
const ELEMENTS_AT_ONCE = 50;

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

export abstract class ExpressionParser extends FunctionParser {
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
    const isNumber = state.form === NUMBER && state.exits === 0 && LEFT_PRIORITY[kind] > JOINING;
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
      if (state.form === JOINED) {
        line = right.line;
        state.instructions--;
      } else state.toNextRegister();
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
    if (LEFT_PRIORITY[kind] === COMPARING) {
      state.instructions++;
      state.set(COMPARED, node);
    } else state.set(isJoined ? JOINED : FLOATING, node);
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
    if (waiting > 0) state.instructions++;
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
