/**
 * Lowers expressions. When an operand is read is Lua's own order: a register that is an operand of an
 * operator is read when the operation happens, one that is passed on (an argument, a result, an item of
 * a table, a piece of a concatenation) when its turn comes.
 *
 * ```
 * local a = 1                       local a = 1
 * return a + f()  -- f: a = 10      return g(a, f())
 *        11                                  1
 * ```
 */

import type {
  BinaryExpression,
  CallExpression,
  Expression,
  FunctionNode,
  IndexExpression,
  LogicalExpression,
  MethodCallExpression,
  UnaryExpression,
} from "../syntax/ast.ts";
import { answersOne } from "./answers_one.ts";
import { closureOperand } from "./chunk_context.ts";
import { isComparison, isLastNamed, isOpen, leftOf, operandsOf } from "./expression_forms.ts";
import type { FunctionBuilder } from "./function_builder.ts";
import type { Place } from "./ir.ts";
import { literalOperand, type Operand, operandOf, truthText } from "./operand.ts";
import { lowerTable } from "./table_constructors.ts";
import { arithmeticText, comparisonText, indexText, lengthText, negationText } from "./texts.ts";

/** Lowers a function that is written within another one; answers the variables it captures. */
export type LowerInner = (node: FunctionNode) => FunctionBuilder["upvalues"];

/** The table that the function's globals are in. */
export const GLOBALS = operandOf({ text: "self.env", type: "table" });

/** What goes on from an expression to its left. */
type Chained = BinaryExpression | IndexExpression | CallExpression | MethodCallExpression;

/** A call, ready to be placed. */
interface PreparedCall {
  readonly callee: Operand;
  readonly expression: string;
  readonly isSingle: boolean;
}

export class Expressions {
  constructor(readonly builder: FunctionBuilder, readonly lowerInner: LowerInner) {}

  /**
   * One value, as the operand of an operation that comes next. Chains to the left, `a + b + c …` and
   * `a.b().c …`, may be as long as the source, so they are gone along in a loop.
   */
  operand(expression: Expression): Operand {
    const chain: Chained[] = [];
    let first = expression;
    for (let left = leftOf(first); left !== undefined; left = leftOf(first)) {
      chain.push(first as Chained);
      first = left;
    }
    const mark = this.builder.registersInUse;
    let operand = this.#first(first);
    for (let at = chain.length; --at >= 0;) operand = this.#next(chain[at], operand, mark);
    return operand;
  }

