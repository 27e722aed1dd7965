/**
 * Builds the nodes of one function: gives out registers and pcs, and knows where variables are.
 *
 * Registers are a stack, as in Lua: variables of the blocks around at the bottom, and above them what
 * the expressions of the current statement want kept.
 */

import type { Instruction, VariableName } from "../runtime/compiled_frame.ts";
import type { FunctionNode, LocalVariable } from "../syntax/ast.ts";
import type { ChunkContext } from "./chunk_context.ts";
import type { LoweredFunction, Node, Place } from "./ir.ts";
import { numbersOf } from "./numbers.ts";
import { literalOperand, type Operand, operandOf } from "./operand.ts";

export class FunctionBuilder {
  readonly #registers = new Map<LocalVariable, string>();
  /** Variables of functions around this one that it or those within it use. */
  readonly upvalues: LocalVariable[] = [];
  readonly #numbers: ReadonlySet<LocalVariable>;
  readonly instructions: Instruction[] = [];
  /** Where nodes are put. */
  #nodes: Node[] = [];
  #labels = 0;
  /** How many loops are around. */
  #loops = 0;
  #restartLabel: number | undefined;
  #free = 0;
  #registerCount = 0;

  constructor(readonly chunk: ChunkContext, readonly node: FunctionNode) {
    this.#numbers = numbersOf(node);
    this.#pc(node.line);
  }

  /** Whether what is built now happens once at most in a run of the chunk. */
  get happensOnce(): boolean {
    return this.node.outer === undefined && this.#loops === 0;
  }

  get registersInUse(): number {
    return this.#free;
  }

  /** Gives all registers from one on back. */
  release(count: number): void {
    this.#free = count;
  }

  /** A register that is not in use, until it is given back. */
  register(): string {
    const register = `r${this.#free++}`;
    if (this.#free > this.#registerCount) this.#registerCount = this.#free;
    return register;
  }

  /** A label for a block or a loop. */
  label(): number {
    return this.#labels++;
  }

  /** Declares a variable, whose value is in a register. */
  declare(variable: LocalVariable, register: string): void {
    this.#registers.set(variable, register);
    if (isInCell(variable)) this.plain(`${register}={value:${register}};`);
  }

  /** A variable's value, of this function or of one around. */
  variable(variable: LocalVariable): Operand {
    const isOwn = variable.owner === this.node;
    const name: VariableName = { kind: isOwn ? "local" : "upvalue", name: variable.name };
    const constant = this.chunk.constantOf(variable);
    if (constant !== undefined) return { ...constant, name };
    const closureOf = this.chunk.functionOf(variable);
    const isNumber = this.#numbers.has(variable);
    const known = {
      closureOf,
      type: closureOf !== undefined ? "function" : isNumber ? "number" : undefined,
      name,
    } as const;
    if (!isOwn) {
      const place = this.capture(variable);
      if (!isInCell(variable)) return operandOf({ ...known, text: place });
      const register = this.register();
      this.plain(`${register}=${place}.value;`);
      return operandOf({ ...known, text: register });
    }
    const place = this.capture(variable);
    if (isInCell(variable)) {
      return operandOf({ ...known, text: `${place}.value`, changes: "any" });
    }
    return operandOf({
      ...known,
      text: place,
      changes: variable.isAssigned ? "assigned" : "never",
    });
  }

  /** Where a variable is, itself or in its cell: what a closure keeps of it. */
  capture(variable: LocalVariable): string {
    if (variable.owner === this.node) {
      const register = this.#registers.get(variable);
      if (register === undefined) throw new Error(`${variable.name} is used before it is declared`);
      return register;
    }
    if (this.chunk.functionOf(variable) === this.node) return "self";
    let at = this.upvalues.indexOf(variable);
    if (at < 0) at = this.upvalues.push(variable) - 1;
    return `u${at}`;
  }

  /** The text that a variable is assigned to by. */
  assignable(variable: LocalVariable): string {
    const place = this.capture(variable);
    return isInCell(variable) ? `${place}.value` : place;
  }

  /** The operand in a form that stays as it is while other expressions are evaluated. */
  snapshot(operand: Operand): Operand {
    return operand.changes === "any" ? this.#copy(operand) : operand;
  }

  /** The operand in a form that stays as it is while variables are assigned to. */
  fixed(operand: Operand): Operand {
    return operand.changes === "never" ? operand : this.#copy(operand);
  }

  #copy(operand: Operand): Operand {
    const register = this.register();
    this.plain(`${register}=${operand.text};`);
    return { ...operand, text: register, changes: "never" };
  }

