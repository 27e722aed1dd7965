/**
 * One numbered database: a hash table of entries and a heap of those that expire.
 *
 * Entries are looked up by what is meant to be done with them:
 *
 * ```
 *   peek      nothing is noted, and nothing collected
 *   inspect   a hit or a miss; one that has expired is collected
 *   read      also noted in the access clock
 *   change    is about to be written: collected if expired, noted in the access clock, and whoever
 *             listens to changes sees it once more as it is; no hit and no miss
 * ```
 *
 * Methods that change tell of it (changes.ts); those of {@linkcode EntryIndex} do not.
 *
 * The JavaScript object holds no data, only where its descriptor stands in the arena:
 *
 * ```
 * word 0        1          2
 * ┌────────────┬──────────┬────────────────┐
 * │ hash table │ TTL heap │ field TTL heap │
 * └────────────┴──────────┴────────────────┘
 * ```
 */

import { ArenaFullError, type Ref } from "../../structures/arena/arena.ts";
import { touchNodes } from "../../structures/hash_table/expected_lookups.ts";
import { clockAfterUse } from "./access_clock.ts";
import { ChangeKind } from "./changes.ts";
import type { Type } from "./entry.ts";
import { EntryIndex } from "./entry_index.ts";
import { Key } from "./key.ts";
import {
  EVICTED as EVICTED_EVENT,
  EXPIRE,
  EXPIRED as EXPIRED_EVENT,
  HASH_EXPIRED,
  KEY_MISS,
  type KeyEvent,
  MOVE_FROM,
  MOVE_TO,
  NEW,
  PERSIST,
  RENAME_FROM,
  RENAME_TO,
} from "./key_event.ts";
import { lookUp } from "./lookup.ts";
import { WRONG_TYPE } from "./refusals.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { monotonicMs } from "../../structures/real_time.ts";
import * as entryLayout from "./entry_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD, META_WORD, TTL_WORD } = entryLayout;
const { Deleted: DELETED, Evicted: EVICTED, Expired: EXPIRED, Written: WRITTEN } = ChangeKind;

/** A database of fewer keys fits the processor's caches. */
export const MIN_PREFETCH_KEYS = 4096;
/** Who looks for an entry: nobody who would delete one that has expired, a reader, a writer. */
const NOBODY = 0;
const READER = 1;
const WRITER = 2;
/** Draws of a random entry before one that has expired and stays is taken. */
const MAX_DRAWS = 100;
/** Expiring keys that {@linkcode Database.averageTtlMs} looks at. */
const TTL_SAMPLES = 128;

/** A word of an entry that is, for a key of 16 bytes, in its value: often another cache line. */
const INLINE_VALUE_WORD = 8;

export class Database extends EntryIndex {
  /** The key of an entry that listeners are told of. */
  readonly #entryKey = new Key();

  /** Whether lookups wait for memory, so that {@linkcode Database.prefetch} pays. O(1). */
  get gainsByPrefetch(): boolean {
    return this.size >= MIN_PREFETCH_KEYS;
  }

  /** The entry of a key that is there and has not expired, else NONE. Nothing is noted. O(1). */
  peek(key: Key): Ref {
    return this.#find(key, NOBODY);
  }

  /** The entry of a key, whether it has expired or not, else NONE. Nothing is noted. O(1). */
  locate(key: Key): Ref {
    return lookUp(this.arena.words, this.store.table, this.table, key);
  }

  /** Whether a key is there; one that has expired is deleted. Nothing else is noted. O(1). */
  collect(key: Key): boolean {
    return this.#find(key, READER) !== NONE;
  }

  /** The type of a key's value, undefined where the key is missing. Nothing is noted. O(1). */
  typeOf(key: Key): Type | undefined {
    const entry = this.peek(key);
    return entry === NONE ? undefined : this.store.entries.type(entry);
  }

  /** @param finder decides with the store's `collectsOnRead` whether an expired entry is deleted */
  #find(key: Key, finder: number): Ref {
    const segments = this.arena.words;
    const entry = lookUp(segments, this.store.table, this.table, key);
    if (entry === NONE) return NONE;
    const words = segments[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const mayExpire = (words[at + META_WORD] & HAS_TTL_WORD) !== 0 && words[at + TTL_WORD] !== 0;
    return mayExpire && this.#isGone(entry, finder) ? NONE : entry;
  }

