/**
 * What execution knows of commands: a table that it is given, and what it has to know of a command
 * to run it. Commands import execution, for a command is handed a call; execution imports none.
 */

import type { Call, CallableCommand } from "./call.ts";

/** See commands/registry.ts. */
export interface Prefetch {
  add(call: Call): boolean;
  load(): void;
}

export interface ExecutableCommand extends CallableCommand {
  readonly id: number;
  readonly arity: number;
  readonly run: ((this: void, call: Call) => void) | undefined;
  readonly prefetch: Prefetch | undefined;
  readonly subcommands: readonly ExecutableCommand[];
  readonly isWrite: boolean;
  readonly isProtected: boolean;
  readonly deniesOom: boolean;
  readonly allowsNoAuth: boolean;
  acceptsCount(count: number): boolean;
  subcommand(bytes: Uint8Array, start: number, length: number): ExecutableCommand | undefined;
}

export interface CommandTable {
  find(bytes: Uint8Array, start: number, length: number): ExecutableCommand | undefined;
}
