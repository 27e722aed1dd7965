/**
 * The hash, as Redis calls it: fields with values, in no order that counts. A field may have a
 * deadline, after which nobody finds it.
 *
 * {@linkcode FieldMap} is a view, as drawn in member_cursor.ts, of a hash in one of four encodings; a
 * view's members are the fields:
 *
 * ```
 *   LISTPACK ───────────────▶ EXPIRING LISTPACK    a few short fields and values, in one block
 *     │    a first deadline     │                  field_map_listpack.ts, expiring_listpack.ts
 *     │                         │  too many, or a long field or value
 *     ▼                         ▼
 *   TABLE ──────────────────▶ EXPIRING TABLE       a hash table of blocks
 *          a first deadline                        field_map_table.ts, expiring_table.ts
 * ```
 *
 * It never turns back. Freeing from another thread: a listpack is one block without links; a table
 * is what MEMBER_TABLE_SHAPE says, one that may expire what EXPIRING_TABLE_SHAPE says.
 *
 * Fields that have expired take memory until somebody removes them: a view that `collects` does so with
 * each that it comes upon by `find`, another notes that it has met one; `removeExpired` removes many.
 */

import { type Arena, NONE } from "../arena/arena.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import { ExpiringListpack } from "./expiring_listpack.ts";
import { ExpiringTable } from "./expiring_table.ts";
import {
  BEFORE_ALL,
  type ExpiringFieldOperations,
  type FieldClock,
  type FieldMapOperations,
  NO_DEADLINE,
} from "./field_map_operations.ts";
import { ListpackFieldMap } from "./field_map_listpack.ts";
import { TableFieldMap } from "./field_map_table.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { MemberCursor } from "../set/member_cursor.ts";
import { GROWTH_COPIES } from "../set/member_listpack.ts";

/** Encodings of a hash: index among the view's. */
export const FieldMapEncoding = {
  Listpack: 0,
  Table: 1,
  ExpiringListpack: 2,
  ExpiringTable: 3,
} as const;

/** Bit of an encoding that tells a table from a listpack. */
const IS_TABLE = 1;
/** Bit of an encoding that tells of fields that may have deadlines. */
export const MAY_EXPIRE = 2;

/** Up to where a hash stays a listpack. Read at each change, so it may be changed at any time. */
export interface HashLimits {
  maxListpackEntries: number;
  maxListpackValueBytes: number;
}

/** A view of one hash at a time, with a cursor; see the top of the file. */
export class FieldMap extends MemberCursor<FieldMapOperations> {
  /** Value of the field under the cursor. */
  readonly value: ByteView = emptyView();
  /** Fields that had expired and were removed; whoever reads it sets it to 0. */
  collected = 0;
  /** Whether `find` has met a field that had expired and is still there; whoever reads it clears it. */
  hasMetExpired = false;
  readonly #limits: HashLimits;
  readonly #collects: boolean;
  readonly #listpack: ListpackFieldMap;
  readonly #table: TableFieldMap;
  readonly #expiringListpack: ExpiringListpack;
  readonly #expiringTable: ExpiringTable;

  /**
   * @param limits kept, not copied
   * @param clock what time it is, whenever the view is asked something; without one nothing expires
   * @param collects whether `find` removes a field that has expired
   */
  constructor(
    arena: Arena,
    hasher: KeyHasher,
    limits: HashLimits,
    clock: FieldClock = BEFORE_ALL,
    collects = false,
  ) {
    const listpack = new ListpackFieldMap(arena);
    const table = new TableFieldMap(arena, hasher);
    const expiringListpack = new ExpiringListpack(arena, clock);
    const expiringTable = new ExpiringTable(arena, hasher, clock);
    super([listpack, table, expiringListpack, expiringTable], table);
    this.#limits = limits;
    this.#collects = collects;
    this.#listpack = listpack;
    this.#table = table;
    this.#expiringListpack = expiringListpack;
    this.#expiringTable = expiringTable;
  }

