/**
 * What a script or a function says of itself: in the first line of a script (`#!lua flags=no-writes`),
 * or where a function is registered.
 */

import { CallEffect } from "../execution/call_effects.ts";

/** Bits. */
export const ScriptFlag = {
  /** It writes nothing, so it may run where nothing may be written. */
  NoWrites: 1 << 0,
  /** It may run when memory is short. */
  AllowOom: 1 << 1,
  /** It may run on a replica whose data is old. */
  AllowStale: 1 << 2,
  /** It cannot run on a cluster. */
  NoCluster: 1 << 3,
  /** Its keys may belong to different slots. */
  AllowCrossSlotKeys: 1 << 4,
  /** A script without a first line that says anything: each of its commands is looked at by itself. */
  Undeclared: 1 << 5,
} as const;
export type ScriptFlag = typeof ScriptFlag[keyof typeof ScriptFlag];

/** The flags that can be given, in the order in which FUNCTION LIST tells them. */
export const SCRIPT_FLAG_NAMES: readonly (readonly [name: string, flag: ScriptFlag])[] = [
  ["no-writes", ScriptFlag.NoWrites],
  ["allow-oom", ScriptFlag.AllowOom],
  ["allow-stale", ScriptFlag.AllowStale],
  ["no-cluster", ScriptFlag.NoCluster],
  ["allow-cross-slot-keys", ScriptFlag.AllowCrossSlotKeys],
];

/** The flag of that name, in any case; undefined where there is none. */
export function scriptFlagNamed(name: string): ScriptFlag | undefined {
  const wanted = name.toLowerCase();
  return SCRIPT_FLAG_NAMES.find(([known]) => known === wanted)?.[1];
}

/** What a script may do that says this of itself, as bits of CallEffect. */
export function effectsOfFlags(flags: number): number {
  const { AllowOom, NoWrites } = ScriptFlag;
  return ((flags & NoWrites) !== 0 ? 0 : CallEffect.Writes) |
    // What does not write needs no memory.
    ((flags & (AllowOom | NoWrites)) !== 0 ? 0 : CallEffect.NeedsMemory);
}
