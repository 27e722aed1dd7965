/**
 * What all encodings of a set and of a hash have in common: members that are found by their bytes,
 * walked, scanned and drawn at random. (A hash's members are its fields.)
 *
 * A *position* names a member: its index plus one in an intset, its entry's byte offset in a
 * listpack, its block in a table; 0 is no member. Any change invalidates the positions behind the
 * place of the change, except in a table, where a member keeps its position until it is removed or
 * gets a value of another size. A change returns the value's reference, which is another where the
 * block has moved; on an error nothing has changed.
 */

import type { Ref } from "../arena/arena.ts";
import type { ByteView } from "../bytes/byte_view.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import type { RefList } from "./ref_list.ts";

/** A uniform integer from 0 to bound - 1. */
export type RandomInt = (bound: number) => number;

/** What of each member a run shows: the member, what belongs to it, or both, as bits. */
export const Part = { None: 0, Member: 1, Value: 2 } as const;

/** One way to lay out members in the arena. Complexities: intset, listpack, table. */
export interface MemberOperations {
  /** Number of members. O(1). */
  count(ref: Ref): number;
  /** A member to begin a walk with. O(1). */
  first(ref: Ref): number;
  /** The member behind, 0 behind the last. O(1), O(1), O(1) on average. */
  next(ref: Ref, position: number): number;
  /** The member `members` further on, of which there must be as many. O(1), O(members), O(members). */
  skip(ref: Ref, position: number, members: number): number;
  /**
   * Shows `run` parts of members from one on that lie one behind the other, `most` at the most; nothing
   * where they do not lie so. O(those).
   *
   * @returns the member behind those that are shown, 0 behind the last
   */
  scanRun(ref: Ref, position: number, parts: number, most: number, run: EntryRun): number;
  /** A member chosen uniformly, 0 where there is none. O(1), O(n), O(1) expected. */
  random(ref: Ref, randomInt: RandomInt): number;
  /** The member with these bytes. O(log n), O(n), O(1). */
  find(ref: Ref, bytes: Uint8Array, start: number, length: number): number;
  /** Points the view at a member's bytes. O(1). */
  readMember(ref: Ref, position: number, view: ByteView): void;
  /** Removes a member. O(n), O(n), O(1). */
  remove(ref: Ref, position: number): Ref;
  /**
   * One step of a scan, which begins and ends with cursor 0: lists positions and answers the next
   * cursor. All at once, all at once, O(1).
   */
  scan(ref: Ref, cursor: number, found: RefList): number;
  /** Frees all of it. O(1), O(1), O(n). */
  destroy(ref: Ref): void;
  /** Bytes that it takes in the arena. O(1), O(1), O(n / 8,192). */
  memoryBytes(ref: Ref): number;
  /** Checks every invariant. @throws {AssertionError} */
  verify(ref: Ref): void;
}

/** Lists every position, the scan of an encoding that is small: it ends with its first step. */
export function scanAll(encoding: MemberOperations, ref: Ref, found: RefList): number {
  for (let at = encoding.first(ref); at !== 0; at = encoding.next(ref, at)) found.push(at);
  return 0;
}