  /** What a chain begins with. */
  #first(expression: Expression): Operand {
    const { builder } = this;
    switch (expression.kind) {
      case "constant":
        return literalOperand(expression.value);
      case "variable":
        return builder.variable(expression.variable);
      case "vararg":
        return this.#kept("va[0]");
      case "parenthesized":
        return { ...this.operand(expression.inner), name: undefined };
      case "function":
        return this.#closure(expression.function);
      case "global":
        return this.#global(expression);
      case "unary":
        return this.#unary(expression);
      case "logical":
        return this.#logical(expression);
      case "table":
        return lowerTable(expression, this);
    }
    throw new Error(`${expression.kind} goes on from its left`);
  }

  /** What follows in a chain; `mark` tells which registers were in use before it. */
  #next(expression: Chained, left: Operand, mark: number): Operand {
    const { builder } = this;
    switch (expression.kind) {
      case "binary":
        return this.#binary(expression, left, mark);
      case "index":
        return this.#index(expression, left, mark);
      case "call":
      case "methodCall": {
        const call = this.#prepare(expression, left);
        builder.release(mark);
        const to = builder.register();
        builder.call(expression.line, call.callee, call, { kind: "one", to });
        return operandOf({ text: to });
      }
    }
  }

  #global({ name, line }: Expression & { kind: "global" }): Operand {
    const { builder } = this;
    const named = { kind: "global", name } as const;
    const fixed = builder.chunk.fixedGlobal(name);
    if (fixed !== undefined) return { ...fixed, name: named };
    const to = builder.register();
    const text = this.#indexText(GLOBALS, literalOperand(name));
    builder.operation(line, [named], text, { kind: "one", to });
    return operandOf({ text: to, name: named });
  }

  /** One value, as it is now, whatever is evaluated before it is used. */
  passed(expression: Expression): Operand {
    return this.builder.snapshot(this.operand(expression));
  }

  /**
   * One value, into a register that nothing has used yet.
   *
   * @returns what is known of it; its text may be gone
   */
  into(expression: Expression, register: string): Operand {
    const { builder } = this;
    const at = Number(register.slice(1));
    const isTopmost = builder.registersInUse === at + 1;
    // Where it is the topmost, the value comes to lie there by itself.
    if (isTopmost) builder.release(at);
    const operand = this.operand(expression);
    if (operand.text !== register) builder.plain(`${register}=${operand.text};`);
    if (isTopmost) builder.release(at + 1);
    return operand;
  }

  /** Puts the first values of a call or `...` into registers. */
  several(expression: Expression, registers: readonly string[]): void {
    const { builder } = this;
    const place: Place = { kind: "several", to: registers };
    if (expression.kind === "call" || expression.kind === "methodCall") {
      const call = this.#prepare(expression);
      builder.call(expression.line, call.callee, call, place);
    } else {
      builder.plain(registers.map((register, at) => `${register}=va[${at}];`).join(""));
    }
  }

  /** A call whose results nobody wants. */
  effect(expression: CallExpression | MethodCallExpression): void {
    const call = this.#prepare(expression);
    this.builder.call(expression.line, call.callee, call, { kind: "nowhere" });
  }

  /** A call in place of this function. */
  tailCall(expression: CallExpression | MethodCallExpression): void {
    const { builder } = this;
    if (this.#isRestart(expression)) {
      const args = expression.args.map((argument) => this.passed(argument));
      builder.restart(expression.line, args);
      return;
    }
    const call = this.#prepare(expression);
    const register = /^r(\d+)$/.exec(call.callee.text);
    if (call.callee.constant !== undefined) {
      builder.call(expression.line, call.callee, call, { kind: "return" });
    } else {
      let at = register === null ? -1 : Number(register[1]);
      if (at < 0) at = Number(this.#kept(call.callee.text).text.slice(1));
      builder.tailCall(expression.line, call.callee, at, call.expression);
    }
  }

  /** Whether a call in tail position begins this very function anew. */
  #isRestart(expression: CallExpression | MethodCallExpression): boolean {
    const { chunk, node } = this.builder;
    if (expression.kind !== "call" || expression.callee.kind !== "variable") return false;
    return chunk.functionOf(expression.callee.variable) === node && !node.isVararg &&
      !expression.args.some(isOpen);
  }

  /** Values in a row, as the text of arguments. */
  #arguments({ args, line }: CallExpression | MethodCallExpression): string {
    const text = this.list(args);
    const results = /\.\.\.(?:allOf\()?(\w+)\)?$/.exec(text);
    if (results !== null) this.builder.makeRoom(line, results[1]);
    return text;
  }

  /** Values in a row, as the items of an array's text, all of the last one's. */
  list(expressions: readonly Expression[]): string {
    const last = expressions.length - 1;
    return expressions.map((expression, at) => {
      if (at < last || !isOpen(expression)) return this.passed(expression).text;
      return `...${this.open(expression)}`;
    }).join();
  }

  /** All values of a call or `...`, as the text of an array. */
  open(expression: Expression): string {
    if (expression.kind === "vararg") return "va";
    if (expression.kind !== "call" && expression.kind !== "methodCall") {
      throw new Error(`${expression.kind} has one value`);
    }
    const { builder } = this;
    const mark = builder.registersInUse;
    const call = this.#prepare(expression);
    builder.release(mark);
    const to = builder.register();
    builder.call(expression.line, call.callee, call, { kind: "all", to });
    return `allOf(${to})`;
  }

  /** Leaves the block with this label where the expression counts as `when`. */
  breakWhen(expression: Expression, when: boolean, label: number): void {
    const { builder } = this;
    const mark = builder.registersInUse;
    if (expression.kind === "unary" && expression.operator === "not") {
      this.breakWhen(expression.operand, !when, label);
    } else if (expression.kind === "logical") {
      const operands = operandsOf(expression);
      const last = operands.length - 1;
      // `and` decides by one false operand, `or` by one true.
      if ((expression.operator === "or") === when) {
        for (const operand of operands) this.breakWhen(operand, when, label);
      } else {
        builder.block((undecided) => {
          for (const operand of operands.slice(0, last)) {
            this.breakWhen(operand, !when, undecided);
          }
          this.breakWhen(operands[last], when, label);
        });
      }
    } else if (expression.kind === "binary" && isComparison(expression.operator)) {
      const left = this.operand(expression.left);
      const right = this.operand(expression.right);
      const { text, isSafe, isNegated } = comparisonText(expression.operator, left, right);
      const negated = isNegated === when;
      if (isSafe) builder.breakIf(negated ? `!(${text})` : text, label);
      else builder.operation(expression.line, [], text, { kind: "break", label, negated });
    } else {
      const text = truthText(this.operand(expression));
      builder.breakIf(when ? text : negation(text), label);
    }
    builder.release(mark);
  }

  #kept(text: string): Operand {
    const register = this.builder.register();
    this.builder.plain(`${register}=${text};`);
    return operandOf({ text: register });
  }

  #closure(node: FunctionNode): Operand {
    const { builder } = this;
    const upvalues = this.lowerInner(node);
    const shared = builder.chunk.sharedClosure(node, builder.happensOnce, upvalues.length);
    if (shared !== undefined) return shared;
    const captured = upvalues.map((variable) => builder.capture(variable));
    const closure = `new F(f${node.index},[${captured.join()}],self.env,p${node.index})`;
    return closureOperand(this.#kept(closure).text, node);
  }

  #index({ key, isNamed, line }: IndexExpression, object: Operand, mark: number): Operand {
    const { builder } = this;
    const ofKey = this.operand(key);
    const name = { kind: "field", name: isNamed ? String(ofKey.constant?.value) : "?" } as const;
    const fixed = builder.chunk.fixedField(object, ofKey);
    builder.release(mark);
    if (fixed !== undefined) return { ...fixed, name };
    const to = builder.register();
    const text = this.#indexText(object, ofKey);
    builder.operation(line, [object.name], text, { kind: "one", to });
    return operandOf({ text: to, name });
  }

  #indexText(object: Operand, key: Operand): string {
    return indexText(object, key, () => this.builder.chunk.hint());
  }

  #unary({ operator, operand: inner, line }: UnaryExpression): Operand {
    const { builder } = this;
    const mark = builder.registersInUse;
    const operand = this.operand(inner);
    builder.release(mark);
    if (operator === "not") {
      const text = truthText(operand);
      if (text === "true" || text === "false") return literalOperand(text === "false");
      return { ...this.#kept(`!${text}`), type: "boolean" };
    }
    const to = builder.register();
    if (operator === "-" && operand.type === "number") {
      builder.plain(`${to}=-${operand.text};`);
      return operandOf({ text: to, type: "number" });
    }
    const text = operator === "-" ? negationText(operand.text) : lengthText(operand);
    builder.operation(line, [operand.name], text, { kind: "one", to });
    return operandOf({ text: to });
  }

  #binary(expression: BinaryExpression, left: Operand, mark: number): Operand {
    const { builder } = this;
    if (expression.operator === "..") return this.#concatenation(expression, left, mark);
    if (isComparison(expression.operator)) return this.#comparison(expression, left, mark);
    const right = this.operand(expression.right);
    builder.release(mark);
    const to = builder.register();
    const { text, isSafe } = arithmeticText(expression.operator, left, right);
    if (isSafe) {
      builder.plain(`${to}=${text};`);
      return operandOf({ text: to, type: "number" });
    }
    builder.operation(expression.line, [left.name, right.name], text, { kind: "one", to });
    return operandOf({ text: to });
  }

  /** A comparison for its value. */
  #comparison(expression: BinaryExpression, left: Operand, mark: number): Operand {
    const { builder } = this;
    const right = this.operand(expression.right);
    builder.release(mark);
    const to = builder.register();
    const { text, isSafe, isNegated } = comparisonText(expression.operator, left, right);
    if (isSafe) builder.plain(`${to}=${isNegated ? `!(${text})` : text};`);
    else {
      const place = { kind: "truth", to, negated: isNegated } as const;
      builder.operation(expression.line, [], text, place);
    }
    return operandOf({ text: to, type: "boolean" });
  }

  /** `a .. b .. c` is one operation, as `..` groups to the right. */
  #concatenation(expression: BinaryExpression, first: Operand, mark: number): Operand {
    const { builder } = this;
    const pieces = [builder.snapshot(first)];
    let rest = expression.right;
    let { line } = expression;
    while (rest.kind === "binary" && rest.operator === "..") {
      line = rest.line;
      pieces.push(this.passed(rest.left));
      rest = rest.right;
    }
    pieces.push(this.passed(rest));
    builder.release(mark);
    const to = builder.register();
    const unknown = pieces.filter(({ type }) => type !== "string");
    const sum = pieces.map(({ text }) => text).join("+");
    if (unknown.length === 0) {
      builder.plain(`${to}=${sum};`);
      return operandOf({ text: to, type: "string" });
    }
    const areStrings = unknown.map(({ text }) => `typeof ${text}==="string"`).join("&&");
    const slow = `concat([${pieces.map(({ text }) => text).join()}])`;
    const text = `${areStrings}?(x=${sum}).length>4096?long(x):x:${slow}`;
    builder.operation(line, pieces.map(({ name }) => name), text, { kind: "one", to });
    return operandOf({ text: to });
  }

  #logical(expression: LogicalExpression): Operand {
    const { builder } = this;
    const mark = builder.registersInUse;
    const to = builder.register();
    const operands = operandsOf(expression);
    let name: Operand["name"];
    builder.block((decided) => {
      operands.forEach((operand, at) => {
        const known = this.into(operand, to);
        builder.release(mark + 1);
        ({ name } = known);
        if (at === operands.length - 1) return;
        const text = truthText({ ...known, text: to });
        builder.breakIf(expression.operator === "or" ? text : negation(text), decided);
      });
    });
    return operandOf({ text: to, name: isLastNamed(expression) ? name : undefined });
  }

  /** Evaluates what is called, and the arguments. */
  #prepare(
    expression: CallExpression | MethodCallExpression,
    first = this.operand(expression.kind === "call" ? expression.callee : expression.object),
  ): PreparedCall {
    const { builder } = this;
    if (expression.kind === "methodCall") {
      const object = builder.snapshot(first);
      const name = { kind: "method", name: expression.isNamed ? expression.name : "?" } as const;
      const to = builder.register();
      const text = this.#indexText(object, literalOperand(expression.name));
      builder.operation(expression.nameLine, [object.name], text, { kind: "one", to });
      const args = joined(object.text, this.#arguments(expression));
      return unknownCall(operandOf({ text: to, name }), args);
    }
    const callee = builder.snapshot(first);
    const args = this.#arguments(expression);
    const { closureOf } = callee;
    if (closureOf !== undefined) {
      const text = `f${closureOf.index}(${joined(callee.text, args)})`;
      return { callee, expression: text, isSingle: answersOne(closureOf) };
    }
    if (callee.type === "function" && callee.constant !== undefined) {
      const text = `c${callee.text.slice(1)}(${joined(callee.text, args)})`;
      return { callee, expression: text, isSingle: false };
    }
    return unknownCall(callee, args);
  }
}

function unknownCall(callee: Operand, args: string): PreparedCall {
  const { text } = callee;
  const expression = `(x=${text} instanceof F?${text}:callable(${text})).code(${
    joined("x", args)
  })`;
  return { callee, expression, isSingle: false };
}

function joined(first: string, others: string): string {
  return others === "" ? first : `${first},${others}`;
}

function negation(text: string): string {
  if (text === "true") return "false";
  return text === "false" ? "true" : `!${text}`;
}