  /** Whether an entry has expired; it is deleted unless its finder leaves it. */
  #isGone(entry: Ref, finder: number): boolean {
    const isExpired = this.isExpired(entry);
    if (isExpired && (finder === WRITER || finder === READER && this.store.collectsOnRead)) {
      this.#expire(entry);
    }
    return isExpired;
  }

  /** The entry of a key, counted as a hit or, where it is NONE, as a miss, which is told. O(1). */
  inspect(key: Key): Ref {
    const entry = this.#find(key, READER);
    if (entry === NONE) this.#missed(key);
    else this.store.hits++;
    return entry;
  }

  #missed(key: Key): void {
    const { store } = this;
    store.misses++;
    store.changes.happened(this.index, key, KEY_MISS);
  }

  /** As {@linkcode Database.inspect}, but a miss is no event. */
  inspectQuietly(key: Key): Ref {
    const entry = this.#find(key, READER);
    if (entry === NONE) this.store.misses++;
    else this.store.hits++;
    return entry;
  }

  /** As {@linkcode Database.inspect}, and noted in the access clock. */
  read(key: Key): Ref {
    const entry = this.inspect(key);
    if (entry !== NONE) this.#touch(entry);
    return entry;
  }

  /** As {@linkcode Database.read}. @throws {Refusal} WRONGTYPE for another type of value */
  readOf(key: Key, type: Type): Ref {
    const entry = this.read(key);
    if (entry !== NONE && this.store.entries.type(entry) !== type) throw WRONG_TYPE;
    return entry;
  }

  /** The entry of a key that is about to be written, else NONE; see the top of the file. O(1). */
  change(key: Key): Ref {
    const entry = this.#find(key, WRITER);
    if (entry !== NONE) {
      this.#touch(entry);
      this.store.changes.willChange(this.index, entry);
    }
    return entry;
  }

  /** As {@linkcode Database.change}. @throws {Refusal} WRONGTYPE for another type of value */
  changeOf(key: Key, type: Type): Ref {
    const entry = this.change(key);
    if (entry !== NONE && this.store.entries.type(entry) !== type) throw WRONG_TYPE;
    return entry;
  }

  /** Notes that an entry was used, unless its client asked not to. O(1). */
  #touch(entry: Ref): void {
    const store = this.store;
    if (!store.touching) return;
    const clock = store.useClock;
    if (store.entries.clock(entry) !== clock) this.#noteUse(entry, clock);
  }

  #noteUse(entry: Ref, clock: number): void {
    const { access, entries, nowMs, randomInt } = this.store;
    const next = clock === -1
      ? clockAfterUse(access, nowMs, entries.clock(entry), randomInt)
      : clock;
    entries.setClock(entry, next);
  }

  /**
   * Loads what a lookup will look at for `count` hashes: the buckets, then the
   * entries that have the right tags. Each is one loop of independent loads, so that the cache misses
   * of a batch overlap. O(count).
   *
   * @param entries scratch for `count` references
   * @returns a mix of the words read, for the caller to keep, lest the loads be optimized away
   */
  prefetch(hashes: Int32Array, entries: Int32Array, count: number): number {
    this.store.table.candidates(this.table, hashes, entries, count);
    return touchNodes(this.arena.words, entries, count, INLINE_VALUE_WORD);
  }

  /**
   * Sets or changes the expiry of an entry that {@linkcode Database.change} found. O(log n).
   *
   * @param expireAtMs milliseconds since 1970: a safe integer, or a bigint of 64 bits
   * @returns the entry, which may have moved
   * @throws {ArenaFullError} nothing has changed
   */
  setExpireAtMs(entry: Ref, expireAtMs: number | bigint): Ref {
    const { entries } = this.store;
    this.reserveExpiry(entry);
    const ready = entries.hasTtlWord(entry) ? entry : this.addTtlWord(entry);
    this.assignExpiry(ready, expireAtMs);
    if (this.store.changes.count(1)) {
      this.store.changes.written(this.index, this.keyOf(ready), false, EXPIRE);
    }
    return ready;
  }

  /**
   * Takes away the expiry of an entry that {@linkcode Database.change} found. O(log n).
   *
   * @returns whether it had one
   */
  persist(entry: Ref): boolean {
    if (!this.clearExpiry(entry)) return false;
    if (this.store.changes.count(1)) {
      this.store.changes.written(this.index, this.keyOf(entry), false, PERSIST);
    }
    return true;
  }

  /**
   * Deletes a key. O(1), and O(elements) where its value is not freed in the background.
   *
   * @param lazily whether a large value is
   * @returns whether the key was there
   */
  delete(key: Key, lazily: boolean): boolean {
    const { changes } = this.store;
    const entry = this.#find(key, WRITER);
    if (entry === NONE) return false;
    changes.willChange(this.index, entry);
    this.remove(entry, lazily);
    if (changes.count(1)) changes.deleted(this.index, key, undefined);
    return true;
  }

  /**
   * Moves an entry that {@linkcode Database.change} found under another key, whatever that held. Value
   * and expiry stay. O(key), and O(elements) where an old value is not freed in the background.
   *
   * @throws {ArenaFullError} nothing has changed
   */
  rename(entry: Ref, key: Key): void {
    const store = this.store;
    const { changes, entries, heap, table } = store;
    const replaced = this.change(key);
    if (replaced === entry) return;
    const moved = this.copyUnder(entry, key);
    if (replaced === NONE) this.link(moved, key);
    else {
      table.replace(this.table, replaced, moved);
      if (entries.hasExpiry(replaced)) heap.remove(this.heap, replaced);
      this.clearFieldExpiry(replaced);
      store.values.free(replaced, store.lazyServerDelete);
      this.arena.free(replaced);
    }
    table.remove(this.table, entry);
    if (entries.hasExpiry(entry)) {
      this.arena.setWord(moved, TTL_WORD, this.arena.word(entry, TTL_WORD));
      heap.relocate(this.heap, moved);
    }
    this.relocateFieldExpiry(entry, moved);
    if (changes.count(1)) this.#tellRename(this.keyOf(entry), key);
    this.arena.free(entry);
  }

  /** As in Redis, the value is new where it has come to, whatever was there before. */
  #tellRename(from: Key, to: Key): void {
    const { changes } = this.store;
    changes.tell(this.index, from, DELETED);
    changes.tell(this.index, to, WRITTEN);
    changes.happened(this.index, to, NEW);
    changes.happened(this.index, from, RENAME_FROM);
    changes.happened(this.index, to, RENAME_TO);
  }

  /**
   * Moves an entry that {@linkcode Database.change} found to another database, whose `change` has not
   * found the key. The block stays, and so do value, expiry and access clock. O(1), O(log n) for an
   * expiry.
   *
   * @throws {ArenaFullError} nothing has changed
   */
  move(entry: Ref, key: Key, target: Database): void {
    const { changes, table } = this.store;
    const expireAtMs = this.exactExpireAtMs(entry);
    const earliestMs = this.fieldExpiry(entry);
    if (expireAtMs !== -1) this.store.heap.reserve(target.heap);
    if (earliestMs !== Infinity) target.reserveFieldExpiry();
    table.insert(target.table, entry, key.hash);
    if (expireAtMs !== -1) {
      this.clearExpiry(entry);
      target.assignExpiry(entry, expireAtMs);
    }
    if (earliestMs !== Infinity) {
      this.clearFieldExpiry(entry);
      target.assignFieldExpiry(entry, earliestMs);
    }
    table.remove(this.table, entry);
    if (!changes.count(1)) return;
    changes.tell(this.index, key, DELETED);
    changes.tell(target.index, key, WRITTEN);
    changes.happened(target.index, key, NEW);
    changes.happened(this.index, key, MOVE_FROM);
    changes.happened(target.index, key, MOVE_TO);
  }

  /** Has two databases change places, with all their keys. O(1), and what listeners do. */
  swap(other: Database): void {
    if (other !== this) this.exchange(other);
    this.store.changes.swapped(this.index, other.index);
  }

  /** The key of an entry, which may be out of the table already. The same object at every call. */
  keyOf(entry: Ref): Key {
    const { entries, hasher } = this.store;
    const key = this.#entryKey;
    key.bytes = entries.bytes(entry);
    key.start = entries.keyStart(entry);
    key.length = entries.keyLength(entry);
    key.hash = hasher.hash(key.bytes, key.start, key.length);
    return key;
  }

  #expire(entry: Ref): void {
    const { tellExpiryTime } = this.store;
    if (tellExpiryTime === undefined) return this.#deleteExpired(entry);
    const startMs = monotonicMs();
    this.#deleteExpired(entry);
    tellExpiryTime(monotonicMs() - startMs);
  }

  #deleteExpired(entry: Ref): void {
    const store = this.store;
    store.expiredKeys++;
    this.#drop(entry, store.lazyExpire, EXPIRED, EXPIRED_EVENT);
  }

  /**
   * Deletes an entry that has to make room. O(1), and O(elements) where a large value is not freed
   * lazily.
   *
   * @param hash its key's, where that is known
   */
  evict(entry: Ref, lazily: boolean, hash: number | undefined): void {
    this.#drop(entry, lazily, EVICTED, EVICTED_EVENT, hash);
  }

  /** Deletes an entry, for which no client has asked. */
  #drop(entry: Ref, lazily: boolean, kind: ChangeKind, event: KeyEvent, hash?: number): void {
    const { changes, values } = this.store;
    changes.willChange(this.index, entry);
    values.free(this.unlink(entry, hash), lazily);
    if (changes.count(0)) {
      const key = this.keyOf(entry);
      changes.tell(this.index, key, kind);
      changes.happened(this.index, key, event);
    }
    this.arena.free(entry);
  }

  /** Deletes a hash that has lost its last field, as that had expired. O(1). */
  deleteExpiredHash(entry: Ref): void {
    const store = this.store;
    store.values.free(this.unlink(entry), store.lazyExpire);
    if (store.changes.count(0)) {
      store.changes.deleted(this.index, this.keyOf(entry), HASH_EXPIRED);
    }
    this.arena.free(entry);
  }

  /** Deletes an entry if it has expired, as a reader does. O(1). @returns whether it had */
  expireIfDue(entry: Ref): boolean {
    if (!this.isExpired(entry)) return false;
    if (this.store.collectsOnRead) this.#expire(entry);
    return true;
  }

  /** Whether an entry is past its last millisecond, without collecting it. O(1). */
  isExpired(entry: Ref): boolean {
    const expireAtMs = this.expireAtMs(entry);
    return expireAtMs !== -1 && expireAtMs < this.store.dueMs;
  }

  /** Collects up to `limit` expired keys, earliest first. O(limit × log n). @returns how many */
  collectExpired(limit: number): number {
    const { dueMs, heap } = this.store;
    const root = this.heap;
    let collected = 0;
    while (collected < limit && heap.size(root) > 0 && heap.peekExpireAtMs(root) < dueMs) {
      this.#expire(heap.peek(root));
      collected++;
    }
    return collected;
  }

  /**
   * A live entry chosen fairly, or NONE where there is none. Expected O(1); an expired entry that is
   * drawn is collected, so each costs one draw once. Where expired entries stay and there may be no
   * others, one of them is answered in the end, as Redis does.
   */
  randomEntry(): Ref {
    const { collectsOnRead, table, randomInt } = this.store;
    for (let draws = 1;; draws++) {
      const entry = table.random(this.table, randomInt);
      if (entry === NONE || !this.isExpired(entry)) return entry;
      if (collectsOnRead) this.#expire(entry);
      else if (draws >= MAX_DRAWS && this.expiringCount === this.size) return entry;
    }
  }

  /**
   * Visits one step of a scan; see HashTable.scan. Entries that have expired are among them: whoever
   * wants to know calls {@linkcode Database.expireIfDue} after the step.
   *
   * @returns the next cursor, 0 at the end
   */
  scan(cursor: number, visit: (entry: Ref) => void): number {
    return this.store.table.scan(this.table, cursor, visit);
  }

  /** Visits every live entry; the visitor changes nothing. O(n). */
  forEach(visit: (entry: Ref) => void): void {
    this.store.table.forEach(this.table, (entry) => {
      if (!this.isExpired(entry)) visit(entry);
    });
  }

  /**
   * Empties the database: in O(1) and the background where `lazily` (and there is room for the new
   * table beside the old one), else in O(n). The buckets of a table that once was larger go too.
   *
   * @param more whether another database is emptied next, as a part of the same
   */
  flush(lazily: boolean, more: boolean = false): void {
    const { changes, fieldHeap, heap, table, values } = this.store;
    const count = this.size;
    changes.willFlush(this.index);
    heap.destroy(this.heap);
    this.setHeap(heap.create()); // where the old one was
    fieldHeap.destroy(this.fieldHeap);
    this.setFieldHeap(fieldHeap.create());
    const oldTable = this.table;
    const newTable = lazily && count > 0 ? this.#newTable() : NONE;
    if (newTable !== NONE) {
      this.setTable(newTable);
      values.freeTable(oldTable, true);
    } else {
      values.freeTable(oldTable, false);
      this.setTable(table.create()); // where the old one was
    }
    changes.flushed(this.index, count, more);
  }

  /** A new table, or NONE where the arena is full. */
  #newTable(): Ref {
    try {
      return this.store.table.create();
    } catch (error) {
      if (error instanceof ArenaFullError) return NONE;
      throw error;
    }
  }

  /**
   * Mean time that expiring keys have left, in whole milliseconds, 0 where there is none. Estimated
   * from a sample where they are many. O(1).
   */
  averageTtlMs(): number {
    if (this.expiringCount === 0) return 0;
    const { heap, nowMs } = this.store;
    return Math.max(0, Math.round(heap.meanExpireAtMs(this.heap, TTL_SAMPLES) - nowMs));
  }
}
