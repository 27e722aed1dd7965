/**
 * What a function's syntax is lowered to, before it becomes JavaScript.
 *
 * Expressions are in A-normal form: each result that another expression wants lies in a register
 * (`r0`, `r1`, …, JavaScript's local variables), and what may be left in the middle stands alone, with
 * a number, the `pc`. Control flow is structured: all of Lua's comes down to blocks and loops that are
 * left by a break.
 *
 * ```
 * while a < f(b) do … end        loop 1
 *                                  call 1   f(b)         ─▶ r2
 *                                  call 2   r0 < r2      ─▶ break 1 where it is not so
 *                                  …
 *                                  pause 3
 * ```
 *
 * The same nodes are written down twice: as nested JavaScript ({@linkcode ./plain_form.ts}), and flat,
 * so that it may be entered at any pc ({@linkcode ./resumable_form.ts}).
 */

import type { Instruction } from "../runtime/compiled_frame.ts";

/** What becomes of what a call answers, which is in `x` where the function was left meanwhile. */
export type Place =
  | { readonly kind: "nowhere" }
  /** The first value, to a register. */
  | { readonly kind: "one"; readonly to: string }
  /** All of them as they are, to a register. */
  | { readonly kind: "all"; readonly to: string }
  /** The first values, to as many registers. */
  | { readonly kind: "several"; readonly to: readonly string[] }
  /** A boolean or its opposite, to a register. */
  | { readonly kind: "truth"; readonly to: string; readonly negated: boolean }
  /** A boolean or its opposite, which decides about a break. */
  | { readonly kind: "break"; readonly label: number; readonly negated: boolean }
  | { readonly kind: "return" };

export type Node =
  /** Statements that neither fail nor can be left. */
  | { readonly kind: "plain"; readonly text: string }
  /** Statements that may fail but cannot be left. */
  | { readonly kind: "failing"; readonly pc: number; readonly text: string }
  | CallNode
  /** Where the native stack may be left, if the condition holds: the call, which answers nothing, tells. */
  | {
    readonly kind: "pause";
    readonly pc: number;
    readonly condition: string;
    readonly call: string;
  }
  | { readonly kind: "block"; readonly label: number; readonly body: readonly Node[] }
  /** Begins anew at its end. */
  | { readonly kind: "loop"; readonly label: number; readonly body: readonly Node[] }
  /** Goes behind the block or loop around it that has this label. */
  | { readonly kind: "break"; readonly label: number }
  /** Begins the loop around it that has this label anew. */
  | { readonly kind: "again"; readonly label: number }
  | { readonly kind: "breakIf"; readonly label: number; readonly condition: string }
  | { readonly kind: "return"; readonly value: string };

/** An expression that may fail and be left. */
export interface CallNode {
  readonly kind: "call";
  /** Negative of a tail call. */
  readonly pc: number;
  readonly expression: string;
  /** Whether it answers one value, never an array. */
  readonly isSingle: boolean;
  readonly place: Place;
}

/** A function, lowered. */
export interface LoweredFunction {
  readonly index: number;
  /** The JavaScript parameters behind `self`. */
  readonly parameters: readonly string[];
  readonly isVararg: boolean;
  /** How many registers there are; the parameters are the first of them. */
  readonly registerCount: number;
  readonly upvalueCount: number;
  readonly body: readonly Node[];
  /** The register that counts how often the function has called itself in its own place; -1: never. */
  readonly restartRegister: number;
  /** What is told of the pcs: of pc or -pc, counted from 0, which is the beginning. */
  readonly instructions: readonly Instruction[];
}
