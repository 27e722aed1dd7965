/**
 * Values in Redis's RDB format: how each type and encoding is laid out.
 *
 * ```
 * string       itself
 * packed       the listpack or intset of a collection as a string
 * list         number of listpacks, then for each: the number 2, and it as a string
 * expiring     the earliest time of expiry, or 0; then as above, each field of a table behind its own,
 *              which is told from the earliest on, that being 1; 0 is none
 * otherwise    count, then each member as a string; of a hash also the value, of a sorted set, the
 *              highest first, the score as a double
 * ```
 *
 * What the strings, lengths and doubles look like is in rdb_writer.ts. A value of an encoding of its
 * own gets a type in rdb_format.ts and a line in each of the two switches here, and is read by a
 * loader of value_reader.ts.
 */

import type { Ref } from "../../../structures/arena/arena.ts";
import * as arenaLayout from "../../../structures/arena/arena_layout.ts";
import type { ByteView } from "../../../structures/bytes/byte_view.ts";
import { copyBytes } from "../../../structures/bytes/copy_bytes.ts";
import { type FieldMap, FieldMapEncoding } from "../../../structures/field_map/field_map.ts";
import type { List } from "../../../structures/list/list.ts";
import { LISTPACK_FRAME_BYTES } from "../../../structures/list/list_block.ts";
import {
  END,
  HEADER_BYTES,
  readUint32,
  writeUint32,
} from "../../../structures/listpack/listpack_entry.ts";
import { Intset } from "../../../structures/set/intset.ts";
import { type MemberSet, SetEncoding } from "../../../structures/set/member_set.ts";
import { type SortedSet, SortedSetEncoding } from "../../../structures/sorted_set/sorted_set.ts";
import { StringEncoding, Type } from "../entry.ts";
import type { Keyspace } from "../keyspace.ts";
import { PACKED_NODE, ValueType } from "./rdb_format.ts";
import { type ByteSink, RdbWriter } from "./rdb_writer.ts";

const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

/** A listpack of a list is put together in memory that is kept up to this. */
const KEPT_BYTES = 128 * 1024;
const NO_BYTES = new Uint8Array(0);

/** Writes the values of a keyspace's entries. One serves any number of them. */
export class ValueWriter {
  readonly #keyspace: Keyspace;
  readonly #writer: RdbWriter;
  readonly #intset: Intset;
  /** A listpack of a list, whose entries lie in a block without its header and end. */
  #listpack: Uint8Array = NO_BYTES;

  /** @param compresses whether strings are compressed */
  constructor(keyspace: Keyspace, sink: ByteSink, compresses: boolean) {
    this.#keyspace = keyspace;
    this.#writer = new RdbWriter(sink, compresses);
    this.#intset = new Intset(keyspace.arena);
  }

  /** Whether strings are compressed. */
  set compresses(compresses: boolean) {
    this.#writer.compresses = compresses;
  }

  /** Writes the type that stands before an entry's value. O(1). */
  writeType(entry: Ref): void {
    this.#writer.byte(this.#typeOf(entry));
  }

