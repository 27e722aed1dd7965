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

import { Arena } from "../../structures/arena.ts";
import { KeyHasher } from "../../structures/hash.ts";
import { HashTable } from "../../structures/hash_table.ts";
import { LazyFree } from "../../structures/lazy_free.ts";
import { List, type ListLimits } from "../../structures/list.ts";
import { FieldMap, type HashLimits } from "../../structures/field_map.ts";
import { MemberSet, type SetLimits } from "../../structures/member_set.ts";
import { MemberTable } from "../../structures/member_table.ts";
import { QuicklistChain } from "../../structures/quicklist_chain.ts";
import { SortedSet, type SortedSetLimits } from "../../structures/sorted_set.ts";
import { TreeSortedSet } from "../../structures/sorted_set_tree.ts";
import { TtlHeap } from "../../structures/ttl_heap.ts";
import { Collections } from "./collections.ts";
import { Database, DESCRIPTOR_BYTES } from "./database.ts";
import { CLOCK_MODULUS, Entries, NEXT_WORD, TTL_WORD, Type } from "./entry.ts";
import { Strings } from "./strings.ts";
import { SHAPES, Values } from "./values.ts";

/** Root of the arena that refers to the databases' descriptors, one behind the other. */
const DATABASES_ROOT = 0;

export interface KeyspaceOptions {
  databases: number;
  /** Threads for lazy frees; 0 frees on the spot. */
  lazyFreeWorkers: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform integer in [0, bound), bound at most 2^32. */
  randomInt: (bound: number) => number;
}

export class Keyspace {
  readonly arena: Arena = new Arena();
  readonly entries: Entries;
  readonly table: HashTable;
  readonly heap: TtlHeap;
  readonly hasher: KeyHasher;
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
  readonly values: Values;
  readonly lazyFree: LazyFree;
  readonly databases: readonly Database[];
  readonly randomInt: (bound: number) => number;
  readonly #now: () => number;
  /** Arena bytes that are taken before the first key is. */
  readonly startupBytes: number;
  /** Those of them that do not belong to a database's table or heap. */
  readonly #fixedBytes: number;

  /** Time of the batch that is being served, in whole milliseconds since 1970; see updateClock. */
  nowMs = 0;
  /** {@linkcode Keyspace.nowMs} as the access clock of entries. */
  clock = 0;
  /** Whether reads note the time in the entries that they find (CLIENT NO-TOUCH). */
  touching = true;

  /** Whether large values that expire, or are replaced, are freed in the background. */
  lazyExpire = false;
  lazyServerDelete = false;

  hits = 0;
  misses = 0;
  expiredKeys = 0;
  /** Changes since the server started. */
  dirty = 0;

  constructor(options: KeyspaceOptions) {
    const { arena } = this;
    this.#now = options.now;
    this.randomInt = options.randomInt;
    this.hasher = new KeyHasher(options.randomInt(2 ** 32), options.randomInt(2 ** 32));
    this.entries = new Entries(arena);
    this.table = new HashTable(arena, NEXT_WORD);
    this.heap = new TtlHeap(arena, TTL_WORD);
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
    this.lazyFree = new LazyFree(arena, SHAPES, options.lazyFreeWorkers);
    this.values = new Values(
      arena,
      this.entries,
      {
        sortedSetTree: new TreeSortedSet(arena, this.hasher),
        quicklist: new QuicklistChain(arena),
        memberTable: new MemberTable(arena, this.hasher),
      },
      this.lazyFree,
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
    this.updateClock();
  }

  /** Reads the clock; done once for each batch of requests. */
  updateClock(): void {
    this.nowMs = Math.floor(this.#now());
    this.clock = Math.floor(this.nowMs / 1000) % CLOCK_MODULUS;
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

  /** Stops the lazy-free Workers; the keyspace is of no use afterwards. */
  close(): void {
    this.lazyFree.close();
  }
}
