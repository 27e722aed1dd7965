/**
 * Statements, and the chunk as a whole. It reads the source once, from left to right, and refuses what
 * Lua 5.1 refuses, at the same place and with the same words.
 */

import type {
  AssignStatement,
  Block,
  Expression,
  FunctionNode,
  IfStatement,
  LocalVariable,
  Statement,
  VariableExpression,
} from "./ast.ts";
import { ExpressionParser, isMultiple } from "./expressions.ts";
import { CALLED, INDEXED, LOCAL, NAMED, VARARG } from "./function_state.ts";
import { Lexer } from "./lexer.ts";
import type { Name } from "./names.ts";
import * as T from "./tokens.ts";

const COMMA = 44;
const POINT = 46;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;

/** Variables of its own that a loop has in Lua. */
const LOOP_VARIABLES = 3;

/**
 * Reads a chunk.
 *
 * Takes about 25 ns a byte when warm. Needs native stack for 200 levels at most.
 *
 * @param source one character a byte
 * @param chunkName as the chunk is loaded under: `=name`, `@file`, or its own text
 * @param level of nesting that is used up around the chunk, as it is where Lua code loads it
 * @throws {LuaError} with Lua's message, where it is no Lua
 */
export function parseChunk(source: string, chunkName: string, level = 0): FunctionNode {
  return new Parser(new Lexer(source, chunkName), level).chunk();
}

class Parser extends ExpressionParser {
  chunk(): FunctionNode {
    const { lexer } = this;
    const { node } = this.beginFunction(0);
    node.isVararg = true;
    lexer.advance();
    node.body = this.block();
    if (lexer.token !== T.END_OF_TEXT) lexer.failNear("'<eof>' expected");
    return node;
  }

  protected override block(): Block {
    const mark = this.enterScope();
    const body = this.#statements();
    this.leaveScope(mark);
    return body;
  }

