/**
 * A view of one set or hash at a time, with a cursor: what {@linkcode MemberSet} and
 * {@linkcode FieldMap} share.
 *
 * A value is an encoding and a reference, which whoever owns it keeps in two numbers of its own:
 *
 * ```
 *   entry (encoding, ref) ──open()──▶ view ──▶ one of its encodings
 *          ▲                          │ encoding, ref
 *          └── store after a change ──┘ position: the cursor
 *                                     └ member: bytes, start, length
 * ```
 *
 * After every change the owner stores `encoding` and `ref` again. The bytes of `member` are where
 * they are stored (the text of an integer in a small buffer), valid until the cursor moves or the
 * value changes. A change takes the cursor off; so does `open`.
 */

import { assert } from "../assert.ts";
import type { Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import type { MemberOperations, RandomInt } from "./member_operations.ts";
import type { MemberTable } from "./member_table.ts";
import type { RefList } from "./ref_list.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;

/** A table of fewer members fits the processor's caches. */
const MIN_PREFETCH_MEMBERS = 4096;

export abstract class MemberCursor<Encoding extends MemberOperations> {
  /** Index of the value's encoding among the view's. */
  encoding = 0;
  /** The value's block, NONE before the first `open` or `create`. */
  ref: Ref = NONE;
  /** Where the cursor is; 0 when it is on no member. */
  position = 0;
  /** Bytes of the member that a walk, a draw or `seek` has put the cursor on. */
  readonly member: ByteView = emptyView();
  protected operations: Encoding;
  readonly #largest: MemberTable;

  /**
   * @param encodings from the smallest to the largest
   * @param largest the last of them
   */
  protected constructor(
    protected readonly encodings: readonly Encoding[],
    largest: MemberTable,
  ) {
    this.operations = encodings[0];
    this.#largest = largest;
  }

  /** Makes a new empty value and points the view at it. O(1). @throws {ArenaFullError} */
  abstract create(): void;

  /** Points the view at a value. O(1). */
  open(encoding: number, ref: Ref): void {
    this.encoding = encoding;
    this.ref = ref;
    this.operations = this.encodings[encoding];
    this.position = 0;
  }

  /** Frees the value, all of it, and leaves the view on none. O(n). */
  destroy(): void {
    this.operations.destroy(this.ref);
    this.open(0, NONE);
  }

  /** Number of members. O(1). */
  get count(): number {
    return this.operations.count(this.ref);
  }

  /** Number of members that a walk comes to. O(1), or as the value says. */
  get liveCount(): number {
    return this.count;
  }

  /** Whether a member chosen at random costs no walk. */
  get isTable(): boolean {
    return this.encoding === this.encodings.length - 1;
  }

  /** Puts the cursor on a position and reads what is there. O(1). */
  seek(position: number): boolean {
    this.position = position;
    if (position === 0) return false;
    this.operations.readMember(this.ref, position, this.member);
    return true;
  }

  /**
   * Puts the cursor on a member; `member` stays as it was, as the caller has the bytes. O(1) in a
   * table; O(log n) in an intset, O(n) in a listpack.
   */
  find(bytes: Uint8Array, start: number, length: number): boolean {
    this.position = this.operations.find(this.ref, bytes, start, length);
    return this.position !== 0;
  }

  /** Whether the value is so large that {@linkcode prefetch} saves more than it costs. O(1). */
  get gainsByPrefetch(): boolean {
    return this.isTable && this.count >= MIN_PREFETCH_MEMBERS;
  }

  /**
   * Notes for {@linkcode prefetch} that a member will be looked for. O(length).
   *
   * @returns whether there was room for it
   */
  expectMember(bytes: Uint8Array, start: number, length: number): boolean {
    return this.#largest.expectMember(bytes, start, length);
  }

  /**
   * Loads what finding the members noted since the last time will wait for, so that their waits
   * overlap; for a value that {@linkcode gainsByPrefetch}. O(members).
   */
  prefetch(): void {
    this.#largest.prefetch(this.ref);
  }

  /** Puts the cursor on the first member of a walk. O(1). */
  seekFirst(): boolean {
    return this.seek(this.operations.first(this.ref));
  }

  /** Moves the cursor on to the next member of the walk. O(1) on average. */
  next(): boolean {
    return this.seek(this.operations.next(this.ref, this.onMember()));
  }

  /** Moves the cursor `members` further on, where there must be one. O(members), O(1) in an intset. */
  skip(members: number): boolean {
    return this.seek(this.operations.skip(this.ref, this.onMember(), members));
  }

  /**
   * Shows `run` parts of the members from the one under the cursor on, `most` at the most, and moves the
   * cursor behind them. It may be none. O(those).
   *
   * @param parts what of each member, by the bits of {@linkcode Part}
   * @returns how many members those are
   */
  nextRun(run: EntryRun, parts: number, most: number): number {
    const next = this.operations.scanRun(this.ref, this.onMember(), parts, most, run);
    if (run.groups > 0) this.seek(next);
    return run.groups;
  }

  /** Puts the cursor on a member chosen uniformly. O(1) expected; O(n) in a listpack. */
  seekRandom(randomInt: RandomInt): boolean {
    return this.seek(this.operations.random(this.ref, randomInt));
  }

  protected onMember(): number {
    assert(this.position !== 0, "no member is under the cursor");
    return this.position;
  }

  /** Removes the member under the cursor. O(1) in a table, else O(n). */
  removeCurrent(): void {
    this.ref = this.operations.remove(this.ref, this.onMember());
    this.position = 0;
  }

  /** Removes the members at some positions, which must be as a walk lists them. O(1) each, or O(n). */
  removeAll(positions: RefList): void {
    // From the last on, so that those before keep their places.
    for (let i = positions.count - 1; i >= 0; i--) {
      this.ref = this.operations.remove(this.ref, positions.at(i));
    }
    this.position = 0;
  }

  /** Removes a member and answers whether it was there. O(1) in a table, else O(n). */
  remove(bytes: Uint8Array, start: number, length: number): boolean {
    if (!this.find(bytes, start, length)) return false;
    this.removeCurrent();
    return true;
  }

  /**
   * One step of a scan: lists the positions of some members and answers the next cursor, 0 at the
   * end. A value that is no table is listed at once.
   */
  scan(cursor: number, found: RefList): number {
    return this.operations.scan(this.ref, cursor, found);
  }

  /** Bytes that the value takes in the arena, slack included. O(n / 8,192). */
  memoryBytes(): number {
    return this.operations.memoryBytes(this.ref);
  }

  /** Checks every invariant. For tests. O(n). @throws {AssertionError} */
  verify(): void {
    this.operations.verify(this.ref);
  }
}
