/**
 * What execution knows of commands: a table that it is given, and what it has to know of a command
 * to run it. Commands import execution, for a command is handed a call; execution imports none.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { EffectiveCommand } from "./call_effects.ts";
import type { Frame } from "./frame.ts";
import type { CallableCommand } from "./callable_command.ts";
import type { KeyedCommand } from "./key_spec.ts";

/**
 * Loads what calls of a command will look at, before they run: the waits for memory of the calls of
 * a pipeline then overlap. It answers nothing, changes nothing and does not throw, for the calls may
 * yet be refused. The calls noted are all of one client.
 */
export interface Prefetch {
  /**
   * Notes a call; its number of arguments is right, all else is unchecked.
   *
   * @returns whether it gains by that; if not, the calls behind it are not shown, for most of a
   *   pipeline's calls are on collections of one size, and most collections are small
   */
  add(call: Frame): boolean;
  /** Loads for the calls noted, and forgets them. */
  load(): void;
}

/** Calls `hide` for each argument that is a secret, of a call that may make no sense. */
export type SensitiveArguments = (args: Arguments, hide: (i: number) => void) => void;

/** A command that can be run, with everything at hand that is asked before it may. */
export interface ExecutableCommand extends CallableCommand, EffectiveCommand, KeyedCommand {
  /** Arguments with the name itself; negative: at least so many. */
  readonly arity: number;
  /**
   * Undefined for a name that only holds subcommands together. A method, for which it is right that a
   * command asks more of the server behind a frame than execution knows of it.
   */
  run?(this: void, call: Frame): void;
  readonly prefetch: Prefetch | undefined;
  readonly subcommands: readonly ExecutableCommand[];

  /** Bits of {@linkcode Condition}: what has to be looked at whenever it is called. */
  readonly conditions: number;
  /** The categories that rules of users name it by: bits, see server/acl/categories.ts. */
  readonly categories: number;
  /** Changes keys. */
  readonly isWrite: boolean;
  /** For those who run the server. */
  readonly isAdmin: boolean;
  /** About channels. */
  readonly isPubSub: boolean;
  /** May make its client wait. */
  readonly isBlocking: boolean;
  /** May need more memory, and is refused where there is none. */
  readonly deniesOom: boolean;
  /** May not be called by scripts. */
  readonly deniesScripts: boolean;
  /** May not be part of a transaction. */
  readonly deniesMulti: boolean;
  /** May not run while a data set is loaded beside the one that is served. */
  readonly deniesAsyncLoading: boolean;
  /** May be called by who has not yet given a password. */
  readonly allowsNoAuth: boolean;
  /** May run while the data set is loaded. */
  readonly allowsLoading: boolean;
  /** May run on a replica whose data is old. */
  readonly allowsStale: boolean;
  /** May run while a script runs for too long. */
  readonly allowsBusy: boolean;
  /** Is let through to a slot that is being imported, as if ASKING stood before it. */
  readonly impliesAsking: boolean;
  /** May have effects for replicas without being a write, such as PUBLISH. */
  readonly mayReplicate: boolean;
  /** Is not shown to those who watch with MONITOR. */
  readonly skipsMonitor: boolean;
  /** Is not noted as slow. */
  readonly skipsSlowLog: boolean;
  /** Has Redis's flag `fast`: those who look for what is slow are told that it should not be. */
  readonly isFast: boolean;
  /** Takes constant or logarithmic time: what one call takes is not worth a look at the clock. */
  readonly isQuick: boolean;
  /** Calls of a client in a row are timed together: they are quick, or those are told that are not. */
  readonly isTimedInRuns: boolean;
  /** Names the arguments of a call that nobody else is to see. */
  readonly sensitive: SensitiveArguments | undefined;
  /** Has keys that COMMAND's range from first to last does not tell. */
  readonly hasMovableKeys: boolean;
  /** Makes sense without any key, although it may have some. */
  readonly hasOptionalKeys: boolean;
  /** Looks at keys that it does not name, such as RANDOMKEY. */
  readonly touchesArbitraryKeys: boolean;

  /** Whether a call with `count` arguments, the name included, has the right number. */
  acceptsCount(count: number): boolean;
  /** The subcommand whose name, in any case, stands in `bytes`. No allocation. */
  subcommand(bytes: Uint8Array, start: number, length: number): ExecutableCommand | undefined;
}

/** The commands of a server by the names that clients call them by. */
export interface CommandNames {
  /** The command whose name, in any case, stands in `bytes`. O(length), no allocation. */
  find(bytes: Uint8Array, start: number, length: number): ExecutableCommand | undefined;
  /** Whether a command, or subcommand, has a name at all. O(1). */
  has(command: { readonly id: number }): boolean;
  /** Number of commands, without subcommands. */
  readonly count: number;
}

/** The commands of a server by the names that they were declared with. */
export interface CommandTable extends CommandNames {
  /** Every command, each followed by its subcommands. */
  all(): Iterable<ExecutableCommand>;
  /** Above every number ({@linkcode CallableCommand.id}) of its commands and subcommands. */
  readonly idsEnd: number;
}
