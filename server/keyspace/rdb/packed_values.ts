/**
 * Collections that come as one string: a listpack or an intset, or a ziplist or zipmap of old, which
 * becomes a listpack. All of it is checked before a key may hold it: that no walk leaves it, that no
 * member comes twice, that scores are numbers in order. What has more members than the limits allow
 * becomes a table, as in Redis.
 *
 * ```
 *   ziplist, zipmap ──▶ built anew ──┐
 *   listpack ──▶ every entry ────────┴─▶ block of the arena ──▶ members, scores ──▶ within limits?
 *   intset   ──▶ every integer ────────▶ block of the arena ────────────────────▶ within limits?
 * ```
 */

import { type Arena, NONE, type Ref } from "../../../structures/arena/arena.ts";
import * as arenaLayout from "../../../structures/arena/arena_layout.ts";
import { compareBytes } from "../../../structures/bytes/byte_order.ts";
import { type ByteView, emptyView } from "../../../structures/bytes/byte_view.ts";
import { copyBytes } from "../../../structures/bytes/copy_bytes.ts";
import type { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { FieldMap, FieldMapEncoding } from "../../../structures/field_map/field_map.ts";
import { Listpack } from "../../../structures/listpack/listpack.ts";
import { ListpackBuilder } from "../../../structures/listpack/listpack_builder.ts";
import { MAX_INT64_TEXT } from "../../../structures/numbers/int64.ts";
import { intsetProblem } from "../../../structures/set/intset.ts";
import { MemberSet, SetEncoding } from "../../../structures/set/member_set.ts";
import { MemberTable } from "../../../structures/set/member_table.ts";
import { SortedSet, SortedSetEncoding } from "../../../structures/sorted_set/sorted_set.ts";
import type { DetachedValue } from "../detached_value.ts";
import { Type } from "../entry.ts";
import type { CollectionLimits } from "../settings.ts";
import { checkedListpack } from "./checked_listpack.ts";
import { ValueType } from "./rdb_format.ts";
import { RdbFormatError, type RdbReader } from "./rdb_reader.ts";
import type { ValueLoader } from "./value_loader.ts";
import { readZiplist, readZipmap } from "./ziplist.ts";

const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;

/** So many members are compared with each other; of more it is noted which were seen. */
const FEW_MEMBERS = 24;

/** Reads what is packed; see the top of the file. */
export class PackedLoader implements ValueLoader {
  readonly #arena: Arena;
  readonly #limits: CollectionLimits;
  readonly #hash: FieldMap;
  readonly #set: MemberSet;
  readonly #sortedSet: SortedSet;
  readonly #listpack: Listpack;
  readonly #builder = new ListpackBuilder();
  /** Holds the members that were seen of a value. */
  readonly #seenTable: MemberTable;
  readonly #last = emptyView();
  readonly #lastDigits = new Uint8Array(MAX_INT64_TEXT);
  readonly #digits = new Uint8Array(MAX_INT64_TEXT);
  #type = 0;
  /** Bytes of the longest text of a ziplist or zipmap. */
  #longest = 0;

  constructor(arena: Arena, hasher: KeyHasher, limits: CollectionLimits) {
    this.#arena = arena;
    this.#limits = limits;
    this.#listpack = new Listpack(arena);
    this.#hash = new FieldMap(arena, hasher, limits.hashes);
    this.#set = new MemberSet(arena, hasher, limits.sets);
    this.#sortedSet = new SortedSet(arena, hasher, limits.sortedSets);
    this.#seenTable = new MemberTable(arena, hasher);
  }

  begin(type: number): void {
    this.#type = type;
  }

  advance(reader: RdbReader, value: DetachedValue, _steps: number): boolean {
    const from = reader.at;
    // The earliest time of expiry is in the listpack as well.
    if (this.#type === ValueType.ExpiringHashListpack && !reader.readMilliseconds()) return false;
    if (!reader.readString()) {
      reader.at = from;
      return false;
    }
    if (this.#type === ValueType.SetIntset) this.#takeIntset(reader.text, value);
    else this.#takeListpack(this.#listpackOf(reader.text), value);
    this.#builder.clear();
    return true;
  }

  /** A value is read at once, or not at all. */
  abandon(): void {}

  #takeIntset(text: ByteView, value: DetachedValue): void {
    const problem = intsetProblem(text.bytes, text.start, text.length);
    if (problem !== "") throw new RdbFormatError(problem);
    const ref = this.#keep(text);
    const set = this.#set;
    set.open(SetEncoding.Intset, ref);
    this.#orFree(ref, () => set.fitLimits());
    value.setSlot(Type.Set, set.encoding, set.ref, 0);
  }

  /** A listpack of canonical entries. */
  #listpackOf(text: ByteView): ByteView {
    const builder = this.#builder;
    const append = ({ bytes, start, length }: ByteView) => {
      if (length > this.#longest) this.#longest = length;
      builder.append(bytes, start, length);
    };
    this.#longest = 0;
    builder.clear();
    switch (this.#type) {
      case ValueType.HashZipmap:
        readZipmap(text, append);
        return builder.finish();
      case ValueType.HashZiplist:
      case ValueType.SortedSetZiplist:
        readZiplist(text, append);
        this.#longest = 0; // as in Redis, only their number counts
        return builder.finish();
    }
    return checkedListpack(text, builder);
  }

  #takeListpack(listpack: ByteView, value: DetachedValue): void {
    const ref = this.#keep(listpack);
    this.#orFree(ref, () => {
      switch (this.#type) {
        case ValueType.SetListpack:
          return this.#takeSet(ref, value);
        case ValueType.SortedSetZiplist:
        case ValueType.SortedSetListpack:
          return this.#takeSortedSet(ref, value);
        default:
          return this.#takeHash(ref, value);
      }
    });
    if (value.isEmpty) this.#arena.free(ref);
  }

  #takeSet(ref: Ref, value: DetachedValue): void {
    const set = this.#set;
    set.open(SetEncoding.Listpack, ref);
    if (set.count === 0) return value.setEmpty(Type.Set);
    this.#checkMembers(set);
    set.fitLimits();
    value.setSlot(Type.Set, set.encoding, set.ref, 0);
  }

  #takeHash(ref: Ref, value: DetachedValue): void {
    const hash = this.#hash;
    const expires = this.#type === ValueType.ExpiringHashListpack;
    hash.open(expires ? FieldMapEncoding.ExpiringListpack : FieldMapEncoding.Listpack, ref);
    if (hash.count === 0) return value.setEmpty(Type.Hash);
    if (!Number.isInteger(hash.count)) throw new RdbFormatError("a field without a value");
    if (expires && !hash.hasValidDeadlines()) throw new RdbFormatError("times out of order");
    this.#checkMembers(hash);
    hash.fitLimits(this.#longest);
    value.setSlot(Type.Hash, hash.encoding, hash.ref, 0);
  }

  /** @throws {RdbFormatError} where a member is there twice */
  #checkMembers(members: MemberSet | FieldMap): void {
    if (members.count <= FEW_MEMBERS) {
      const entriesEach = this.#listpack.count(members.ref) / members.count;
      return this.#checkFew(members.ref, entriesEach);
    }
    this.#withSeen(members.count, (seen) => {
      for (let more = members.seekFirst(); more; more = members.next()) {
        this.#see(seen, members.member);
      }
    });
  }

  /** As #checkMembers, by looking for each in what is behind it. O(members²). */
  #checkFew(ref: Ref, entriesEach: number): void {
    const listpack = this.#listpack;
    const bytes = this.#arena.bytes[ref >>> SEGMENT_SHIFT];
    const digits = this.#digits;
    for (let at = listpack.first(ref); at !== 0;) {
      const behind = listpack.skip(ref, at, entriesEach);
      if (behind === 0) return;
      const isInteger = listpack.isInteger(ref, at);
      const text = isInteger ? digits : bytes;
      const start = isInteger ? 0 : listpack.stringStart(ref, at);
      const length = isInteger
        ? listpack.writeText(ref, at, digits, 0)
        : listpack.stringLength(ref, at);
      if (listpack.find(ref, text, start, length, entriesEach - 1, behind) !== 0) throw twice();
      at = behind;
    }
  }

  #takeSortedSet(ref: Ref, value: DetachedValue): void {
    const set = this.#sortedSet;
    const last = this.#last;
    set.open(SortedSetEncoding.Listpack, ref);
    const entries = this.#listpack.count(ref);
    if (entries === 0) return value.setEmpty(Type.SortedSet);
    if (entries % 2 !== 0) throw new RdbFormatError("a member without a score");
    let lastScore = -Infinity;
    let isFirst = true;
    const check = (seen: Ref) => {
      for (let more = set.seekFirst(); more; more = set.next()) {
        const { member, score } = set;
        if (Number.isNaN(score)) throw new RdbFormatError("a score that is not a number");
        const isInOrder = isFirst || score > lastScore || score === lastScore &&
            compareBytes(
                member.bytes,
                member.start,
                member.length,
                last.bytes,
                last.start,
                last.length,
              ) > 0;
        if (!isInOrder) throw new RdbFormatError("a sorted set out of order");
        if (seen !== NONE) this.#see(seen, member);
        this.#keepLast(member);
        lastScore = score;
        isFirst = false;
      }
    };
    if (entries <= 2 * FEW_MEMBERS) {
      check(NONE);
      this.#checkFew(ref, 2);
    } else this.#withSeen(entries / 2, check);
    if (set.count > this.#limits.sortedSets.maxListpackEntries) set.convert();
    value.setSlot(Type.SortedSet, set.encoding, set.ref, 0);
  }

  /** Notes a member as the last. The text of an integer is in a buffer that the next is in, too. */
  #keepLast({ bytes, start, length }: ByteView): void {
    const last = this.#last;
    const digits = this.#lastDigits;
    const isShort = length <= digits.length;
    if (isShort) copyBytes(digits, 0, bytes, start, length);
    last.bytes = isShort ? digits : bytes;
    last.start = isShort ? 0 : start;
    last.length = length;
  }

  /** Has a table to note members in for as long as `use` runs. */
  #withSeen(members: number, use: (seen: Ref) => void): void {
    const table = this.#seenTable;
    const seen = table.create(members);
    try {
      use(seen);
    } finally {
      table.destroy(seen);
    }
  }

  /** @throws {RdbFormatError} where the member was noted before */
  #see(seen: Ref, { bytes, start, length }: ByteView): void {
    const table = this.#seenTable;
    if (table.find(seen, bytes, start, length) !== NONE) throw twice();
    table.appendSought(seen, bytes, start, length);
  }

  /** A block of the arena with these bytes. @throws {ArenaFullError} */
  #keep({ bytes, start, length }: ByteView): Ref {
    const ref = this.#arena.allocate(length);
    const own = this.#arena.bytes[ref >>> SEGMENT_SHIFT];
    copyBytes(own, (ref & SEGMENT_MASK) << 3, bytes, start, length);
    return ref;
  }

  /** Does something with a block, which is freed where that fails. */
  #orFree(ref: Ref, use: () => void): void {
    try {
      use();
    } catch (error) {
      this.#arena.free(ref);
      throw error;
    }
  }
}

function twice(): RdbFormatError {
  return new RdbFormatError("a member that is there twice");
}
