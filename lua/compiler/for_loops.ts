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
  const place = builder.register();
  const [callee, state, control] = registers;
  builder.plain(`${place}=-1;`);
  const used = builder.registersInUse;
  statements.values(values, registers);
  builder.release(used);
  builder.loop((label) => {
    const results = variables.map(() => builder.register());
    const first = results[0];
    builder.block((found) => {
      builder.block((unknown) => {
        const isTable = `${callee} instanceof F&&${state} instanceof T`;
        builder.breakIf(`!(${isTable})`, unknown);
        lowerNext({ callee, state, control, place, results }, builder, line, { found, end: label });
        lowerNextOfSequence({ callee, state, control, results }, builder, { found, end: label });
      });
      builder.iteration(line, { callee, state, control, results });
      builder.breakIf(`${first}===undefined`, label);
    });
    builder.plain(`${control}=${first};`);
    variables.forEach((variable, at) => builder.declare(variable, results[at]));
    statements.body(body, label);
    builder.release(used);
    builder.tick(line);
  });
}

/** Registers of a loop. */
interface Loop {
  readonly callee: string;
  readonly state: string;
  readonly control: string;
  readonly results: readonly string[];
}

/** Where a turn goes on with the next values, and where the loop has ended. */
interface Exits {
  readonly found: number;
  readonly end: number;
}

/** What `next` does, with the place in the table at hand. */
function lowerNext(
  { callee, state, control, place, results }: Loop & { readonly place: string },
  builder: Expressions["builder"],
  line: number,
  { found, end }: Exits,
): void {
  builder.block((other) => {
    builder.breakIf(`${callee}!==nextOfPairs&&${callee}!==next`, other);
    const after = `${place}<0?${state}.placeAfter(${control}):${place}+1`;
    builder.failing(line, [], `${place}=${state}.occupiedFrom(${after});`);
    builder.breakIf(`${place}<0`, end);
    const values = [`${state}.keyAt(${place})`, `${state}.valueAt(${place})`];
    builder.plain(results.map((result, at) => `${result}=${values[at]};`).join(""));
    builder.break(found);
  });
}

/** What the iterator of `ipairs` does. */
function lowerNextOfSequence(
  { callee, state, control, results }: Loop,
  builder: Expressions["builder"],
  { found, end }: Exits,
): void {
  builder.block((other) => {
    builder.breakIf(`${callee}!==nextOfSequence||typeof ${control}!=="number"`, other);
    builder.plain(`x=${state}.getIndex(${control}+1);`);
    builder.breakIf("x===undefined", end);
    const values = [`${control}+1`, "x"];
    builder.plain(results.map((result, at) => `${result}=${values[at]};`).join(""));
    builder.break(found);
  });
}