  create(): void {
    this.open(FieldMapEncoding.Listpack, this.#listpack.create());
  }

  /** As {@linkcode create}, a table at once, for about so many fields. @throws {ArenaFullError} */
  createTable(expected: number): void {
    this.open(FieldMapEncoding.Table, this.#table.create(expected));
  }

  /**
   * Makes a table of a hash that has come as a whole and has more fields than a listpack may. O(n).
   *
   * @param longest bytes of its longest field or value; 0 where only their number is to count
   * @throws {ArenaFullError} the hash is then as before
   */
  fitLimits(longest: number): void {
    const { maxListpackEntries, maxListpackValueBytes } = this.#limits;
    if (this.isTable) return;
    if (this.count > maxListpackEntries || longest > maxListpackValueBytes) this.#convert();
  }

  override get isTable(): boolean {
    return (this.encoding & IS_TABLE) !== 0;
  }

  /** Whether fields may have deadlines. */
  get mayExpire(): boolean {
    return (this.encoding & MAY_EXPIRE) !== 0;
  }

  /** The operations of a hash whose fields may have deadlines. */
  get #expiring(): ExpiringFieldOperations {
    return this.isTable ? this.#expiringTable : this.#expiringListpack;
  }

  /** Number of fields that are found: `count` without those that have expired. O(those / 60). */
  override get liveCount(): number {
    return this.mayExpire ? this.count - this.#expiring.countExpired(this.ref) : this.count;
  }

  override seek(position: number): boolean {
    if (!super.seek(position)) return false;
    this.operations.readValue(this.ref, position, this.value);
    return true;
  }

  override find(bytes: Uint8Array, start: number, length: number): boolean {
    if (!super.find(bytes, start, length)) {
      if (this.mayExpire) this.#meet();
      return false;
    }
    this.operations.readValue(this.ref, this.position, this.value);
    return true;
  }

  /**
   * Removes a field and answers whether it was there; one that has expired and that nobody has come upon
   * was, as on Redis. O(1) in a table, else O(n).
   */
  override remove(bytes: Uint8Array, start: number, length: number): boolean {
    const { collected } = this;
    if (super.remove(bytes, start, length)) return true;
    const wasThere = this.collected !== collected;
    this.collected = collected;
    return wasThere;
  }

  /** Does what is to be done with a field that a search has met, if it has expired. */
  #meet(): void {
    const { met } = this.#expiring;
    if (met === 0) return;
    if (!this.#collects) this.hasMetExpired = true;
    else {
      this.ref = this.operations.remove(this.ref, met);
      this.collected++;
    }
  }

  /**
   * Makes a table of a hash that gets more fields than a listpack may have, so that it is not
   * converted half way; and sees to it that all can be set, if the arena has reserved twice the bytes
   * of fields and values. O(n).
   *
   * @throws {ArenaFullError} the hash is then as before
   */
  prepare(fields: number): void {
    if (fields > 1) this.#reserve(fields);
    if (!this.isTable && fields > this.#limits.maxListpackEntries) this.#convert();
  }

  #reserve(fields: number): void {
    const { ref } = this;
    if (this.isTable) return this.#table.reserve(ref, fields, 0);
    const bytes = GROWTH_COPIES * this.#listpack.totalBytes(ref);
    this.#table.reserve(NONE, this.count + fields, bytes);
  }

  /**
   * Gives a field a value and answers whether the field is new. The value's bytes must not be those
   * of this hash. O(1) in a table, else O(n).
   *
   * @param keepsDeadline whether a deadline that the field has stays
   * @throws {ArenaFullError} also where no block can hold field and value; the hash is then as before
   */
  set(
    bytes: Uint8Array,
    start: number,
    length: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueLength: number,
    keepsDeadline = false,
  ): boolean {
    if (!this.isTable && this.#outgrows(length, valueLength)) this.#convert();
    let position = this.#locate(bytes, start, length);
    if (!this.isTable) {
      // The limit may be lower than when the fields that are there came.
      const fields = this.count + (position === 0 ? 1 : 0);
      if (fields > this.#limits.maxListpackEntries) {
        this.#convert();
        position = this.#locate(bytes, start, length);
      }
    }
    this.position = 0;
    if (position !== 0) {
      this.ref = this.operations.setValue(
        this.ref,
        position,
        valueBytes,
        valueStart,
        valueLength,
        keepsDeadline,
      );
      return false;
    }
    this.ref = this.operations.insertSought(
      this.ref,
      bytes,
      start,
      length,
      valueBytes,
      valueStart,
      valueLength,
    );
    return true;
  }

  /** Position of a field, 0 where it is not there; one that has expired goes. */
  #locate(bytes: Uint8Array, start: number, length: number): number {
    const position = this.operations.find(this.ref, bytes, start, length);
    if (position === 0 && this.mayExpire) this.#meet();
    return position;
  }

  #outgrows(length: number, valueLength: number): boolean {
    const { maxListpackValueBytes } = this.#limits;
    return length > maxListpackValueBytes || valueLength > maxListpackValueBytes ||
      !this.#listpack.hasRoomFor(this.ref, length + valueLength);
  }

