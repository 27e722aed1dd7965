/**
 * What every type of value has in common: it can be freed, copied and measured. The one place
 * that knows, for each type and encoding, which memory a value owns besides its entry.
 */

import { type Arena, NONE, type Ref } from "../../structures/arena/arena.ts";
import type { LazyFree } from "../../structures/lazy_free/lazy_free.ts";
import { ListEncoding } from "../../structures/list/list.ts";
import { EXPIRING_TABLE_SHAPE } from "../../structures/field_map/expiring_table.ts";
import { FieldMapEncoding } from "../../structures/field_map/field_map.ts";
import { SetEncoding } from "../../structures/set/member_set.ts";
import { MEMBER_TABLE_SHAPE } from "../../structures/set/member_table.ts";
import { QUICKLIST_SHAPE } from "../../structures/list/quicklist_chain.ts";
import { NO_CHILD, PLAIN_BLOCK, type Shape } from "../../structures/lazy_free/reclaimer.js";
import { SortedSetEncoding } from "../../structures/sorted_set/sorted_set.ts";
import { TREE_SORTED_SET_SHAPE } from "../../structures/sorted_set/sorted_set_tree.ts";
import { type Entries, kindOf, StringEncoding, Type } from "./entry.ts";
import { HAS_TTL_WORD_BIT, KIND_MASK, META_WORD, SLOT_WORD } from "./entry_layout.ts";

/** A collection of more elements than this is worth a Worker's while. */
const LAZY_MIN_ELEMENTS = 64;

// Indexes into SHAPES.
const KEYSPACE = 0;
const SORTED_SET = 1;
const MEMBER_TABLE = 2;
const QUICKLIST = 3;
const EXPIRING_TABLE = 4;

/** What a kind of entry owns, by type and encoding. Kinds not named own nothing. */
const CHILDREN = new Array<number>(KIND_MASK + 1).fill(NO_CHILD);
/** What OBJECT ENCODING calls each kind of entry that is no string. */
const ENCODING_NAMES = new Array<string>(KIND_MASK + 1).fill("");

function kind(type: Type, encoding: number, child: number, name: string): void {
  CHILDREN[kindOf(type, encoding)] = child;
  ENCODING_NAMES[kindOf(type, encoding)] = name;
}

CHILDREN[kindOf(Type.String, StringEncoding.Block)] = PLAIN_BLOCK;
CHILDREN[kindOf(Type.String, StringEncoding.Growing)] = PLAIN_BLOCK;
kind(Type.List, ListEncoding.Listpack, PLAIN_BLOCK, "listpack");
kind(Type.List, ListEncoding.Quicklist, QUICKLIST, "quicklist");
kind(Type.Set, SetEncoding.Intset, PLAIN_BLOCK, "intset");
kind(Type.Set, SetEncoding.Listpack, PLAIN_BLOCK, "listpack");
kind(Type.Set, SetEncoding.Table, MEMBER_TABLE, "hashtable");
kind(Type.Hash, FieldMapEncoding.Listpack, PLAIN_BLOCK, "listpack");
kind(Type.Hash, FieldMapEncoding.Table, MEMBER_TABLE, "hashtable");
kind(Type.Hash, FieldMapEncoding.ExpiringListpack, PLAIN_BLOCK, "listpackex");
kind(Type.Hash, FieldMapEncoding.ExpiringTable, EXPIRING_TABLE, "hashtable");
kind(Type.SortedSet, SortedSetEncoding.Listpack, PLAIN_BLOCK, "listpack");
kind(Type.SortedSet, SortedSetEncoding.Tree, SORTED_SET, "skiplist");

/** For the Workers: where the links are in what the keyspace lets go of. */
export const SHAPES: readonly Shape[] = [
  {
    tableWord: -1,
    children: {
      kindWord: META_WORD,
      kindMask: KIND_MASK,
      slotWord: SLOT_WORD,
      slotShiftBit: HAS_TTL_WORD_BIT,
      shapes: CHILDREN,
    },
  },
  TREE_SORTED_SET_SHAPE,
  MEMBER_TABLE_SHAPE,
  QUICKLIST_SHAPE,
  EXPIRING_TABLE_SHAPE,
];

