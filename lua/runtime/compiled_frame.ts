/**
 * Compiled functions as the runtime sees them, where they are left in the middle: by a suspension, which
 * wants their variables kept, or by an error, which wants to know where in the source that was.
 *
 * ```
 * function f1(self, r0) {
 *   let r1, x, pc = 0;
 *   try { … pc = 3; r1 = f2(u0, r0); … }
 *   catch (e) { throw unwind(e, self, pc, [r0, r1]) }      ─▶  CompiledFrame { self, pc, registers }
 * }                                                        ─▶  "user_script:7: attempt to …"
 * ```
 */

import { ArgumentFault, OperandFault, type VariableKind } from "./fault.ts";
import type { Frame } from "./frame.ts";
import { Abort, asLuaError, type LuaError } from "./lua_error.ts";
import type { FunctionOrigin } from "./function_origin.ts";
import { LuaFunction } from "./lua_function.ts";
import { type Machine, SUSPENSION } from "./machine.ts";
import type { LuaValue, Results } from "./value.ts";

/** What an error calls the variable that a value comes from. */
export interface VariableName {
  readonly kind: VariableKind;
  readonly name: string;
}

/** What is known of an instruction that can fail or be left. */
export interface Instruction {
  readonly line: number;
  /** Names of its operands, as far as Lua names them; of a call: of what is called. */
  readonly names: readonly (VariableName | undefined)[];
  /** What the called function is named where it refuses an argument. */
  readonly calledAs: VariableName | undefined;
  /** The register of the called function, where that is not known before; -1 otherwise. */
  readonly calleeRegister: number;
}

/**
 * A function in the form that can be entered in the middle.
 *
 * @param pc where it was left
 * @param registers as they were
 * @param x what the called function answers
 */
export type ResumableCode = (
  self: LuaFunction,
  pc: number,
  registers: readonly unknown[],
  x: Results,
) => Results;

/** What a compiled function was compiled from, for what is seldom asked. */
export interface CompiledOrigin extends FunctionOrigin {
  readonly resumable: ResumableCode;
  readonly instructions: readonly Instruction[];
  /** The register that counts how often the function has called itself in its own place; -1: none. */
  readonly restartRegister: number;
}

/** What compiled functions call with whatever passes them; they throw what it answers. */
export type Unwind = (
  thrown: unknown,
  self: LuaFunction,
  pc: number,
  registers: readonly unknown[],
) => unknown;

/** What it costs that something passes a function: a microsecond, a hundred times what a call does. */
const UNWINDING = 50;

/** The unwinding of a machine's compiled functions. */
export function unwindOf(machine: Machine): Unwind {
  return (thrown, self, pc, registers) => {
    machine.depth--;
    machine.budget -= UNWINDING;
    if (thrown === SUSPENSION) {
      if (!isTailCall(self, pc, registers) || machine.reason === "inspect") {
        machine.leave(new CompiledFrame(self, pc, registers));
      } else machine.leaveTailCall();
      return thrown;
    }
    const error = asLuaError(thrown);
    if (error === undefined) {
      if (thrown instanceof Abort) note(thrown, self, pc);
      return thrown;
    }
    locate(error, self, pc, registers);
    return error;
  };
}

class CompiledFrame implements Frame {
  constructor(
    readonly self: LuaFunction,
    readonly pc: number,
    readonly registers: readonly unknown[],
  ) {}

  get position(): string {
    const { chunkName, instructions } = originOf(this.self);
    return `${chunkName}:${instructions[Math.abs(this.pc)].line}: `;
  }

  get isEntry(): boolean {
    return this.pc === 0;
  }

  resume(results: Results): Results {
    return originOf(this.self).resumable(this.self, this.pc, this.registers, results);
  }

  fail(error: LuaError): Results {
    locate(error, this.self, this.pc, this.registers);
    throw error;
  }
}

function originOf(self: LuaFunction): CompiledOrigin {
  // Only compiled code unwinds, and its functions have such an origin.
  return self.origin as CompiledOrigin;
}

/**
 * Whether a function has ended by calling another one in its place. A built-in function is called from
 * within, in Lua too, even where the call is the last thing.
 */
function isTailCall(self: LuaFunction, pc: number, registers: readonly unknown[]): boolean {
  if (pc >= 0) return false;
  const callee = registers[originOf(self).instructions[-pc].calleeRegister] as LuaValue;
  return !(callee instanceof LuaFunction) || callee.origin !== undefined;
}

/** Notes where something that was thrown passes a compiled function first; answers what is known of that. */
function note(thrown: LuaError | Abort, self: LuaFunction, pc: number): Instruction {
  const origin = originOf(self);
  const instruction = origin.instructions[Math.abs(pc)];
  if (thrown.origin === undefined) {
    thrown.origin = origin;
    thrown.line = instruction.line;
  }
  return instruction;
}

/** Puts names and the position into an error that passes a function, where they are this one's. */
function locate(
  error: LuaError,
  self: LuaFunction,
  pc: number,
  registers: readonly unknown[],
): void {
  const { line, names, calledAs } = note(error, self, pc);
  if (error.level === 0) return;
  if (error.level === 1 && error instanceof OperandFault) {
    const name = names[error.operand];
    if (name !== undefined) error.nameOperand(name.kind, name.name);
  } else if (error.level === 1 && error instanceof ArgumentFault) {
    if (calledAs !== undefined) error.nameFunction(calledAs.kind === "method", calledAs.name);
  } else if (isTailCall(self, pc, registers)) {
    // This level is gone, and nobody knows its line.
    error.level--;
    return;
  }
  if (--error.level > 0) {
    // Calls in its own place are levels that are gone.
    const restarts = registers[originOf(self).restartRegister] as number | undefined;
    error.level = Math.max(0, error.level - (restarts ?? 0));
    return;
  }
  const { value } = error;
  if (typeof value === "string") error.value = `${originOf(self).chunkName}:${line}: ${value}`;
}
