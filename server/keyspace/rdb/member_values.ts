/**
 * Sets, hashes and sorted sets that come member by member. They begin small or as a table, by the
 * number of members that is said to come, and are converted where a member passes a limit, as in
 * Redis. A member that comes twice makes the whole worthless.
 */

import type { Arena } from "../../../structures/arena/arena.ts";
import { copyBytes } from "../../../structures/bytes/copy_bytes.ts";
import type { KeyHasher } from "../../../structures/hash_table/hash.ts";
import { FieldMap } from "../../../structures/field_map/field_map.ts";
import { MAX_DEADLINE_MS } from "../../../structures/field_map/field_map_operations.ts";
import { MemberSet } from "../../../structures/set/member_set.ts";
import { SortedSet, SortedSetEncoding } from "../../../structures/sorted_set/sorted_set.ts";
import { SortedSetBuilder } from "../../../structures/sorted_set/sorted_set_builder.ts";
import type { DetachedValue } from "../detached_value.ts";
import { Type } from "../entry.ts";
import type { CollectionLimits } from "../settings.ts";
import { ValueType } from "./rdb_format.ts";
import { RdbFormatError, type RdbReader } from "./rdb_reader.ts";
import type { ValueLoader } from "./value_loader.ts";

/** Memory for a member above this is given back. */
const KEPT_BYTES = 64 * 1024;
const INITIAL_BYTES = 256;

/** What a member is kept in while more is read that belongs to it. */
class KeptMember {
  bytes = new Uint8Array(INITIAL_BYTES);
  length = 0;

  keep({ text: { bytes, start, length } }: RdbReader): void {
    if (length > this.bytes.length) this.bytes = new Uint8Array(2 * length);
    copyBytes(this.bytes, 0, bytes, start, length);
    this.length = length;
  }

  release(): void {
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(INITIAL_BYTES);
  }
}

/** What these loaders have in common: a number of members, then each of them. */
abstract class MembersLoader implements ValueLoader {
  protected type = 0;
  /** Members that are to come; -1 where their number is. */
  #left = -1;

  begin(type: number): void {
    this.type = type;
    this.#left = -1;
  }

  advance(reader: RdbReader, value: DetachedValue, steps: number): boolean {
    if (this.#left === -1) {
      if (!reader.readLength()) return false;
      if (reader.length === 0) {
        value.setEmpty(this.valueType);
        return true;
      }
      this.create(reader.length);
      this.#left = reader.length;
    }
    for (let step = 0; this.#left > 0; step++) {
      if (step === steps || !this.readMember(reader)) return false;
      this.#left--;
    }
    this.finish(value);
    this.#left = -1;
    return true;
  }

  abandon(): void {
    if (this.#left === -1) return;
    this.#left = -1;
    this.destroy();
  }

  protected abstract readonly valueType: Type;
  /** Begins a value of so many members, if that is to be believed. */
  protected abstract create(members: number): void;
  /** Reads a member and adds it. @returns whether all of it has come */
  protected abstract readMember(reader: RdbReader): boolean;
  protected abstract finish(value: DetachedValue): void;
  protected abstract destroy(): void;
}

export class SetLoader extends MembersLoader {
  protected readonly valueType = Type.Set;
  readonly #set: MemberSet;

  constructor(arena: Arena, hasher: KeyHasher, readonly limits: CollectionLimits["sets"]) {
    super();
    this.#set = new MemberSet(arena, hasher, limits);
  }

  protected create(members: number): void {
    if (members > this.limits.maxIntsetEntries) this.#set.createTable(members);
    else this.#set.create();
  }

