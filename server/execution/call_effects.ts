/**
 * What a call may do to the data set, asked before it runs. Most commands do the same at every call;
 * those that run what their arguments name, such as FCALL, say it of each.
 */

import type { Frame } from "./frame.ts";

/** Bits. */
export const CallEffect = {
  /** Changes keys. */
  Writes: 1 << 0,
  /** May need more memory, and is refused where there is none. */
  NeedsMemory: 1 << 1,
  /** May have effects for replicas without being a write, such as PUBLISH. */
  MayReplicate: 1 << 2,
} as const;
export type CallEffect = typeof CallEffect[keyof typeof CallEffect];

/** A command as far as its effects are concerned. */
export interface EffectiveCommand {
  /** Bits of {@linkcode CallEffect} that all of its calls have. */
  readonly effects: number;
  /**
   * The bits of a call, whose number of arguments is right; left out where they are `effects`. A
   * method for the reason that `run` is one, see command_table.ts.
   */
  effectsOfCall?(this: void, call: Frame): number;
}

/** Bits of {@linkcode CallEffect}. */
export function effectsOf(call: Frame, command: EffectiveCommand): number {
  const { effectsOfCall } = command;
  return effectsOfCall === undefined ? command.effects : effectsOfCall(call);
}

/** Whether a call changes keys, or does what replicas have to know of. */
export function mayReplicate(effects: number): boolean {
  return (effects & (CallEffect.Writes | CallEffect.MayReplicate)) !== 0;
}
