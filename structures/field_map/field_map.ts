/**
 * The hash, as Redis calls it: fields with values, in no order that counts.
 *
 * {@linkcode FieldMap} is a view, as drawn in member_cursor.ts, of a hash in one of two encodings; a
 * view's members are the fields:
 *
 * ```
 *   LISTPACK  a few short fields and values, in one block   field_map_listpack.ts
 *     │  too many, or a long field or value
 *     ▼
 *   TABLE     a hash table of blocks                        field_map_table.ts
 * ```
 *
 * It never turns back. Freeing from another thread: a listpack is one block without links; a table
 * is what MEMBER_TABLE_SHAPE says.
 */

import { type Arena, NONE } from "../arena/arena.ts";
import { type ByteView, emptyView } from "../bytes/byte_view.ts";
import type { FieldMapOperations } from "./field_map_operations.ts";
import { ListpackFieldMap } from "./field_map_listpack.ts";
import { TableFieldMap } from "./field_map_table.ts";
import type { KeyHasher } from "../hash_table/hash.ts";
import { MemberCursor } from "../set/member_cursor.ts";
import { GROWTH_COPIES } from "../set/member_listpack.ts";

/** Encodings of a hash: index among the view's. */
export const FieldMapEncoding = { Listpack: 0, Table: 1 } as const;

/** Up to where a hash stays a listpack. Read at each change, so it may be changed at any time. */
export interface HashLimits {
  maxListpackEntries: number;
  maxListpackValueBytes: number;
}

/** A view of one hash at a time, with a cursor; see the top of the file. */
export class FieldMap extends MemberCursor<FieldMapOperations> {
  /** Value of the field under the cursor. */
  readonly value: ByteView = emptyView();
  readonly #limits: HashLimits;
  readonly #listpack: ListpackFieldMap;
  readonly #table: TableFieldMap;

  /** @param limits kept, not copied */
  constructor(arena: Arena, hasher: KeyHasher, limits: HashLimits) {
    const listpack = new ListpackFieldMap(arena);
    const table = new TableFieldMap(arena, hasher);
    super([listpack, table], table);
    this.#limits = limits;
    this.#listpack = listpack;
    this.#table = table;
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
    if (this.encoding !== FieldMapEncoding.Listpack) return;
    if (this.count > maxListpackEntries || longest > maxListpackValueBytes) this.#convert();
  }

  override seek(position: number): boolean {
    if (!super.seek(position)) return false;
    this.operations.readValue(this.ref, position, this.value);
    return true;
  }

  override find(bytes: Uint8Array, start: number, length: number): boolean {
    if (!super.find(bytes, start, length)) return false;
    this.operations.readValue(this.ref, this.position, this.value);
    return true;
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
    if (this.encoding === FieldMapEncoding.Listpack && fields > this.#limits.maxListpackEntries) {
      this.#convert();
    }
  }

  #reserve(fields: number): void {
    const { ref } = this;
    if (this.encoding === FieldMapEncoding.Table) return this.#table.reserve(ref, fields, 0);
    const bytes = GROWTH_COPIES * this.#listpack.totalBytes(ref);
    this.#table.reserve(NONE, this.count + fields, bytes);
  }

  /**
   * Gives a field a value and answers whether the field is new. The value's bytes must not be those
   * of this hash. O(1) in a table, else O(n).
   *
   * @throws {ArenaFullError} also where no block can hold field and value; the hash is then as before
   */
  set(
    bytes: Uint8Array,
    start: number,
    length: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueLength: number,
  ): boolean {
    if (this.encoding === FieldMapEncoding.Listpack && this.#outgrows(length, valueLength)) {
      this.#convert();
    }
    let position = this.operations.find(this.ref, bytes, start, length);
    if (this.encoding === FieldMapEncoding.Listpack) {
      // The limit may be lower than when the fields that are there came.
      const fields = this.count + (position === 0 ? 1 : 0);
      if (fields > this.#limits.maxListpackEntries) {
        this.#convert();
        position = this.operations.find(this.ref, bytes, start, length);
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

  #outgrows(length: number, valueLength: number): boolean {
    const { maxListpackValueBytes } = this.#limits;
    return length > maxListpackValueBytes || valueLength > maxListpackValueBytes ||
      !this.#listpack.hasRoomFor(this.ref, length + valueLength);
  }

  /** Turns a listpack into a table. O(n). @throws {ArenaFullError} the hash is then as before */
  #convert(): void {
    const { member, value, ref: from } = this;
    const table = this.#table;
    const listpack = this.#listpack;
    const ref = table.create(this.count + 1);
    try {
      for (let at = listpack.first(from); at !== 0; at = listpack.next(from, at)) {
        listpack.readMember(from, at, member);
        listpack.readValue(from, at, value);
        table.find(ref, member.bytes, member.start, member.length);
        table.insertSought(
          ref,
          member.bytes,
          member.start,
          member.length,
          value.bytes,
          value.start,
          value.length,
        );
      }
    } catch (error) {
      table.destroy(ref);
      throw error;
    }
    listpack.destroy(from);
    this.open(FieldMapEncoding.Table, ref);
  }
}
