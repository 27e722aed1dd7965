/**
 * What follows a command that has run. A subsystem brings its hook, in the order below, and says when
 * it wants to be asked: for every client while it has something to do, or for some clients. While
 * nobody does, which is the rule, all of them cost one test.
 *
 * ```
 * run ─▶ reply ─▶ Monitor ─▶ Tracking ─▶ Propagate ─▶ Wake
 *                 └──── only where the server's or client's bit is set ────────┘
 * ```
 */

import { assert } from "../../structures/assert.ts";
import type { Call } from "./call.ts";
import type { ExecutableCommand } from "./command_table.ts";

/** Bits; each is the place of the hook that goes with it. */
export const After = {
  /** Somebody watches all commands. */
  Monitor: 1 << 1,
  /** The client keeps copies of what it reads. */
  Tracking: 1 << 2,
  /** What was done is written down. */
  Propagate: 1 << 3,
  /** Keys have become ready that clients wait for. */
  Wake: 1 << 4,
} as const;
export type After = typeof After[keyof typeof After];

/** Called when a command has run; its arguments and client are still the call's. */
export type Hook = (call: Call, command: ExecutableCommand) => void;

/** Called when a request was refused; without a command where it names none. */
export type RefusalHook = (call: Call, command: ExecutableCommand | undefined) => void;

export class Settlement {
  /** Hooks that every call is to pass, as bits of {@linkcode After}. */
  active = 0;
  /** By place: the number of the hook's bit. */
  readonly #hooks: (Hook | undefined)[] = [];
  readonly #refusalHooks: (RefusalHook | undefined)[] = [];

  /** Brings a hook, and what is called in its place for requests that are refused. */
  hook(after: After, hook: Hook, refused?: RefusalHook): void {
    const place = placeOf(after);
    assert(this.#hooks[place] === undefined, "a place has one hook");
    this.#hooks[place] = hook;
    this.#refusalHooks[place] = refused;
  }

  /** Has every call pass a hook, or no longer. */
  set(after: After, isSet: boolean): void {
    if (isSet) this.active |= after;
    else this.active &= ~after;
  }

  /** Passes a call on to the hooks whose bits are in `wanted`. */
  run(call: Call, command: ExecutableCommand, wanted: number): void {
    for (let left = wanted; left !== 0; left &= left - 1) {
      this.#hooks[placeOf(left & -left)]?.(call, command);
    }
  }

  /** Tells the hooks whose bits are in `wanted` of a request that was refused. */
  refused(call: Call, command: ExecutableCommand | undefined, wanted: number): void {
    for (let left = wanted; left !== 0; left &= left - 1) {
      this.#refusalHooks[placeOf(left & -left)]?.(call, command);
    }
  }
}

function placeOf(after: number): number {
  return 31 - Math.clz32(after);
}