  /**
   * Sees to it that fields can get deadlines. O(n) for a listpack, O(1) for a table.
   *
   * @throws {ArenaFullError} the hash is then as before
   */
  makeExpiring(): void {
    if (this.mayExpire) return;
    if (this.isTable) {
      this.open(FieldMapEncoding.ExpiringTable, this.#expiringTable.adopt(this.ref));
    } else {
      const ref = this.#expiringListpack.adopt(this.#listpack, this.ref);
      this.open(FieldMapEncoding.ExpiringListpack, ref);
    }
  }

  /** When the field under the cursor expires, in ms since 1970; NO_DEADLINE where it does not. O(1). */
  get deadlineMs(): number {
    return this.mayExpire ? this.#expiring.deadlineOf(this.ref, this.onMember()) : NO_DEADLINE;
  }

  /**
   * Gives the field under the cursor a deadline, in a hash that {@linkcode makeExpiring} has seen, or
   * takes it away with NO_DEADLINE, for which no memory is needed. O(n), O(log n) in a table.
   *
   * @throws {ArenaFullError} the field is then as before
   */
  setDeadline(ms: number): void {
    this.ref = this.#expiring.setDeadline(this.ref, this.onMember(), ms);
    this.position = 0;
  }

  /**
   * Notes for {@linkcode reserveDeadlines} that the field under the cursor is going to get a deadline,
   * in a hash that {@linkcode makeExpiring} has seen. O(1).
   *
   * @returns the bytes of a block that this takes
   */
  deadlineBytes(): number {
    return this.isTable ? this.#expiringTable.deadlineBytes(this.onMember()) : 0;
  }

  /**
   * Has the arena reserve what it takes to give so many fields deadlines, so that it does not lack
   * half way. O(1).
   *
   * @param nodeBytes the sum of their {@linkcode deadlineBytes}
   * @throws {ArenaFullError}
   */
  reserveDeadlines(fields: number, nodeBytes: number): void {
    if (this.isTable) return this.#expiringTable.reserveDeadlines(fields, nodeBytes);
    const longer = this.#listpack.totalBytes(this.ref) + fields * DEADLINE_ENTRY_BYTES;
    this.#expiringTable.reserveDeadlines(0, GROWTH_COPIES * longer);
  }

  /** No field expires before it, in ms; Infinity where none does. O(1). */
  get earliestMs(): number {
    return this.mayExpire ? this.#expiring.earliestMs(this.ref) : Infinity;
  }

  /** The earliest deadline, Infinity where there is none. O(log n), with a look at 125 of a table. */
  findEarliestMs(): number {
    return this.mayExpire ? this.#expiring.findEarliestMs(this.ref) : Infinity;
  }

  /** Whether the deadlines of a listpack that has come as a whole are such, and in order. O(n). */
  hasValidDeadlines(): boolean {
    return this.#expiringListpack.hasValidDeadlines(this.ref);
  }

  /** Removes up to `limit` fields that have expired; they count as collected. O(limit + log n). */
  removeExpired(limit: number): void {
    if (!this.mayExpire) return;
    const before = this.count;
    this.ref = this.#expiring.removeExpired(this.ref, limit);
    this.position = 0;
    this.collected += before - this.count;
  }

  /** Turns a listpack into a table. O(n). @throws {ArenaFullError} the hash is then as before */
  #convert(): void {
    const { member, value, ref: from } = this;
    const expires = this.mayExpire;
    const table = expires ? this.#expiringTable : this.#table;
    const listpack = expires ? this.#expiringListpack : this.#listpack;
    let ref = table.create(this.count + 1);
    try {
      // Fields that have expired come along.
      const first = expires ? this.#expiringListpack.firstOfAll(from) : listpack.first(from);
      for (let at = first; at !== 0; at = listpack.next(from, at)) {
        listpack.readMember(from, at, member);
        listpack.readValue(from, at, value);
        table.find(ref, member.bytes, member.start, member.length);
        ref = table.insertSought(
          ref,
          member.bytes,
          member.start,
          member.length,
          value.bytes,
          value.start,
          value.length,
        );
        if (expires) ref = this.#copyDeadline(from, at, ref);
      }
    } catch (error) {
      table.destroy(ref);
      throw error;
    }
    listpack.destroy(from);
    this.open(expires ? FieldMapEncoding.ExpiringTable : FieldMapEncoding.Table, ref);
  }

  /** Gives the field that has just been put into a table the deadline that it has in a listpack. */
  #copyDeadline(listpack: number, at: number, ref: number): number {
    const { member } = this;
    const ms = this.#expiringListpack.deadlineOf(listpack, at);
    const table = this.#expiringTable;
    const position = table.find(ref, member.bytes, member.start, member.length);
    return table.setDeadline(ref, position, ms);
  }
}

/** A deadline in a listpack is a 64-bit integer. */
const DEADLINE_ENTRY_BYTES = 10;
