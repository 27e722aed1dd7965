/**
 * A few members in one listpack, in the order in which they came: a small set, or, each followed by
 * its value, the fields of a small hash.
 *
 * ```
 * set    ┌────────┬────────┬────────┬ … ┬─────┐     hash   ┌────────┬───────┬───────┬ … ┬─────┐
 *        │ header │ member │ member │   │ end │            │ header │ field │ value │   │ end │
 *        └────────┴────────┴────────┴ … ┴─────┘            └────────┴───────┴───────┴ … ┴─────┘
 *                 └ position of the member                          └ position of the field
 * ```
 *
 * The bytes are those of Redis's small sets and hashes.
 */

import { MAX_INT64_TEXT } from "../numbers/int64.ts";
import { assert } from "../assert.ts";
import type { Arena, Ref } from "../arena/arena.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import type { EntryRun } from "../listpack/entry_run.ts";
import { Listpack } from "../listpack/listpack.ts";
import * as listpackEntry from "../listpack/listpack_entry.ts";
import { type MemberOperations, type RandomInt, scanAll } from "./member_operations.ts";
import type { RefList } from "./ref_list.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_SHIFT } = arenaLayout;
const { MAX_LISTPACK_BYTES } = listpackEntry;

/** More than two entries take beside the bytes of their texts. */
const OVERHEAD_BYTES = 64;

/** Blocks that a listpack has had while it grew, by size classes, are so many times as long as it. */
export const GROWTH_COPIES = 8;

/** See the top of the file. */
export class ListpackMembers implements MemberOperations {
  protected readonly listpack: Listpack;
  readonly #arena: Arena;
  readonly #entriesPerMember: number;
  readonly #memberText = new Uint8Array(MAX_INT64_TEXT);

  /** @param entriesPerMember 1 for a set, 2 for a hash */
  constructor(arena: Arena, entriesPerMember: number) {
    this.#arena = arena;
    this.#entriesPerMember = entriesPerMember;
    this.listpack = new Listpack(arena);
  }

  /** A new value without members. O(1). @throws {ArenaFullError} */
  create(_expected = 0): Ref {
    return this.listpack.create();
  }

  /** Bytes that the value's listpack has in use. O(1). */
  totalBytes(ref: Ref): number {
    return this.listpack.totalBytes(ref);
  }

  /** Whether entries of so many bytes are less than the most that a listpack holds. */
  canHold(length: number): boolean {
    return length + OVERHEAD_BYTES <= MAX_LISTPACK_BYTES;
  }

  /** Whether texts of this length, all together, can still be added to the listpack. O(1). */
  hasRoomFor(ref: Ref, length: number): boolean {
    return this.canHold(this.listpack.totalBytes(ref) + length);
  }

  count(ref: Ref): number {
    return this.listpack.count(ref) / this.#entriesPerMember;
  }

  first(ref: Ref): number {
    return this.listpack.first(ref);
  }

  next(ref: Ref, position: number): number {
    return this.listpack.skip(ref, position, this.#entriesPerMember);
  }

  skip(ref: Ref, position: number, members: number): number {
    return this.listpack.skip(ref, position, members * this.#entriesPerMember);
  }

  scanRun(ref: Ref, position: number, parts: number, most: number, run: EntryRun): number {
    return this.listpack.scanRun(ref, position, most, this.#entriesPerMember, parts, run);
  }

  random(ref: Ref, randomInt: RandomInt): number {
    const count = this.count(ref);
    return count === 0 ? 0 : this.listpack.seek(ref, randomInt(count) * this.#entriesPerMember);
  }

  find(ref: Ref, bytes: Uint8Array, start: number, length: number): number {
    return this.listpack.find(ref, bytes, start, length, this.#entriesPerMember - 1);
  }

  readMember(ref: Ref, position: number, view: ByteView): void {
    this.readEntry(ref, position, view, this.#memberText);
  }

  /** Points the view at an entry's text: where it is stored, or an integer's in `scratch`. O(1). */
  protected readEntry(ref: Ref, position: number, view: ByteView, scratch: Uint8Array): void {
    const { listpack } = this;
    if (listpack.isInteger(ref, position)) {
      view.bytes = scratch;
      view.start = 0;
      view.length = listpack.writeText(ref, position, scratch, 0);
    } else {
      view.bytes = this.#arena.bytes[ref >>> SEGMENT_SHIFT];
      view.start = listpack.stringStart(ref, position);
      view.length = listpack.stringLength(ref, position);
    }
  }

  /** Adds a set's member, which must not be there. O(1), and a copy when the block moves. */
  append(ref: Ref, bytes: Uint8Array, start: number, length: number): Ref {
    return this.listpack.append(ref, bytes, start, length);
  }

  remove(ref: Ref, position: number): Ref {
    return this.listpack.remove(ref, position, this.#entriesPerMember);
  }

  scan(ref: Ref, _cursor: number, found: RefList): number {
    return scanAll(this, ref, found);
  }

  destroy(ref: Ref): void {
    this.#arena.free(ref);
  }

  memoryBytes(ref: Ref): number {
    return this.#arena.capacity(ref);
  }

  verify(ref: Ref): void {
    this.listpack.verify(ref);
    const count = this.count(ref);
    assert(count === Math.trunc(count), "a field without a value");
    const seen = new Set<string>();
    const view = emptyView();
    for (let at = this.first(ref); at !== 0; at = this.next(ref, at)) {
      this.readMember(ref, at, view);
      seen.add(view.bytes.slice(view.start, view.start + view.length).join());
    }
    assert(seen.size === count, "a member is there twice");
  }
}
