/**
 * Values in Redis's RDB format, without their type's byte and without compression, written to
 * whatever takes bytes.
 *
 * ```
 * string       length, bytes; or, for the text of a 32-bit integer, a tag and 1, 2 or 4 bytes
 * packed       the listpack or intset of a collection as a string
 * list         number of listpacks, then for each: the number 2, and it as a string
 * otherwise    count, then each member: its string; of a hash also the value's, of a sorted set, the
 *              highest first, the score as a double
 *
 * length       00xxxxxx │ 01xxxxxx x8 │ 10000000 x32      (the most significant byte first)
 * integer      11000000 x8 │ 11000001 x16 │ 11000010 x32  (the least significant byte first)
 * ```
 *
 * Whoever only wants to know the length counts the bytes: serialized_length.ts.
 */

import type { Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import {
  parseSafeInteger,
  writeBigInteger,
  writeInteger,
} from "../../structures/numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../../structures/numbers/int64.ts";
import { type FieldMap, FieldMapEncoding } from "../../structures/field_map/field_map.ts";
import type { List } from "../../structures/list/list.ts";
import { LISTPACK_FRAME_BYTES } from "../../structures/list/list_block.ts";
import { END, HEADER_BYTES, writeUint32 } from "../../structures/listpack/listpack_entry.ts";
import { Intset } from "../../structures/set/intset.ts";
import { Listpack } from "../../structures/listpack/listpack.ts";
import { type MemberSet, SetEncoding } from "../../structures/set/member_set.ts";
import { type SortedSet, SortedSetEncoding } from "../../structures/sorted_set/sorted_set.ts";
import { StringEncoding, Type } from "./entry.ts";
import type { Keyspace } from "./keyspace.ts";

const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

/** Takes bytes, one after the other. They are not kept: the same array may be written anew. */
export interface ByteSink {
  byte(value: number): void;
  bytes(bytes: Uint8Array, start: number, length: number): void;
}

/** Before each listpack of a list: entries that are packed, not one large element by itself. */
const PACKED_NODE = 2;
const INTEGER_8 = 0xc0;
const INTEGER_16 = 0xc1;
const INTEGER_32 = 0xc2;
/** Longest text that is tried as a 32-bit integer: that of -2147483648. */
const INT32_MAX_LENGTH = 11;

const TWO_32 = 2 ** 32;

/** Writes the values of a keyspace's entries. One serves any number of them. */
export class ValueSerializer {
  readonly #keyspace: Keyspace;
  readonly #sink: ByteSink;
  /** Numbers on their way to the sink. */
  readonly #scratch = new Uint8Array(MAX_INT64_TEXT);
  readonly #double = new DataView(this.#scratch.buffer);

  constructor(keyspace: Keyspace, sink: ByteSink) {
    this.#keyspace = keyspace;
    this.#sink = sink;
  }

  /** O(1) calls for a string and what is packed, O(elements) for another collection. */
  write(entry: Ref): void {
    const { entries, hashes, lists, sets, sortedSets } = this.#keyspace;
    switch (entries.type(entry)) {
      case Type.String:
        return this.#writeStringOf(entry);
      case Type.List:
        return this.#writeList(lists.open(entry));
      case Type.Set:
        return this.#writeSet(sets.open(entry));
      case Type.Hash:
        return this.#writeHash(hashes.open(entry));
      case Type.SortedSet:
        return this.#writeSortedSet(sortedSets.open(entry));
    }
  }

  #writeStringOf(entry: Ref): void {
    const { arena, entries } = this.#keyspace;
    if (entries.isInline(entry)) {
      const start = entries.inlineStart(entry);
      this.#writeText(entries.bytes(entry), start, entries.inlineLength(entry));
    } else if (entries.encoding(entry) === StringEncoding.Integer) {
      this.#writeInteger(entries.slot(entry, 0), entries.slot(entry, 1));
    } else {
      const block = entries.slot(entry, 0);
      const bytes = arena.bytes[block >>> SEGMENT_SHIFT];
      this.#writeText(bytes, (block & SEGMENT_MASK) << 3, entries.slot(entry, 1));
    }
  }

  /** An integer of 64 bits, given as two halves: one of more than 32 is text. */
  #writeInteger(low: number, high: number): void {
    if (high === low >> 31) return this.#writeInt32(low);
    const value = high * TWO_32 + (low >>> 0);
    const length = Number.isSafeInteger(value)
      ? writeInteger(this.#scratch, 0, value)
      : writeBigInteger(this.#scratch, 0, BigInt(high) << 32n | BigInt(low >>> 0));
    this.#writeString(this.#scratch, 0, length);
  }

  #writeList(list: List): void {
    const sink = this.#sink;
    const header = this.#scratch;
    this.#writeLength(list.listpackCount);
    list.forEachListpack((bytes, start, length, entries) => {
      const total = length + LISTPACK_FRAME_BYTES;
      this.#writeLength(PACKED_NODE);
      this.#writeLength(total);
      writeUint32(header, 0, total);
      header[4] = entries;
      header[5] = entries >> 8;
      sink.bytes(header, 0, HEADER_BYTES);
      sink.bytes(bytes, start, length);
      sink.byte(END);
    });
  }

  #writeSet(set: MemberSet): void {
    const { arena } = this.#keyspace;
    if (set.encoding === SetEncoding.Intset) {
      return this.#writeBlock(set.ref, new Intset(arena).totalBytes(set.ref));
    }
    if (set.encoding === SetEncoding.Listpack) return this.#writeListpack(set.ref);
    this.#writeLength(set.count);
    for (let more = set.seekFirst(); more; more = set.next()) this.#writeView(set.member);
  }

  #writeHash(hash: FieldMap): void {
    if (hash.encoding === FieldMapEncoding.Listpack) return this.#writeListpack(hash.ref);
    this.#writeLength(hash.count);
    for (let more = hash.seekFirst(); more; more = hash.next()) {
      this.#writeView(hash.member);
      this.#writeView(hash.value);
    }
  }

  #writeSortedSet(set: SortedSet): void {
    if (set.encoding === SortedSetEncoding.Listpack) return this.#writeListpack(set.ref);
    this.#writeLength(set.count);
    for (let more = set.seekLast(); more; more = set.previous()) {
      this.#writeView(set.member);
      this.#double.setFloat64(0, set.score, true);
      this.#sink.bytes(this.#scratch, 0, 8);
    }
  }

  #writeListpack(ref: Ref): void {
    this.#writeBlock(ref, new Listpack(this.#keyspace.arena).totalBytes(ref));
  }

  #writeBlock(ref: Ref, length: number): void {
    const bytes = this.#keyspace.arena.bytes[ref >>> SEGMENT_SHIFT];
    this.#writeString(bytes, (ref & SEGMENT_MASK) << 3, length);
  }

  #writeView(view: ByteView): void {
    this.#writeText(view.bytes, view.start, view.length);
  }

  /** A string that may be the text of an integer. */
  #writeText(bytes: Uint8Array, start: number, length: number): void {
    if (length <= INT32_MAX_LENGTH) {
      const value = parseSafeInteger(bytes, start, length);
      if (value === (value | 0)) return this.#writeInt32(value);
    }
    this.#writeString(bytes, start, length);
  }

  #writeString(bytes: Uint8Array, start: number, length: number): void {
    this.#writeLength(length);
    this.#sink.bytes(bytes, start, length);
  }

  #writeInt32(value: number): void {
    const sink = this.#sink;
    const bytes = value === value << 24 >> 24 ? 1 : value === value << 16 >> 16 ? 2 : 4;
    sink.byte(bytes === 1 ? INTEGER_8 : bytes === 2 ? INTEGER_16 : INTEGER_32);
    for (let i = 0; i < bytes; i++) sink.byte(value >> i * 8 & 0xff);
  }

  #writeLength(length: number): void {
    const sink = this.#sink;
    if (length < 2 ** 6) return sink.byte(length);
    if (length < 2 ** 14) {
      sink.byte(0x40 | length >> 8);
      return sink.byte(length & 0xff);
    }
    sink.byte(0x80);
    for (let shift = 24; shift >= 0; shift -= 8) sink.byte(length >>> shift & 0xff);
  }
}
