/**
 * The store: all databases of a server, in one arena.
 *
 * ```
 * Keyspace ── Database × n ── hash table of entries ── values: strings in or behind the entry,
 *     │                    └─ TTL heaps of entries     collections: small ones in one block
 *     └─ arena, key hash, clock, lazy frees: what all databases share
 * ```
 *
 * Commands reach it through their call; nothing here knows of clients or protocols. Time and
 * randomness come from outside.
 */

import { List } from "../../structures/list/list.ts";
import { ListElements } from "../../structures/list/list_elements.ts";
import { FieldMap } from "../../structures/field_map/field_map.ts";
import { MemberAlgebra } from "../../structures/algebra/member_algebra.ts";
import type { Ref } from "../../structures/arena/arena.ts";
import { BEFORE_ALL, type FieldClock } from "../../structures/field_map/field_map_operations.ts";
import { MemberSet } from "../../structures/set/member_set.ts";
import { SortedSet } from "../../structures/sorted_set/sorted_set.ts";
import { scoreBytes, SortedSetMembers } from "../../structures/sorted_set/sorted_set_members.ts";
import { Collections } from "./collections.ts";
import { Database } from "./database.ts";
import { DESCRIPTOR_BYTES } from "./entry_index.ts";
import { Type } from "./entry.ts";
import { FieldExpiry } from "./field_expiry.ts";
import { PinnedMembers } from "./pinned_members.ts";
import type { CollectionLimits } from "./settings.ts";
import { Store, type StoreOptions } from "./store.ts";
import { StringEdits } from "./string_edits.ts";
import { Strings } from "./strings.ts";

/** Root of the arena that refers to the databases' descriptors, one behind the other. */
const DATABASES_ROOT = 0;

export interface KeyspaceOptions extends StoreOptions {
  databases: number;
  /** Kept, not copied: they may be changed at any time. */
  limits: CollectionLimits;
}

export class Keyspace extends Store {
  readonly strings: Strings;
  readonly stringEdits: StringEdits;
  readonly lists: Collections<List>;
  readonly hashes: Collections<FieldMap>;
  /** Sees fields that have expired as well. */
  readonly #wholeHash: FieldMap;
  /** Fields that expire. */
  readonly fieldExpiry: FieldExpiry;
  readonly sets: Collections<MemberSet>;
  readonly sortedSets: Collections<SortedSet>;
  /** Values that long replies are reading. */
  readonly pinnedHashes: PinnedMembers<FieldMap>;
  readonly pinnedSets: PinnedMembers<MemberSet>;
  readonly pinnedLists: PinnedMembers<ListElements>;
  /** What is asked of several sets or sorted sets at once. */
  readonly algebra: MemberAlgebra;
  readonly pinnedSortedSets: PinnedMembers<SortedSetMembers>;
  /** To be opened on what `sortedSets.read` answers. */
  readonly sortedSetMembers: SortedSetMembers;
  /** As given: they may be changed at any time. */
  readonly limits: CollectionLimits;
  readonly databases: readonly Database[];
  /** Arena bytes that are taken before the first key is. */
  readonly startupBytes: number;
  /** Those of them that do not belong to a database's table or heap. */
  readonly #fixedBytes: number;

  constructor(options: KeyspaceOptions) {
    super(options);
    const { arena, hasher } = this;
    const { limits } = options;
    this.limits = limits;
    const list = () => new List(arena, limits.lists);
    const hash = (collects: boolean, clock: FieldClock = this) =>
      new FieldMap(arena, hasher, limits.hashes, clock, collects);
    const pinClock = { dueMs: 0 };
    const set = () => new MemberSet(arena, hasher, limits.sets);
    const sortedSet = () => new SortedSet(arena, hasher, limits.sortedSets);
    this.strings = new Strings(this);
    this.stringEdits = new StringEdits(this, this.strings);
    this.lists = new Collections(this, Type.List, list(), list());
    this.#wholeHash = hash(false, BEFORE_ALL);
    this.fieldExpiry = new FieldExpiry(this, hash(true));
    this.hashes = new Collections(
      this,
      Type.Hash,
      hash(false),
      hash(true),
      hash(false),
      this.fieldExpiry,
    );
    this.sets = new Collections(this, Type.Set, set(), set());
    this.sortedSets = new Collections(this, Type.SortedSet, sortedSet(), sortedSet());
    this.pinnedHashes = new PinnedMembers(
      this,
      Type.Hash,
      hash(false, pinClock),
      ({ value }) => value,
      pinClock,
    );
    this.pinnedLists = new PinnedMembers(
      this,
      Type.List,
      new ListElements(list()),
      () => undefined,
    );
    this.pinnedSets = new PinnedMembers(this, Type.Set, set(), () => undefined);
    this.algebra = new MemberAlgebra(arena, hasher, limits.sets, limits.sortedSets);
    const members = () => new SortedSetMembers(arena, hasher);
    this.sortedSetMembers = members();
    this.pinnedSortedSets = new PinnedMembers(this, Type.SortedSet, members(), scoreBytes);
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

  /** The hash of an entry with the fields that have expired and are still there. O(1). */
  wholeHash(entry: Ref): FieldMap {
    const view = this.#wholeHash;
    view.open(this.entries.encoding(entry), this.entries.slot(entry, 0));
    return view;
  }

  /** Empties every database. */
  flushAll(lazily: boolean): void {
    const last = this.databases.length - 1;
    for (const database of this.databases) database.flush(lazily, database.index < last);
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
