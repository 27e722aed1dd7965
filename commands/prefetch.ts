/** Looking ahead: what a command may do to have memory loaded before its calls run. */

import type { Call } from "../server/execution/call.ts";

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
  add(call: Call): boolean;
  /** Loads for the calls noted, and forgets them. */
  load(): void;
}

/** Which arguments a command looks for in the hash, set or sorted set of its key, argument 1. */
export interface MemberPositions {
  /** The first of them. */
  readonly first: number;
  /** From one to the next. */
  readonly step: number;
  /** The last of them; left out where they go on to the end. */
  readonly last?: number;
}