  #typeOf(entry: Ref): number {
    const { entries } = this.#keyspace;
    const encoding = entries.encoding(entry);
    switch (entries.type(entry)) {
      case Type.List:
        return ValueType.ListQuicklist2;
      case Type.Set:
        if (encoding === SetEncoding.Intset) return ValueType.SetIntset;
        return encoding === SetEncoding.Listpack ? ValueType.SetListpack : ValueType.Set;
      case Type.Hash:
        return this.#hashTypeOf(entry);
      case Type.SortedSet:
        return encoding === SortedSetEncoding.Listpack
          ? ValueType.SortedSetListpack
          : ValueType.SortedSet;
      default:
        return ValueType.String;
    }
  }

  #hashTypeOf(entry: Ref): number {
    switch (this.#keyspace.entries.encoding(entry)) {
      case FieldMapEncoding.Listpack:
        return ValueType.HashListpack;
      case FieldMapEncoding.ExpiringListpack:
        return ValueType.ExpiringHashListpack;
    }
    const expires = this.#keyspace.wholeHash(entry).findEarliestMs() !== Infinity;
    return expires ? ValueType.ExpiringHash : ValueType.Hash;
  }

  /** Writes an entry's value. O(bytes); O(1) calls of the sink for a string and what is packed. */
  write(entry: Ref): void {
    const { entries, lists, sets, sortedSets } = this.#keyspace;
    switch (entries.type(entry)) {
      case Type.String:
        return this.#writeStringOf(entry);
      case Type.List:
        return this.#writeList(lists.open(entry));
      case Type.Set:
        return this.#writeSet(sets.open(entry));
      case Type.Hash:
        return this.#writeHash(this.#keyspace.wholeHash(entry));
      case Type.SortedSet:
        return this.#writeSortedSet(sortedSets.open(entry));
    }
  }

  #writeStringOf(entry: Ref): void {
    const { entries, strings } = this.#keyspace;
    if (!entries.isInline(entry) && entries.encoding(entry) === StringEncoding.Integer) {
      this.#writer.integer(entries.slot(entry, 0), entries.slot(entry, 1));
    } else this.#writeView(strings.view(entry));
  }

  #writeList(list: List): void {
    const writer = this.#writer;
    writer.length(list.listpackCount);
    list.forEachListpack((bytes, start, length, entries) => {
      const total = length + LISTPACK_FRAME_BYTES;
      writer.length(PACKED_NODE);
      if (this.#listpack.length < total) this.#listpack = new Uint8Array(total);
      const listpack = this.#listpack;
      writeUint32(listpack, 0, total);
      listpack[4] = entries;
      listpack[5] = entries >> 8;
      copyBytes(listpack, HEADER_BYTES, bytes, start, length);
      listpack[total - 1] = END;
      writer.text(listpack, 0, total);
      if (total > KEPT_BYTES) this.#listpack = NO_BYTES;
    });
  }

  #writeSet(set: MemberSet): void {
    if (set.encoding === SetEncoding.Intset) {
      return this.#writeBlock(set.ref, this.#intset.totalBytes(set.ref));
    }
    if (set.encoding === SetEncoding.Listpack) return this.#writeListpack(set.ref);
    this.#writer.length(set.count);
    for (let more = set.seekFirst(); more; more = set.next()) this.#writeView(set.member);
  }

  #writeHash(hash: FieldMap): void {
    const earliestMs = hash.findEarliestMs();
    const expires = earliestMs !== Infinity;
    if (!hash.isTable) {
      if (hash.mayExpire) this.#writer.milliseconds(expires ? earliestMs : 0);
      return this.#writeListpack(hash.ref);
    }
    if (expires) this.#writer.milliseconds(earliestMs);
    this.#writer.length(hash.count);
    for (let more = hash.seekFirst(); more; more = hash.next()) {
      if (expires) this.#writer.length(hash.deadlineMs && hash.deadlineMs - earliestMs + 1);
      this.#writeView(hash.member);
      this.#writeView(hash.value);
    }
  }

  #writeSortedSet(set: SortedSet): void {
    if (set.encoding === SortedSetEncoding.Listpack) return this.#writeListpack(set.ref);
    this.#writer.length(set.count);
    for (let more = set.seekLast(); more; more = set.previous()) {
      this.#writeView(set.member);
      this.#writer.double(set.score);
    }
  }

  #writeListpack(ref: Ref): void {
    const bytes = this.#keyspace.arena.bytes[ref >>> SEGMENT_SHIFT];
    this.#writeBlock(ref, readUint32(bytes, (ref & SEGMENT_MASK) << 3));
  }

  #writeBlock(ref: Ref, length: number): void {
    const bytes = this.#keyspace.arena.bytes[ref >>> SEGMENT_SHIFT];
    this.#writer.text(bytes, (ref & SEGMENT_MASK) << 3, length);
  }

  #writeView({ bytes, start, length }: ByteView): void {
    this.#writer.text(bytes, start, length);
  }
}
