/**
 * What all parts of the parser share: the token at hand, the levels of nesting, and the variables in
 * scope.
 *
 * ```
 * local a        names [ a ]      hidden [ – ]       a.variable ─▶ the first
 * do local a     names [ a, a ]   hidden [ –, 1st ]  a.variable ─▶ the second
 * end            names [ a ]      hidden [ – ]       a.variable ─▶ the first again
 * ```
 *
 * So what a name means is asked of the name itself, in O(1), however many variables there are.
 */

import type { Block, FunctionNode, LocalVariable } from "./ast.ts";
import { type Building, FunctionState } from "./function_state.ts";
import type { Lexer } from "./lexer.ts";
import type { Name } from "./names.ts";
import * as T from "./tokens.ts";

/** Levels of blocks and expressions within each other. */
const MAX_LEVELS = 200;
const EMPTY: Block = { statements: [] };

export abstract class ParserBase {
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
}