/** What can be asked of a value of many blocks, whatever it is. */
interface LinkedValue {
  count(ref: Ref): number;
  /** The same value in blocks of its own. @throws {ArenaFullError} nothing is left of it then */
  copy(ref: Ref): Ref;
  memoryBytes(ref: Ref): number;
}

/** One for each shape but the keyspace's. */
export interface LinkedValues {
  sortedSetTree: LinkedValue;
  memberTable: LinkedValue;
  quicklist: LinkedValue;
  expiringTable: LinkedValue;
}

export class Values {
  /** By index into SHAPES. */
  readonly #linked: LinkedValue[] = [];

  constructor(
    readonly arena: Arena,
    readonly entries: Entries,
    linked: LinkedValues,
    readonly lazyFree: LazyFree,
  ) {
    this.#linked[SORTED_SET] = linked.sortedSetTree;
    this.#linked[MEMBER_TABLE] = linked.memberTable;
    this.#linked[QUICKLIST] = linked.quicklist;
    this.#linked[EXPIRING_TABLE] = linked.expiringTable;
  }

  /** Frees what an entry's value owns besides the entry: in the background if large and `lazily`. */
  free(entry: Ref, lazily: boolean): void {
    const { entries } = this;
    const kind = kindOf(entries.type(entry), entries.encoding(entry));
    if (CHILDREN[kind] !== NO_CHILD) this.freeOf(kind, entries.slot(entry, 0), lazily);
  }

  /** As {@linkcode Values.free}, of a value that no entry has. @param kind as `kindOf` says it */
  freeOf(kind: number, ref: Ref, lazily: boolean): void {
    const child = CHILDREN[kind];
    if (child === NO_CHILD) return;
    if (child === PLAIN_BLOCK) {
      this.arena.free(ref);
    } else if (lazily && this.#linked[child].count(ref) > LAZY_MIN_ELEMENTS) {
      this.lazyFree.post(child, ref);
    } else this.lazyFree.freeNow(child, ref);
  }

  /**
   * Copies what an entry's value owns besides the entry, which must have a slot. O(bytes): a block
   * as a block, and what is linked block by block.
   *
   * @returns word 0 of the copy's slot
   * @throws {ArenaFullError} nothing is left of the copy then
   */
  copy(entry: Ref): Ref {
    const { arena, entries } = this;
    const child = CHILDREN[kindOf(entries.type(entry), entries.encoding(entry))];
    const ref = entries.slot(entry, 0);
    if (child === NO_CHILD) return ref;
    return child === PLAIN_BLOCK ? arena.duplicate(ref) : this.#linked[child].copy(ref);
  }

  /** The hash table of an entry's value; NONE where it has none. O(1). */
  tableOf(entry: Ref): Ref {
    const { arena, entries } = this;
    const child = CHILDREN[kindOf(entries.type(entry), entries.encoding(entry))];
    if (child === NO_CHILD || child === PLAIN_BLOCK) return NONE;
    const shape = SHAPES[child];
    return "tableWord" in shape ? arena.word(entries.slot(entry, 0), shape.tableWord) : NONE;
  }

  /** Frees a keyspace table with its entries and their values. */
  freeTable(table: Ref, lazily: boolean): void {
    if (lazily) this.lazyFree.post(KEYSPACE, table);
    else this.lazyFree.freeNow(KEYSPACE, table);
  }

  /** Frees a table of members that no entry has, in the background where it is large. */
  freeMembers(table: Ref): void {
    if (this.#linked[MEMBER_TABLE].count(table) > LAZY_MIN_ELEMENTS) {
      this.lazyFree.post(MEMBER_TABLE, table);
    } else this.lazyFree.freeNow(MEMBER_TABLE, table);
  }

  /** Bytes of the entry and all that its value owns. O(elements) for a tree. */
  memoryBytes(entry: Ref): number {
    const { entries, arena } = this;
    const own = arena.capacity(entry);
    const child = CHILDREN[kindOf(entries.type(entry), entries.encoding(entry))];
    if (child === NO_CHILD) return own;
    const ref = entries.slot(entry, 0);
    if (child === PLAIN_BLOCK) return own + arena.capacity(ref);
    return own + this.#linked[child].memoryBytes(ref);
  }

  /** What OBJECT ENCODING calls the way an entry's value is held. */
  encodingName(entry: Ref): string {
    const { entries } = this;
    return ENCODING_NAMES[kindOf(entries.type(entry), entries.encoding(entry))];
  }
}
