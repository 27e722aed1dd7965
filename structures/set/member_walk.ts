/**
 * What sets, hashes and sorted sets have in common for those who visit members whatever they are: a
 * view of one value at a time, whose cursor walks from member to member, is put on one at random, and
 * lists members in the steps of a scan.
 */

import type { Ref } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import type { RandomInt } from "./member_operations.ts";
import type { RefList } from "./ref_list.ts";

export interface MemberWalk {
  /** How the value is held, and where. */
  readonly encoding: number;
  readonly ref: Ref;
  /** Number of members. */
  readonly count: number;
  /** Those of them that have not expired. */
  readonly liveCount: number;
  /** Whether a member chosen at random costs no walk. */
  readonly isTable: boolean;
  /** The member that the cursor is on. */
  readonly member: ByteView;
  /** What names it for {@linkcode MemberWalk.seek}, until a change; 0 where it is on none. */
  readonly position: number;
  /** Points the view at a value. */
  open(encoding: number, ref: Ref): void;
  /** Puts the cursor on a position, and answers whether there is a member. */
  seek(position: number): boolean;
  /** Puts the cursor on the first member of a walk. */
  seekFirst(): boolean;
  /** Moves the cursor on to the next. */
  next(): boolean;
  /** Moves the cursor `members` further on, where there must be one. */
  skip(members: number): boolean;
  /**
   * Shows a run of members (parts of each, by the bits of `Part`), `most` at the most, from the one under
   * the cursor on, which it moves behind them; and answers how many there are, perhaps none.
   */
  nextRun(run: EntryRun, parts: number, most: number): number;
  /** Puts the cursor on a member chosen uniformly. */
  seekRandom(randomInt: RandomInt): boolean;
  /** One step of a scan: lists positions, and answers the next cursor, 0 at the end. */
  scan(cursor: number, found: RefList): number;
}