  /** The statements of a block, whose variables stay in scope. */
  #statements(): Block {
    const { lexer, state } = this;
    const statements: Statement[] = [];
    this.enterLevel();
    while (!this.#isBlockEnd()) {
      const statement = this.#statement(lexer.line);
      statements.push(statement);
      this.test(SEMICOLON);
      state.free = state.active;
      if (statement.kind === "return" || statement.kind === "break") break;
    }
    this.leaveLevel();
    return { statements };
  }

  #isBlockEnd(): boolean {
    switch (this.lexer.token) {
      case T.ELSE:
      case T.ELSEIF:
      case T.END:
      case T.UNTIL:
      case T.END_OF_TEXT:
        return true;
    }
    return false;
  }

  #statement(line: number): Statement {
    const { lexer } = this;
    switch (lexer.token) {
      case T.IF:
        return this.#if(line);
      case T.WHILE:
        return this.#while(line);
      case T.DO: {
        lexer.advance();
        const body = this.block();
        this.expectClosing(T.END, T.DO, line);
        return { kind: "do", body, line };
      }
      case T.FOR:
        return this.#for(line);
      case T.REPEAT:
        return this.#repeat(line);
      case T.FUNCTION:
        return this.#function(line);
      case T.LOCAL:
        lexer.advance();
        return this.test(T.FUNCTION) ? this.#localFunction(line) : this.#local();
      case T.RETURN:
        return this.#return();
      case T.BREAK:
        lexer.advance();
        if (this.state.loops === 0) lexer.failNear("no loop to break");
        this.state.instructions++;
        return { kind: "break", line };
    }
    return this.#callOrAssignment();
  }

  /** A condition, whose operand is tested. */
  #condition(): Expression {
    const condition = this.expression();
    this.state.beginAnd();
    return isMultiple(condition)
      ? { kind: "parenthesized", inner: condition, line: condition.line }
      : condition;
  }

  #if(line: number): IfStatement {
    const { lexer, state } = this;
    const clauses: { condition: Expression; body: Block }[] = [];
    let otherwise: Block | undefined;
    do {
      lexer.advance();
      const condition = this.#condition();
      this.expect(T.THEN);
      const start = state.instructions;
      const body = this.block();
      state.checkJump(start);
      if (lexer.token !== T.END) state.instructions++;
      clauses.push({ condition, body });
    } while (lexer.token === T.ELSEIF);
    if (this.test(T.ELSE)) otherwise = this.block();
    this.expectClosing(T.END, T.IF, line);
    return { kind: "if", clauses, otherwise, line };
  }

  #while(line: number): Statement {
    const { lexer, state } = this;
    lexer.advance();
    const start = state.instructions;
    const condition = this.#condition();
    state.loops++;
    this.expect(T.DO);
    const body = this.block();
    state.instructions++;
    state.checkJump(start);
    this.expectClosing(T.END, T.WHILE, line);
    state.loops--;
    return { kind: "while", condition, body, line };
  }

  #repeat(line: number): Statement {
    const { lexer, state } = this;
    const start = state.instructions;
    state.loops++;
    lexer.advance();
    const mark = this.enterScope();
    const body = this.#statements();
    this.expectClosing(T.UNTIL, T.REPEAT, line);
    const condition = this.#condition();
    state.checkJump(start);
    this.leaveScope(mark);
    state.loops--;
    return { kind: "repeat", body, condition, line };
  }

  #for(line: number): Statement {
    const { lexer } = this;
    lexer.advance();
    const name = this.expectName();
    switch (lexer.token) {
      case EQUALS:
        return this.#numericFor(name, line);
      case COMMA:
      case T.IN:
        return this.#genericFor(name, line);
    }
    return lexer.failNear("'=' or 'in' expected");
  }

  #numericFor(name: Name, line: number): Statement {
    const { lexer, state } = this;
    this.#declareLoop();
    const variable = this.declare(name.text, LOOP_VARIABLES + 1);
    this.expect(EQUALS);
    const from = this.#bound();
    this.expect(COMMA);
    const to = this.#bound();
    let step: Expression | undefined;
    if (this.test(COMMA)) step = this.#bound();
    else {
      state.addConstant(1);
      state.reserve(1);
    }
    state.active += LOOP_VARIABLES;
    this.expect(T.DO);
    const doLine = lexer.lastLine;
    const body = this.#loopBody([name], [variable], line);
    return { kind: "numericFor", variable, from, to, step, body, line: doLine };
  }

  #bound(): Expression {
    const bound = this.expression();
    this.state.toNextRegister();
    return isMultiple(bound) ? { kind: "parenthesized", inner: bound, line: bound.line } : bound;
  }

  #genericFor(first: Name, line: number): Statement {
    const { lexer, state } = this;
    this.#declareLoop();
    const names = [first];
    const variables = [this.declare(first.text, LOOP_VARIABLES + 1)];
    while (this.test(COMMA)) {
      const name = this.expectName();
      names.push(name);
      variables.push(this.declare(name.text, LOOP_VARIABLES + names.length));
    }
    this.expect(T.IN);
    const callLine = lexer.line;
    const values = this.expressions();
    this.#adjust(LOOP_VARIABLES, values);
    state.check(LOOP_VARIABLES);
    state.active += LOOP_VARIABLES;
    this.expect(T.DO);
    const body = this.#loopBody(names, variables, line);
    return { kind: "genericFor", variables, values, body, line: callLine };
  }

  #declareLoop(): void {
    for (let i = 1; i <= LOOP_VARIABLES; i++) this.state.declare(i);
  }

  /** What is behind `do`, with the variables that are new each turn. */
  #loopBody(names: Name[], variables: LocalVariable[], line: number): Block {
    const { state } = this;
    const start = state.instructions;
    const mark = this.enterScope();
    state.loops++;
    names.forEach((name, i) => this.activate(name, variables[i]));
    state.reserve(variables.length);
    const body = this.block();
    state.instructions += 2;
    state.checkJump(start);
    this.leaveScope(mark);
    state.active -= LOOP_VARIABLES;
    this.expectClosing(T.END, T.FOR, line);
    state.free = state.active;
    state.loops--;
    return body;
  }

  #function(line: number): Statement {
    const { lexer } = this;
    lexer.advance();
    let target = this.variable();
    while (lexer.token === POINT) target = this.field(target);
    const hasSelf = lexer.token === COLON;
    if (hasSelf) target = this.field(target);
    const value = this.functionBody(hasSelf, line);
    if (target.kind === "variable") target.variable.isAssigned = true;
    this.#store(target);
    return { kind: "assign", targets: [target as VariableExpression], values: [value], line };
  }

  #localFunction(line: number): Statement {
    const { lexer, state } = this;
    const name = this.expectName();
    const variable = this.declare(name.text, 1);
    state.reserve(1);
    this.activate(name, variable);
    const value = this.functionBody(false, lexer.line);
    return { kind: "localFunction", variable, value, line };
  }

  #local(): Statement {
    const { lexer } = this;
    const names: Name[] = [];
    const variables: LocalVariable[] = [];
    do {
      const name = this.expectName();
      names.push(name);
      variables.push(this.declare(name.text, names.length));
    } while (this.test(COMMA));
    const values = this.test(EQUALS) ? this.expressions() : [];
    this.#adjust(names.length, values);
    for (let i = 0; i < names.length; i++) this.activate(names[i], variables[i]);
    return { kind: "local", variables, values, line: lexer.lastLine };
  }

  /** Brings the values, the last of which is the operand, to as many as there are variables. */
  #adjust(count: number, values: readonly Expression[]): void {
    const { state } = this;
    const missing = count - values.length;
    if (values.length > 0 && isMultiple(values[values.length - 1])) {
      if (state.form === VARARG) state.reserve(1);
      if (missing > 0) state.reserve(missing);
      return;
    }
    if (values.length > 0) state.toNextRegister();
    if (missing > 0) state.reserve(missing);
  }

  #return(): Statement {
    const { lexer, state } = this;
    lexer.advance();
    let values: readonly Expression[] = [];
    if (!this.#isBlockEnd() && lexer.token !== SEMICOLON) {
      values = this.expressions();
      if (isMultiple(values[values.length - 1])) {
        if (state.form === VARARG) state.reserve(1);
      } else if (values.length === 1) state.toAnyRegister();
      else state.toNextRegister();
    }
    state.instructions++;
    return { kind: "return", values, line: lexer.lastLine };
  }

  /** The operand is stored in a target. */
  #store(target: Expression): void {
    const { state } = this;
    if (target.kind === "variable" && target.variable.owner === state.node) {
      return state.toVariable();
    }
    if (target.kind === "index") state.toUsable();
    else state.toAnyRegister();
    state.instructions++;
  }

  #callOrAssignment(): Statement {
    const { lexer, state } = this;
    const first = this.suffixed();
    if (state.form === CALLED && (first.kind === "call" || first.kind === "methodCall")) {
      return { kind: "call", call: first, line: first.line };
    }
    const targets: AssignStatement["targets"][number][] = [];
    let target = first;
    for (;;) {
      if (state.form !== LOCAL && state.form !== NAMED && state.form !== INDEXED) {
        lexer.failNear("syntax error");
      }
      if (target.kind === "variable") target.variable.isAssigned = true;
      // Its registers stay taken while others become the operand.
      targets.push(target as VariableExpression);
      if (!this.test(COMMA)) break;
      target = this.suffixed();
      if (state.form === LOCAL && isUsedBy(targets, target)) state.reserve(1);
      if (targets.length > this.levelsLeft) {
        state.failLimit(this.levelsLeft, "variables in assignment");
      }
    }
    this.expect(EQUALS);
    const values = this.expressions();
    state.instructions += targets.length - 1;
    if (values.length === targets.length) this.#store(target);
    else this.#adjust(targets.length, values);
    return { kind: "assign", targets, values, line: lexer.lastLine };
  }
}

/** Whether a target before is an index of the variable, or by it; Lua keeps its old value then. */
function isUsedBy(targets: AssignStatement["targets"], target: Expression): boolean {
  for (let i = targets.length; --i >= 0;) {
    const earlier = targets[i];
    if (isSame(earlier, target)) return false;
    if (
      earlier.kind === "index" && (isSame(earlier.object, target) || isSame(earlier.key, target))
    ) {
      return true;
    }
  }
  return false;
}

/** Whether both are the same variable. */
function isSame(a: Expression, b: Expression): boolean {
  return a.kind === "variable" && b.kind === "variable" && a.variable === b.variable;
}
