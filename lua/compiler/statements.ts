/** Lowers statements: control flow becomes blocks, loops and breaks, variables get their registers. */

import type {
  AssignStatement,
  Block,
  Expression,
  IfStatement,
  IndexExpression,
  LocalStatement,
  LocalVariable,
  RepeatStatement,
  ReturnStatement,
  Statement,
  WhileStatement,
} from "../syntax/ast.ts";
import { isOpen } from "./expression_forms.ts";
import { type Expressions, GLOBALS } from "./expressions.ts";
import { type FunctionBuilder, isInCell } from "./function_builder.ts";
import { lowerGenericFor, lowerNumericFor } from "./for_loops.ts";
import { literalOperand, type Operand, operandOf } from "./operand.ts";
import { setIndexText } from "./texts.ts";

/** A target of an assignment, what it is made of evaluated. */
type Target =
  | { readonly kind: "variable"; readonly text: string }
  | { readonly kind: "global"; readonly name: string }
  | { readonly kind: "index"; readonly object: Operand; readonly key: Operand };

export class Statements {
  readonly #builder: FunctionBuilder;
  readonly #expressions: Expressions;
  /** Labels of the loops around, the innermost last. */
  readonly #loops: number[] = [];

  constructor(expressions: Expressions) {
    this.#builder = expressions.builder;
    this.#expressions = expressions;
  }

  /** Lowers a block; its variables are gone behind it. */
  block(block: Block): void {
    const before = this.#builder.registersInUse;
    this.#all(block);
    this.#builder.release(before);
  }

  /** Lowers a loop's body, which a `break` leaves for behind the loop. */
  body(block: Block, label: number): void {
    this.#loops.push(label);
    this.block(block);
    this.#loops.pop();
  }

  #all({ statements }: Block): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    const builder = this.#builder;
    const before = builder.registersInUse;
    switch (statement.kind) {
      // These leave registers behind them, with their variables in them.
      case "local":
        return this.#local(statement);
      case "localFunction":
        return this.#localFunction(statement);
      case "assign":
        this.#assign(statement);
        break;
      case "call":
        this.#expressions.effect(statement.call);
        break;
      case "do":
        this.block(statement.body);
        break;
      case "while":
        this.#while(statement);
        break;
      case "repeat":
        this.#repeat(statement);
        break;
      case "if":
        this.#if(statement);
        break;
      case "numericFor":
        lowerNumericFor(statement, this.#expressions, this);
        break;
      case "genericFor":
        lowerGenericFor(statement, this.#expressions, this);
        break;
      case "return":
        this.#return(statement);
        break;
      case "break":
        builder.break(this.#loops[this.#loops.length - 1]);
        break;
    }
    builder.release(before);
  }

  #local({ variables, values }: LocalStatement): void {
    const builder = this.#builder;
    const { chunk } = builder;
    const registers = variables.map(() => builder.register());
    const count = builder.registersInUse;
    const operands = this.values(values, registers);
    builder.release(count);
    variables.forEach((variable, at) => {
      const operand = operands[at];
      if (operand !== undefined) chunk.define(variable, operand);
      builder.declare(variable, registers[at]);
    });
  }

  /**
   * Puts the values of a list into as many registers, which nothing has used yet.
   *
   * @returns what is known of them, as far as there is one expression for each
   */
  values(values: readonly Expression[], registers: readonly string[]): (Operand | undefined)[] {
    const operands: (Operand | undefined)[] = [];
    values.forEach((value, at) => {
      const isLast = at === values.length - 1;
      if (isLast && isOpen(value) && registers.length > values.length) {
        this.#expressions.several(value, registers.slice(at));
      } else if (at < registers.length) {
        operands.push(this.#expressions.into(value, registers[at]));
      } else this.#dropped(value);
    });
    const last = values[values.length - 1];
    if (registers.length > values.length && (last === undefined || !isOpen(last))) {
      const rest = registers.slice(values.length);
      this.#builder.plain(rest.map((register) => `${register}=undefined;`).join(""));
      for (const _ of rest) operands.push(literalOperand(undefined));
    }
    return operands;
  }

  /** Evaluates a value that has no place. */
  #dropped(value: Expression): void {
    if (value.kind === "call" || value.kind === "methodCall") this.#expressions.effect(value);
    else this.#expressions.operand(value);
  }

  #localFunction({ variable, value }: Statement & { kind: "localFunction" }): void {
    const builder = this.#builder;
    const register = builder.register();
    if (isInCell(variable)) {
      builder.plain(`${register}=undefined;`);
      builder.declare(variable, register);
      const closure = this.#expressions.operand(value);
      builder.plain(`${register}.value=${closure.text};`);
    } else {
      // The function itself knows its closure as `self`, so it captures nothing of that.
      if (!variable.isAssigned) builder.chunk.defineFunction(variable, value.function);
      builder.chunk.define(variable, this.#expressions.into(value, register));
      builder.declare(variable, register);
    }
    builder.release(Number(register.slice(1)) + 1);
  }

  #assign({ targets, values, line }: AssignStatement): void {
    const builder = this.#builder;
    const expressions = this.#expressions;
    if (targets.length === 1 && values.length === 1) {
      const target = this.#target(targets[0], []);
      const before = builder.registersInUse;
      const value = expressions.operand(values[0]);
      if (target.kind === "variable") builder.assign(target.text, value, before);
      else this.#store(target, value, line);
      return;
    }
    const assigned = targets.flatMap((target) =>
      target.kind === "variable" ? [target.variable] : []
    );
    const prepared = targets.map((target) => this.#target(target, assigned));
    const registers = targets.map(() => builder.register());
    this.values(values, registers);
    for (let at = targets.length; --at >= 0;) {
      this.#store(prepared[at], operandOf({ text: registers[at] }), line);
    }
  }

  /** Evaluates what a target is made of; variables that the statement assigns to, as they were. */
  #target(
    target: AssignStatement["targets"][number],
    assigned: readonly LocalVariable[],
  ): Target {
    switch (target.kind) {
      case "variable":
        return { kind: "variable", text: this.#builder.assignable(target.variable) };
      case "global":
        return target;
      case "index":
        return this.#indexTarget(target, assigned);
    }
  }

  #indexTarget({ object, key }: IndexExpression, assigned: readonly LocalVariable[]): Target {
    const part = (expression: Expression) => {
      const operand = this.#expressions.operand(expression);
      return expression.kind === "variable" && assigned.includes(expression.variable)
        ? this.#builder.fixed(operand)
        : operand;
    };
    const ofObject = part(object);
    return { kind: "index", object: ofObject, key: part(key) };
  }

