/**
 * What all databases of a server share: the arena and the structures in it, the clock, the lazy
 * frees, and what is counted. Nothing here knows a database; keyspace.ts puts both together.
 */

import { Arena } from "../../structures/arena/arena.ts";
import { KeyHasher } from "../../structures/hash_table/hash.ts";
import { HashTable } from "../../structures/hash_table/hash_table.ts";
import { LazyFree, type StartWorker } from "../../structures/lazy_free/lazy_free.ts";
import { MemberTable } from "../../structures/set/member_table.ts";
import { QuicklistChain } from "../../structures/list/quicklist_chain.ts";
import { TreeSortedSet } from "../../structures/sorted_set/sorted_set_tree.ts";
import { TtlHeap } from "../../structures/ttl_heap.ts";
import { ExpiringTable } from "../../structures/field_map/expiring_table.ts";
import { FieldTtlHeap } from "./field_ttl_heap.ts";
import { type AccessSettings, newClock } from "./access_clock.ts";
import { Changes } from "./changes.ts";
import { Entries } from "./entry.ts";
import { SHAPES, Values } from "./values.ts";
import { TTL_WORD } from "./entry_layout.ts";

/** Where a store's time and randomness come from, and who frees for it. */
export interface StoreOptions {
  /** Most threads that a large backlog of lazy frees may start. */
  lazyFreeWorkers: number;
  /** Starts one of them, or none; where it is not given, everything is done on the main thread. */
  startWorker?: StartWorker;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform integer in [0, bound), bound at most 2^32. */
  randomInt: (bound: number) => number;
  /**
   * Whether keys and fields are gone as soon as their time has come. As on Redis, they otherwise are
   * there for the whole millisecond in which it comes.
   */
  expiresOnTime?: boolean;
}

export class Store {
  readonly arena: Arena = new Arena();
  readonly entries: Entries;
  readonly table: HashTable;
  readonly heap: TtlHeap;
  /** Hashes by the earliest expiry of their fields. */
  readonly fieldHeap: FieldTtlHeap;
  readonly hasher: KeyHasher;
  readonly values: Values;
  readonly lazyFree: LazyFree;
  readonly randomInt: (bound: number) => number;
  readonly #now: () => number;
  readonly #earlyMs: number;

  /** Time of the batch that is being served, in whole milliseconds since 1970; see updateClock. */
  nowMs = 0;
  /** Whatever has a deadline before that has expired. */
  dueMs = 0;
  /** The same time with its fraction. */
  exactMs = 0;
  /** The access clock of entries that are new; see access_clock.ts. */
  clock = 0;
  /** That of entries that are used; -1 where it depends on each. */
  useClock = 0;
  readonly access: AccessSettings = { countsUses: false, logFactor: 10, decayMinutes: 1 };
  /** Whether reads note the time in the entries that they find (CLIENT NO-TOUCH). */
  touching = true;

  /** Whether large values that expire are freed in the background. */
  lazyExpire = false;
  /** The same of values that commands empty or overwrite. */
  lazyServerDelete = false;

  hits = 0;
  misses = 0;
  expiredKeys = 0;
  /** Fields of hashes that have expired. */
  expiredSubkeys = 0;
  /** The snapshot epoch that new entries are born with: 0 or EPOCH of entry_layout.ts. */
  epoch = 0;
  /** Who learns of every changed key. */
  readonly changes: Changes = new Changes();
  /**
   * Whether a script has stopped in the middle of what it does: until it goes on nobody else may
   * change anything, and nothing expires.
   */
  isHeld = false;
  /** Whether an expired entry is deleted by who only reads; whoever writes needs the room for its own. */
  collectsOnRead = true;

  /** Hears how many milliseconds each deletion of an expired key took; undefined while nobody asks. */
  tellExpiryTime: ((elapsedMs: number) => void) | undefined;

  constructor(options: StoreOptions) {
    const { arena } = this;
    this.#now = options.now;
    this.#earlyMs = options.expiresOnTime === true ? 1 : 0;
    this.randomInt = options.randomInt;
    const hasher = new KeyHasher(options.randomInt(2 ** 32), options.randomInt(2 ** 32));
    const entries = new Entries(arena);
    this.hasher = hasher;
    this.entries = entries;
    this.table = new HashTable(
      arena,
      (entry) =>
        hasher.hash(entries.bytes(entry), entries.keyStart(entry), entries.keyLength(entry)),
    );
    this.heap = new TtlHeap(arena, TTL_WORD);
    this.fieldHeap = new FieldTtlHeap(arena);
    this.lazyFree = new LazyFree(
      arena,
      SHAPES,
      options.lazyFreeWorkers,
      options.startWorker,
    );
    this.values = new Values(
      arena,
      this.entries,
      {
        sortedSetTree: new TreeSortedSet(arena, this.hasher),
        quicklist: new QuicklistChain(arena),
        memberTable: new MemberTable(arena, this.hasher),
        expiringTable: new ExpiringTable(arena, this.hasher, this),
      },
      this.lazyFree,
    );
    this.updateClock();
  }

  /**
   * Reads the clock; done once for each batch of requests. While somebody has stopped in the middle,
   * it stands still.
   */
  updateClock(): void {
    if (this.isHeld) return;
    this.exactMs = this.#now();
    this.nowMs = Math.floor(this.exactMs);
    this.dueMs = this.nowMs + this.#earlyMs;
    this.clock = newClock(this.access, this.nowMs);
    this.useClock = this.access.countsUses ? -1 : this.clock;
  }

  /** Stops the lazy-free Workers and gives the memory up; the store is of no use afterwards. */
  close(): void {
    this.lazyFree.close();
    // A Worker ends when it comes to it, and changes memory until then.
    if (!this.lazyFree.hadWorkers) this.arena.giveUp();
  }
}
