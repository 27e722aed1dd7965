/**
 * The store: all databases of a server, in one arena.
 *
 * ```
 * Keyspace ── Database × n ── hash table of entries ── values: strings in or behind the entry,
 *     │                    └─ TTL heap of entries      collections: small ones in one block
 *     └─ arena, key hash, clock, lazy frees: what all databases share
 * ```
 *
 * Commands reach it through their call; nothing here knows of clients or protocols. Time and
 * randomness come from outside.
 */

import { List, type ListLimits } from "../../structures/list/list.ts";
import { FieldMap, type HashLimits } from "../../structures/field_map/field_map.ts";
import { MemberSet, type SetLimits } from "../../structures/set/member_set.ts";
import { SortedSet, type SortedSetLimits } from "../../structures/sorted_set/sorted_set.ts";
import { Collections } from "./collections.ts";
import { Database, DESCRIPTOR_BYTES } from "./database.ts";
import { Type } from "./entry.ts";
import { Store, type StoreOptions } from "./store.ts";
import { Strings } from "./strings.ts";

/** Root of the arena that refers to the databases' descriptors, one behind the other. */
const DATABASES_ROOT = 0;

export interface KeyspaceOptions extends StoreOptions {
  databases: number;
}

export class Keyspace extends Store {
  readonly strings: Strings;
  readonly lists: Collections<List>;
  readonly hashes: Collections<FieldMap>;
  /** Up to where a hash stays a listpack; may be changed at any time. */
  readonly hashLimits: HashLimits = { maxListpackEntries: 512, maxListpackValueBytes: 64 };
  readonly sets: Collections<MemberSet>;
  readonly sortedSets: Collections<SortedSet>;
  /** How large the listpacks of a list may be; may be changed at any time. */
  readonly listLimits: ListLimits = { maxListpackSize: -2 };
  /** Up to where a set stays small; may be changed at any time. */
  readonly setLimits: SetLimits = {
    maxIntsetEntries: 512,
    maxListpackEntries: 128,
    maxListpackValueBytes: 64,
  };
  /** Up to where a sorted set stays a listpack; may be changed at any time. */
  readonly sortedSetLimits: SortedSetLimits = {
    maxListpackEntries: 128,
    maxListpackValueBytes: 64,
  };
  readonly databases: readonly Database[];
  /** Arena bytes that are taken before the first key is. */
  readonly startupBytes: number;
  /** Those of them that do not belong to a database's table or heap. */
  readonly #fixedBytes: number;

  constructor(options: KeyspaceOptions) {
    super(options);
    const { arena } = this;
    this.strings = new Strings(this.entries);
    this.lists = new Collections(this.entries, Type.List, new List(arena, this.listLimits));
    this.hashes = new Collections(
      this.entries,
      Type.Hash,
      new FieldMap(arena, this.hasher, this.hashLimits),
    );
    this.sets = new Collections(
      this.entries,
      Type.Set,
      new MemberSet(arena, this.hasher, this.setLimits),
    );
    this.sortedSets = new Collections(
      this.entries,
      Type.SortedSet,
      new SortedSet(arena, this.hasher, this.sortedSetLimits),
    );
    const descriptors = arena.allocateZeroed(options.databases * DESCRIPTOR_BYTES);
    arena.setRoot(DATABASES_ROOT, descriptors);
    const granules = DESCRIPTOR_BYTES / 8;
    this.databases = Array.from(
      { length: options.databases },
      (_, index) => new Database(this, index, descriptors + index * granules),
    );
    this.startupBytes = arena.usedBytes;
    this.#fixedBytes = this.startupBytes - this.#indexBytes();
  }

  /** Empties every database. */
  flushAll(lazily: boolean): void {
    for (const database of this.databases) database.flush(lazily);
  }

  /** Keys of all databases. */
  get size(): number {
    let total = 0;
    for (const database of this.databases) total += database.size;
    return total;
  }

  /** Arena bytes that hold neither keys nor values. O(buckets / chunk). */
  overheadBytes(): number {
    return this.#fixedBytes + this.#indexBytes();
  }

  #indexBytes(): number {
    let bytes = 0;
    for (const database of this.databases) bytes += database.tableBytes() + database.heapBytes();
    return bytes;
  }
}
