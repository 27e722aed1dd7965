/** Functions: their parameters and their bodies. */

import type { Block, FunctionExpression, LocalVariable } from "./ast.ts";
import type { Name } from "./names.ts";
import { ParserBase } from "./parser_base.ts";
import * as T from "./tokens.ts";

const PAREN_OPEN = 40;
const PAREN_CLOSE = 41;
const COMMA = 44;

export abstract class FunctionParser extends ParserBase {
  /** The statements up to the end of a block. */
  protected abstract block(): Block;

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
}