  #store(target: Target, value: Operand, line: number): void {
    const builder = this.#builder;
    switch (target.kind) {
      case "variable":
        builder.plain(`${target.text}=${value.text};`);
        break;
      case "global": {
        const name = literalOperand(target.name);
        const set = setIndexText(GLOBALS, name, value, () => builder.chunk.hint());
        builder.operation(line, [], set, { kind: "nowhere" });
        break;
      }
      case "index": {
        const { object, key } = target;
        const set = setIndexText(object, key, value, () => builder.chunk.hint());
        builder.operation(line, [object.name], set, { kind: "nowhere" });
        break;
      }
    }
  }

  #while({ condition, body, line }: WhileStatement): void {
    this.#builder.loop((label) => {
      this.#expressions.breakWhen(condition, false, label);
      this.body(body, label);
      this.#builder.tick(line);
    });
  }

  #repeat({ body, condition, line }: RepeatStatement): void {
    const builder = this.#builder;
    const before = builder.registersInUse;
    builder.loop((label) => {
      this.#loops.push(label);
      this.#all(body);
      this.#loops.pop();
      this.#expressions.breakWhen(condition, true, label);
      builder.tick(line);
    });
    builder.release(before);
  }

  #if({ clauses, otherwise }: IfStatement): void {
    const builder = this.#builder;
    builder.block((end) => {
      clauses.forEach(({ condition, body }, at) => {
        const isLast = at === clauses.length - 1 && otherwise === undefined;
        if (isLast) {
          this.#expressions.breakWhen(condition, false, end);
          this.block(body);
          return;
        }
        builder.block((next) => {
          this.#expressions.breakWhen(condition, false, next);
          this.block(body);
          builder.break(end);
        });
      });
      if (otherwise !== undefined) this.block(otherwise);
    });
  }

  #return({ values }: ReturnStatement): void {
    const builder = this.#builder;
    const [value] = values;
    if (values.length === 0) builder.return("NOTHING");
    else if (values.length > 1) builder.return(`[${this.#expressions.list(values)}]`);
    else if (value.kind === "call" || value.kind === "methodCall") {
      this.#expressions.tailCall(value);
    } else if (value.kind === "vararg") builder.return("(va.length===1?va[0]:va)");
    else builder.return(this.#expressions.operand(value).text);
  }
}