  protected readMember(reader: RdbReader): boolean {
    if (!reader.readString()) return false;
    const { bytes, start, length } = reader.text;
    if (!this.#set.add(bytes, start, length)) throw twice();
    return true;
  }

  protected finish(value: DetachedValue): void {
    value.setSlot(Type.Set, this.#set.encoding, this.#set.ref, 0);
  }

  protected destroy(): void {
    this.#set.destroy();
  }
}

export class HashLoader extends MembersLoader {
  protected readonly valueType = Type.Hash;
  readonly #hash: FieldMap;
  readonly #field = new KeptMember();
  /** Of fields that expire the earliest time, -1 before it is read. */
  #earliestMs = -1;

  constructor(arena: Arena, hasher: KeyHasher, readonly limits: CollectionLimits["hashes"]) {
    super();
    this.#hash = new FieldMap(arena, hasher, limits);
  }

  override begin(type: number): void {
    super.begin(type);
    this.#earliestMs = -1;
  }

  override advance(reader: RdbReader, value: DetachedValue, steps: number): boolean {
    if (this.type === ValueType.ExpiringHash && this.#earliestMs === -1) {
      if (!reader.readMilliseconds()) return false;
      this.#earliestMs = reader.length;
    }
    return super.advance(reader, value, steps);
  }

  protected create(fields: number): void {
    if (fields > this.limits.maxListpackEntries) this.#hash.createTable(fields);
    else this.#hash.create();
    if (this.type !== ValueType.ExpiringHash) return;
    try {
      this.#hash.makeExpiring();
    } catch (error) {
      this.#hash.destroy();
      throw error;
    }
  }

  protected readMember(reader: RdbReader): boolean {
    const from = reader.at;
    const expires = this.type === ValueType.ExpiringHash;
    if (expires && !reader.readLength()) return false;
    const fromEarliest = expires ? reader.length : 0;
    const field = this.#field;
    const hasField = reader.readString();
    if (hasField) field.keep(reader);
    if (!hasField || !reader.readString()) {
      reader.at = from;
      return false;
    }
    const { bytes, start, length } = reader.text;
    if (!this.#hash.set(field.bytes, 0, field.length, bytes, start, length)) throw twice();
    if (fromEarliest !== 0) this.#setDeadline(this.#earliestMs + fromEarliest - 1);
    return true;
  }

  /** Gives the field that was read last a deadline. */
  #setDeadline(ms: number): void {
    if (ms < 1 || ms > MAX_DEADLINE_MS) throw new RdbFormatError("a time beyond all bounds");
    this.#hash.find(this.#field.bytes, 0, this.#field.length);
    this.#hash.setDeadline(ms);
  }

  protected finish(value: DetachedValue): void {
    this.#field.release();
    value.setSlot(Type.Hash, this.#hash.encoding, this.#hash.ref, 0);
  }

  protected destroy(): void {
    this.#field.release();
    this.#hash.destroy();
  }
}

export class SortedSetLoader extends MembersLoader {
  protected readonly valueType = Type.SortedSet;
  readonly #set: SortedSet;
  /** For one that is to be a tree. */
  readonly #builder: SortedSetBuilder;
  #isLarge = false;
  readonly #member = new KeptMember();

  constructor(arena: Arena, hasher: KeyHasher, readonly limits: CollectionLimits["sortedSets"]) {
    super();
    this.#set = new SortedSet(arena, hasher, limits);
    this.#builder = new SortedSetBuilder(arena, hasher);
  }

  protected create(members: number): void {
    this.#isLarge = members > this.limits.maxListpackEntries;
    if (this.#isLarge) this.#builder.begin(members);
    else this.#set.create();
  }

  protected readMember(reader: RdbReader): boolean {
    const from = reader.at;
    if (!reader.readString()) return false;
    const member = this.#member;
    member.keep(reader);
    const isText = this.type === ValueType.TextSortedSet;
    if (!(isText ? reader.readTextDouble() : reader.readDouble())) {
      reader.at = from;
      return false;
    }
    const { double } = reader;
    if (Number.isNaN(double)) throw new RdbFormatError("a score that is not a number");
    if (this.#isLarge) {
      if (!this.#builder.add(double, member.bytes, 0, member.length)) throw twice();
    } else {
      const set = this.#set;
      if (set.find(member.bytes, 0, member.length)) throw twice();
      set.insert(double, member.bytes, 0, member.length);
    }
    return true;
  }

  protected finish(value: DetachedValue): void {
    this.#member.release();
    if (this.#isLarge) {
      this.#builder.finish();
      value.setSlot(Type.SortedSet, SortedSetEncoding.Tree, this.#builder.ref, 0);
    } else value.setSlot(Type.SortedSet, this.#set.encoding, this.#set.ref, 0);
  }

  protected destroy(): void {
    this.#member.release();
    if (this.#isLarge) this.#builder.abandon();
    else this.#set.destroy();
  }
}

function twice(): RdbFormatError {
  return new RdbFormatError("a member that is there twice");
}