  /**
   * Assigns to a variable or a cell. Where the operand is a temporary register that the last node has
   * its result put to, it is put to the target at once.
   *
   * @param before how many registers were in use before the operand was evaluated
   */
  assign(target: string, { text }: Operand, before: number): void {
    const last = this.#nodes[this.#nodes.length - 1];
    const isTemporary = /^r\d+$/.test(text) && Number(text.slice(1)) >= before;
    if (
      isTemporary && last?.kind === "call" && last.place.kind === "one" && last.place.to === text
    ) {
      this.#nodes[this.#nodes.length - 1] = { ...last, place: { kind: "one", to: target } };
    } else if (isTemporary && last?.kind === "plain" && last.text.startsWith(`${text}=`)) {
      this.#nodes[this.#nodes.length - 1] = {
        kind: "plain",
        text: target + last.text.slice(text.length),
      };
    } else if (target !== text) this.plain(`${target}=${text};`);
  }

  /** Adds statements; where they give a register its value, nothing but that: see {@linkcode assign}. */
  plain(text: string): void {
    this.#nodes.push({ kind: "plain", text });
  }

  failing(line: number, names: Instruction["names"], text: string): void {
    this.#nodes.push({ kind: "failing", pc: this.#pc(line, names), text });
  }

  /** What may be left in the middle and answers one value. */
  operation(
    line: number,
    names: Instruction["names"],
    expression: string,
    place: Place,
  ): void {
    const pc = this.#pc(line, names);
    this.#nodes.push({ kind: "call", pc, expression, isSingle: true, place });
  }

  /** A call, which answers any number of values. */
  call(
    line: number,
    callee: Operand,
    { expression, isSingle }: { readonly expression: string; readonly isSingle: boolean },
    place: Place,
  ): void {
    const pc = this.#pc(line, [callee.name], callee.name);
    this.#nodes.push({ kind: "call", pc, expression, isSingle, place });
  }

  /** A call in place of the function itself. */
  tailCall(line: number, callee: Operand, calleeRegister: number, expression: string): void {
    const pc = -this.#pc(line, [callee.name], callee.name, calleeRegister);
    this.#nodes.push({
      kind: "call",
      pc,
      expression,
      isSingle: false,
      place: { kind: "return" },
    });
  }

  /** The call of a generic `for`, for the values of its next turn. */
  iteration(
    line: number,
    { callee, state, control, results }: {
      readonly callee: string;
      readonly state: string;
      readonly control: string;
      readonly results: readonly string[];
    },
  ): void {
    const expression =
      `(x=${callee} instanceof F?${callee}:callable(${callee})).code(x,${state},${control})`;
    const pc = this.#pc(line, [], GENERATOR);
    const place: Place = results.length === 1
      ? { kind: "one", to: results[0] }
      : { kind: "several", to: results };
    this.#nodes.push({ kind: "call", pc, expression, isSingle: false, place });
  }

  /** The end of a turn of a loop, where others may be given theirs. */
  tick(line: number): void {
    const pc = this.#pc(line);
    this.#nodes.push({ kind: "pause", pc, condition: "--M.budget<0", call: "M.pause()" });
  }

  /** Before the results in a register, or `va`, become arguments: there may be thousands. */
  makeRoom(line: number, results: string): void {
    const pc = this.#pc(line);
    const condition = `${results} instanceof Array&&${results}.length>100`;
    this.#nodes.push({ kind: "pause", pc, condition, call: `M.makeRoom(${results}.length)` });
  }

  break(label: number): void {
    this.#nodes.push({ kind: "break", label });
  }

  breakIf(condition: string, label: number): void {
    if (condition === "true") this.break(label);
    else if (condition !== "false") this.#nodes.push({ kind: "breakIf", label, condition });
  }

  return(value: string): void {
    this.#nodes.push({ kind: "return", value });
  }

  /**
   * Begins the function anew with other arguments, as when it calls itself in tail position: as if that
   * were a loop around its body.
   */
  restart(line: number, args: readonly Operand[]): void {
    const kept = args.map((operand) =>
      operand.constant === undefined ? this.#copy(operand) : operand
    );
    // Where they belong in cells, the beginning puts them there.
    this.node.parameters.forEach((_, at) => {
      this.plain(`r${at}=${(kept[at] ?? literalOperand(undefined)).text};`);
    });
    this.#restartLabel ??= this.label();
    // The parameters are the first registers; behind them one counts.
    const counter = `r${this.node.parameters.length}`;
    this.plain(`${counter}=${counter}===undefined?1:${counter}+1;`);
    this.tick(line);
    this.#nodes.push({ kind: "again", label: this.#restartLabel });
  }

  /** A block that `build` fills, and that breaks with its label leave. */
  block(build: (label: number) => void): void {
    this.#nest("block", build);
  }

  /** A loop, without an end but by a break. */
  loop(build: (label: number) => void): void {
    this.#nest("loop", build);
  }

  #nest(kind: "block" | "loop", build: (label: number) => void): void {
    const around = this.#nodes;
    const body: Node[] = [];
    const label = this.label();
    this.#nodes = body;
    if (kind === "loop") this.#loops++;
    build(label);
    if (kind === "loop") this.#loops--;
    this.#nodes = around;
    around.push({ kind, label, body });
  }

  finish(parameters: readonly string[]): LoweredFunction {
    const label = this.#restartLabel;
    return {
      index: this.node.index,
      parameters,
      isVararg: this.node.isVararg,
      registerCount: this.#registerCount,
      upvalueCount: this.upvalues.length,
      body: label === undefined ? this.#nodes : [{ kind: "loop", label, body: this.#nodes }],
      restartRegister: label === undefined ? -1 : parameters.length,
      instructions: this.instructions,
    };
  }

  #pc(
    line: number,
    names: Instruction["names"] = [],
    calledAs?: VariableName,
    calleeRegister: number = -1,
  ): number {
    return this.instructions.push({ line, names, calledAs, calleeRegister }) - 1;
  }
}

/** As Lua names the function that a `for` iterates by. */
const GENERATOR: VariableName = { kind: "local", name: "(for generator)" };

/** Whether closures and the function share a variable, in a cell; others are copied. */
export function isInCell(variable: LocalVariable): boolean {
  return variable.isCaptured && variable.isAssigned;
}
