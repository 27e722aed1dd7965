/**
 * Lowers the two kinds of `for`. The counter is a register of its own, which no assignment to the
 * variable changes; the variable is a new one each turn.
 *
 * ```
 * for i = from, to, step        counter = from - step
 *                               loop: counter += step; beyond `to`? break; i = counter; …; tick
 * for k, v in f, s, c           loop: k, v = f(s, c); nil? break; c = k; …; tick
 * ```
 */

import type { Block, GenericForStatement, NumericForStatement } from "../syntax/ast.ts";
import type { Expressions } from "./expressions.ts";
import { literalOperand, type Operand } from "./operand.ts";

/** What lowers the statements within. */
export interface BodyLowering {
  body(block: Block, label: number): void;
  values(
    values: GenericForStatement["values"],
    registers: readonly string[],
  ): (Operand | undefined)[];
}

export function lowerNumericFor(
  { variable, from, to, step, body, line }: NumericForStatement,
  expressions: Expressions,
  statements: BodyLowering,
): void {
  const { builder } = expressions;
  const counter = builder.register();
  const limitRegister = builder.register();
  const stepRegister = builder.register();
  const start = expressions.into(from, counter);
  const end = expressions.into(to, limitRegister);
  const ofStep = step === undefined ? literalOperand(1) : expressions.into(step, stepRegister);
  const check = (operand: Operand, register: string, what: string) => {
    if (operand.type === "number") return;
    const text = `if(typeof ${register}!=="number")${register}=forNumber(${register},"${what}");`;
    builder.failing(line, [], text);
  };
  check(start, counter, "initial value");
  check(end, limitRegister, "limit");
  check(ofStep, stepRegister, "step");
  const limit = typeof end.constant?.value === "number" ? end.text : limitRegister;
  const known = ofStep.constant?.value;
  const by = typeof known === "number" ? ofStep.text : stepRegister;
  builder.plain(`${counter}=${counter}-${by};`);
  const ascending = `${counter}<=${limit}`;
  const descending = `${counter}>=${limit}`;
  const goesOn = typeof known !== "number"
    ? `(${by}>0?${ascending}:${descending})`
    : known > 0
    ? `(${ascending})`
    : `(${descending})`;
  builder.loop((label) => {
    builder.plain(`${counter}=${counter}+${by};`);
    builder.breakIf(`!${goesOn}`, label);
    const before = builder.registersInUse;
    if (variable.isAssigned) {
      const register = builder.register();
      builder.plain(`${register}=${counter};`);
      builder.declare(variable, register);
    } else builder.declare(variable, counter);
    statements.body(body, label);
    builder.release(before);
    builder.tick(line);
  });
}

export function lowerGenericFor(
  { variables, values, body, line }: GenericForStatement,
  expressions: Expressions,
  statements: BodyLowering,
): void {
  const { builder } = expressions;
  const registers = [builder.register(), builder.register(), builder.register()];
  const used = builder.registersInUse;
  const [callee, state, control] = registers;
  statements.values(values, registers);
  builder.release(used);
  builder.loop((label) => {
    const results = variables.map(() => builder.register());
    builder.iteration(line, { callee, state, control, results });
    builder.breakIf(`${results[0]}===undefined`, label);
    builder.plain(`${control}=${results[0]};`);
    variables.forEach((variable, at) => builder.declare(variable, results[at]));
    statements.body(body, label);
    builder.release(used);
    builder.tick(line);
  });
}
