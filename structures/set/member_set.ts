/**
 * The set: distinct members in no order that counts.
 *
 * {@linkcode MemberSet} is a view, as drawn in member_cursor.ts, of a set in one of three encodings:
 *
 * ```
 *   INTSET    integers, sorted, in one block           intset.ts
 *     │  a member that is no integer, or too many
 *     ▼
 *   LISTPACK  a few short members, in one block        member_listpack.ts
 *     │  too many, or a long one
 *     ▼
 *   TABLE     a hash table of blocks                   member_table.ts
 * ```
 *
 * It goes down where an addition would pass a limit, and may skip the listpack; it never goes up.
 *
 * ```ts
 * set.open(encoding, ref);
 * reply.set(set.count);
 * for (let more = set.seekFirst(); more; more = set.next()) {
 *   reply.bulkBytes(set.member.bytes, set.member.start, set.member.length);
 * }
 * ```
 *
 * Freeing from another thread: the first two are one block without links; a table is what
 * MEMBER_TABLE_SHAPE says.
 */

import type { Arena } from "../arena/arena.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import * as arenaLayout from "../arena/arena_layout.ts";
import { Intset, MAX_INTSET_ENTRIES } from "./intset.ts";
import { MemberCursor } from "./member_cursor.ts";
import type { MemberOperations } from "./member_operations.ts";
import { GROWTH_COPIES, ListpackMembers } from "./member_listpack.ts";
import { MemberTable } from "./member_table.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;

/** Encodings of a set: index among the view's. */
export const SetEncoding = { Intset: 0, Listpack: 1, Table: 2 } as const;

/** More than an integer takes in a listpack. */
const INTEGER_ENTRY_BYTES = 16;

/** Up to where a set stays small. Read at each addition, so it may be changed at any time. */
export interface SetLimits {
  maxIntsetEntries: number;
  maxListpackEntries: number;
  maxListpackValueBytes: number;
}

/** A view of one set at a time, with a cursor; see the top of the file. */
export class MemberSet extends MemberCursor<MemberOperations> {
  readonly #limits: SetLimits;
  readonly #intset: Intset;
  readonly #listpack: ListpackMembers;
  readonly #table: MemberTable;

  /** @param limits kept, not copied */
  constructor(arena: Arena, hasher: KeyHasher, limits: SetLimits) {
    const intset = new Intset(arena);
    const listpack = new ListpackMembers(arena, 1);
    const table = new MemberTable(arena, hasher);
    super([intset, listpack, table], table);
    this.#limits = limits;
    this.#intset = intset;
    this.#listpack = listpack;
    this.#table = table;
  }

  create(): void {
    this.open(SetEncoding.Intset, this.#intset.create());
  }

  /**
   * Chooses the encoding for a set that gets `members` members more, some of which may be there
   * already, so that it is not converted half way; and sees to it that all can be added, if the arena
   * has reserved twice the bytes of the members. O(n).
   *
   * @param bytes the first of them
   * @throws {ArenaFullError} the set is then as before
   */
  prepare(members: number, bytes: Uint8Array, start: number, length: number): void {
    if (members > 1) this.#reserve(members);
    if (this.encoding === SetEncoding.Table) return;
    const { maxIntsetEntries, maxListpackEntries } = this.#limits;
    const isNew = this.encoding === SetEncoding.Intset && this.count === 0;
    if (isNew) {
      if (members <= maxIntsetEntries && this.#intset.isInteger(bytes, start, length)) return;
      this.#convert(members <= maxListpackEntries ? SetEncoding.Listpack : SetEncoding.Table);
    } else if (
      members > (this.encoding === SetEncoding.Intset ? maxIntsetEntries : maxListpackEntries)
    ) this.#convert(SetEncoding.Table);
  }

  /** Has the arena reserve what adding so many takes, beside their bytes: all are added then. */
  #reserve(members: number): void {
    const { encoding, ref } = this;
    if (encoding === SetEncoding.Table) return this.#table.reserve(ref, members, 0);
    // It may become a table on the way, and a listpack before that.
    const present = this.count;
    const bytes = encoding === SetEncoding.Intset
      ? present * INTEGER_ENTRY_BYTES * 2
      : this.#listpack.totalBytes(ref);
    this.#table.reserve(NONE, present + members, GROWTH_COPIES * bytes);
  }

  /** As {@linkcode create}, a table at once, for about so many members. @throws {ArenaFullError} */
  createTable(expected: number): void {
    this.open(SetEncoding.Table, this.#table.create(expected));
  }

  /**
   * Makes a table of a set that has come as a whole and has more members than its encoding may. O(n).
   *
   * @throws {ArenaFullError} the set is then as before
   */
  fitLimits(): void {
    const { maxIntsetEntries, maxListpackEntries } = this.#limits;
    if (this.encoding === SetEncoding.Table) return;
    const most = this.encoding === SetEncoding.Intset
      ? Math.min(maxIntsetEntries, MAX_INTSET_ENTRIES)
      : maxListpackEntries;
    if (this.count > most) this.#convert(SetEncoding.Table);
  }

  /**
   * Adds a member and answers whether it was new. O(1) in a table; O(n) where the set is converted.
   *
   * @throws {ArenaFullError} also where no block can hold it; the members are as before then
   */
  add(bytes: Uint8Array, start: number, length: number): boolean {
    this.position = 0;
    if (this.operations.find(this.ref, bytes, start, length) !== 0) return false;
    const target = this.#encodingFor(length);
    if (target !== this.encoding) {
      this.#convert(target);
      this.operations.find(this.ref, bytes, start, length);
    }
    if (target === SetEncoding.Table) {
      this.#table.appendSought(this.ref, bytes, start, length);
    } else if (target === SetEncoding.Listpack) {
      this.ref = this.#listpack.append(this.ref, bytes, start, length);
    } else this.ref = this.#intset.insertSought(this.ref);
    return true;
  }

  /** The encoding that can take the member that was just looked for. */
  #encodingFor(length: number): number {
    const { ref, encoding } = this;
    if (encoding === SetEncoding.Table) return encoding;
    const limits = this.#limits;
    const intset = this.#intset;
    const count = this.count;
    if (encoding === SetEncoding.Intset && intset.soughtInteger) {
      const most = Math.min(limits.maxIntsetEntries, MAX_INTSET_ENTRIES);
      return count < most ? SetEncoding.Intset : SetEncoding.Table;
    }
    if (count >= limits.maxListpackEntries || length > limits.maxListpackValueBytes) {
      return SetEncoding.Table;
    }
    if (encoding === SetEncoding.Listpack) {
      return this.#listpack.hasRoomFor(ref, length) ? encoding : SetEncoding.Table;
    }
    const fits = intset.longestTextBytes(ref) <= limits.maxListpackValueBytes &&
      this.#listpack.canHold(length + count * INTEGER_ENTRY_BYTES);
    return fits ? SetEncoding.Listpack : SetEncoding.Table;
  }

  /** Lays the set out anew. O(n). @throws {ArenaFullError} the set is then as before */
  #convert(encoding: number): void {
    const { member, operations, ref: from } = this;
    const target = encoding === SetEncoding.Table ? this.#table : this.#listpack;
    let ref = target.create(this.count + 1);
    try {
      for (let at = operations.first(from); at !== 0; at = operations.next(from, at)) {
        operations.readMember(from, at, member);
        ref = target.append(ref, member.bytes, member.start, member.length);
      }
    } catch (error) {
      target.destroy(ref);
      throw error;
    }
    operations.destroy(from);
    this.open(encoding, ref);
  }
}
