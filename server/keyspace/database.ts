/**
 * One numbered database: a hash table of entries and a heap of those that expire.
 *
 * Every change of the keyspace goes through the few methods here. That is where an expired key is
 * made invisible, where a value's memory is given back, and where a snapshot will one day save an
 * entry before its first change.
 *
 * The JavaScript object holds no data, only where its descriptor stands in the arena:
 *
 * ```
 * word 0        1
 * ┌────────────┬──────────┐
 * │ hash table │ TTL heap │
 * └────────────┴──────────┘
 * ```
 */

import { Arena, type Ref } from "../../structures/arena/arena.ts";
import { WRONG_TYPE } from "../../protocol/error_reply.ts";
import { touchNodes } from "../../structures/hash_table/expected_lookups.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import { entryBytes, keyEquals, type Type } from "./entry.ts";
import type { Key } from "./key.ts";
import type { Store } from "./store.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import * as entryLayout from "./entry_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD, META_WORD, SLOT_BYTES, TTL_WORD } = entryLayout;

const TABLE_WORD = 0;
const HEAP_WORD = 1;
/** A database of fewer keys fits the processor's caches. */
export const MIN_PREFETCH_KEYS = 4096;
/** Bytes of a database's descriptor. */
export const DESCRIPTOR_BYTES = 16;
/** Expiring keys that {@linkcode Database.averageTtlMs} looks at. */
const TTL_SAMPLES = 128;

/** A word of an entry that is, for a key of 16 bytes, in its value: often another cache line. */
const INLINE_VALUE_WORD = 8;

export class Database {
  readonly #store: Store;
  readonly #arena: Arena;
  readonly #descriptor: Ref;

  /** @param descriptor a block of {@linkcode DESCRIPTOR_BYTES} that lives as long as the store */
  constructor(store: Store, readonly index: number, descriptor: Ref) {
    this.#store = store;
    this.#arena = store.arena;
    this.#descriptor = descriptor;
    this.#arena.setWord(descriptor, TABLE_WORD, store.table.create());
    this.#arena.setWord(descriptor, HEAP_WORD, store.heap.create());
  }

  /** The database's hash table, for scans, random choice and statistics. */
  get table(): Ref {
    return this.#arena.word(this.#descriptor, TABLE_WORD);
  }

  get #heap(): Ref {
    return this.#arena.word(this.#descriptor, HEAP_WORD);
  }

  /** Keys, those included that have expired and are not yet collected. O(1). */
  get size(): number {
    return this.#store.table.size(this.table);
  }

  /** Whether lookups wait for memory, so that {@linkcode Database.prefetch} pays. O(1). */
  get gainsByPrefetch(): boolean {
    return this.size >= MIN_PREFETCH_KEYS;
  }

  /** Keys with an expiry. O(1). */
  get expiringCount(): number {
    return this.#store.heap.size(this.#heap);
  }

  /** The entry of a key that is there and has not expired, else NONE. O(1). */
  find(key: Key): Ref {
    const segments = this.#arena.words;
    const { table } = this.#store;
    let entry = table.first(this.table, key.hash);
    while (entry !== NONE) {
      const words = segments[entry >>> SEGMENT_SHIFT];
      const at = (entry & SEGMENT_MASK) << 1;
      if (keyEquals(words, at, key)) {
        const mayExpire = (words[at + META_WORD] & HAS_TTL_WORD) !== 0 &&
          words[at + TTL_WORD] !== 0;
        return mayExpire && this.#expireIfDue(entry) ? NONE : entry;
      }
      entry = table.next(this.table, entry, key.hash);
    }
    return NONE;
  }

  /** As {@linkcode Database.find}, counted as a hit or miss. The access clock stays. */
  inspect(key: Key): Ref {
    const entry = this.find(key);
    if (entry === NONE) this.#store.misses++;
    else this.#store.hits++;
    return entry;
  }

  /** As {@linkcode Database.inspect}, and noted in the access clock. */
  read(key: Key): Ref {
    const entry = this.inspect(key);
    if (entry !== NONE) this.touch(entry);
    return entry;
  }

  /** As {@linkcode Database.read}. @throws {ErrorReply} WRONGTYPE for another type of value */
  readOf(key: Key, type: Type): Ref {
    const entry = this.inspect(key);
    if (entry === NONE) return NONE;
    if (this.#store.entries.type(entry) !== type) throw WRONG_TYPE;
    this.touch(entry);
    return entry;
  }

  /** As {@linkcode Database.find}, for a change. @throws {ErrorReply} WRONGTYPE */
  findOf(key: Key, type: Type): Ref {
    const entry = this.find(key);
    if (entry !== NONE) {
      if (this.#store.entries.type(entry) !== type) throw WRONG_TYPE;
      this.touch(entry);
    }
    return entry;
  }

  /** Notes that an entry was used, unless its client asked not to. O(1). */
  touch(entry: Ref): void {
    const store = this.#store;
    if (!store.touching) return;
    const clock = store.clock;
    if (store.entries.clock(entry) !== clock) store.entries.setClock(entry, clock);
  }

  /**
   * Loads what {@linkcode Database.find} will look at for `count` hashes: the buckets, then the
   * entries that have the right tags. Each is one loop of independent loads, so that the cache misses
   * of a batch overlap. O(count).
   *
   * @param entries scratch for `count` references
   * @returns a mix of the words read, for the caller to keep, lest the loads be optimized away
   */
  prefetch(hashes: Int32Array, entries: Int32Array, count: number): number {
    this.#store.table.candidates(this.table, hashes, entries, count);
    return touchNodes(this.#arena.words, entries, count, INLINE_VALUE_WORD);
  }

  /**
   * Adds an entry for a key that is not there. The slot or inline value is the caller's to write.
   * O(1).
   */
  insert(key: Key, type: Type, encoding: number, isInline: boolean, inlineLength: number): Ref {
    const { entries } = this.#store;
    const entry = this.#arena.allocate(entryBytes(false, isInline, key.length, inlineLength));
    entries.format(entry, type, encoding, false, key.length, inlineLength, this.#store.clock);
    copyBytes(entries.bytes(entry), entries.keyStart(entry), key.bytes, key.start, key.length);
    this.#link(entry, key);
    return entry;
  }

  /** Adds a formatted entry to the table, or frees its block where there is no room for that. */
  #link(entry: Ref, key: Key): void {
    try {
      this.#store.table.insert(this.table, entry, key.hash);
    } catch (error) {
      this.#arena.free(entry);
      throw error;
    }
  }

  /**
   * Gives a present entry another type, encoding or inline length, keeping its key and expiry. The
   * old value is freed; the new one is the caller's to write. O(1).
   *
   * @returns the entry, which may have moved to another block
   */
  reshape(
    entry: Ref,
    type: Type,
    encoding: number,
    isInline: boolean,
    inlineLength: number,
  ): Ref {
    const store = this.#store;
    const { entries } = store;
    const hasTtlWord = entries.hasTtlWord(entry);
    const keyLength = entries.keyLength(entry);
    const wasInline = entries.isInline(entry);
    const oldBytes = entryBytes(
      hasTtlWord,
      wasInline,
      keyLength,
      wasInline ? entries.inlineLength(entry) : 0,
    );
    const newBytes = entryBytes(hasTtlWord, isInline, keyLength, inlineLength);
    const oldStart = entries.keyStart(entry);
    const stays = Arena.blockBytes(oldBytes) === Arena.blockBytes(newBytes);
    // Allocated before the old value goes: where memory is full, the entry is as it was.
    const moved = stays ? entry : this.#arena.allocate(newBytes);
    if (!wasInline) store.values.free(entry, store.lazyServerDelete);
    if (stays) {
      const position = hasTtlWord ? this.#arena.word(entry, TTL_WORD) : 0;
      if (wasInline !== isInline) {
        // Before the header is written: a long key's length is to stand where its bytes stood.
        const newStart = oldStart + (isInline ? -SLOT_BYTES : SLOT_BYTES);
        entries.bytes(entry).copyWithin(newStart, oldStart, oldStart + keyLength);
      }
      entries.format(entry, type, encoding, hasTtlWord, keyLength, inlineLength, store.clock);
      if (hasTtlWord) this.#arena.setWord(entry, TTL_WORD, position);
      return entry;
    }
    entries.format(moved, type, encoding, hasTtlWord, keyLength, inlineLength, store.clock);
    copyBytes(
      entries.bytes(moved),
      entries.keyStart(moved),
      entries.bytes(entry),
      oldStart,
      keyLength,
    );
    this.#replace(entry, moved);
    return moved;
  }

  /** Puts `moved` in the table's and heap's place of `entry`, and frees the old block. */
  #replace(entry: Ref, moved: Ref): void {
    const { entries, table, heap } = this.#store;
    table.replace(this.table, entry, moved);
    if (entries.hasExpiry(entry)) {
      this.#arena.setWord(moved, TTL_WORD, this.#arena.word(entry, TTL_WORD));
      heap.relocate(this.#heap, moved);
    }
    this.#arena.free(entry);
  }

  /** Removes an entry and frees its value, in the background where it is large and `lazily`. */
  delete(entry: Ref, lazily: boolean): void {
    const { values } = this.#store;
    this.#unlink(entry);
    values.free(entry, lazily);
    this.#arena.free(entry);
  }

  #unlink(entry: Ref): void {
    const { entries, table, heap } = this.#store;
    if (entries.hasExpiry(entry)) heap.remove(this.#heap, entry);
    table.remove(this.table, entry);
  }

  /** Moves an entry under another key, which must not be there. Expiry and value stay. O(key). */
  rename(entry: Ref, key: Key): Ref {
    const store = this.#store;
    const { entries, table, heap } = store;
    const hasExpiry = entries.hasExpiry(entry);
    const isInline = entries.isInline(entry);
    const inlineLength = isInline ? entries.inlineLength(entry) : 0;
    const moved = this.#arena.allocate(
      entryBytes(hasExpiry, isInline, key.length, inlineLength),
    );
    entries.format(
      moved,
      entries.type(entry),
      entries.encoding(entry),
      hasExpiry,
      key.length,
      inlineLength,
      entries.clock(entry),
    );
    copyBytes(entries.bytes(moved), entries.keyStart(moved), key.bytes, key.start, key.length);
    if (isInline) {
      copyBytes(
        entries.bytes(moved),
        entries.inlineStart(moved),
        entries.bytes(entry),
        entries.inlineStart(entry),
        inlineLength,
      );
    } else {
      entries.setSlot(moved, 0, entries.slot(entry, 0));
      entries.setSlot(moved, 1, entries.slot(entry, 1));
    }
    this.#link(moved, key);
    table.remove(this.table, entry);
    if (hasExpiry) {
      this.#arena.setWord(moved, TTL_WORD, this.#arena.word(entry, TTL_WORD));
      heap.relocate(this.#heap, moved);
    }
    this.#arena.free(entry);
    return moved;
  }

  /** When an entry expires, in milliseconds since 1970, or -1 for never. O(1). */
  expireAtMs(entry: Ref): number {
    if (!this.#store.entries.hasExpiry(entry)) return -1;
    return this.#store.heap.expireAtMs(this.#heap, entry);
  }

  /** Sets or changes an entry's expiry. O(log n). @returns the entry, which may have moved */
  setExpireAtMs(entry: Ref, expireAtMs: number): Ref {
    const { entries, heap } = this.#store;
    if (entries.hasExpiry(entry)) {
      heap.update(this.#heap, entry, expireAtMs);
      return entry;
    }
    const ready = entries.hasTtlWord(entry) ? entry : this.#addTtlWord(entry);
    heap.insert(this.#heap, ready, expireAtMs);
    return ready;
  }

  /** Takes an entry's expiry away. O(log n). @returns whether it had one */
  persist(entry: Ref): boolean {
    const { entries, heap } = this.#store;
    if (!entries.hasExpiry(entry)) return false;
    heap.remove(this.#heap, entry);
    return true;
  }

  #addTtlWord(entry: Ref): Ref {
    const store = this.#store;
    const { entries } = store;
    const isInline = entries.isInline(entry);
    const keyLength = entries.keyLength(entry);
    const inlineLength = isInline ? entries.inlineLength(entry) : 0;
    const oldBytes = entryBytes(false, isInline, keyLength, inlineLength);
    const newBytes = oldBytes + 4;
    const header = TTL_WORD * 4;
    const ready = Arena.blockBytes(oldBytes) === Arena.blockBytes(newBytes)
      ? entry
      : this.#arena.allocate(newBytes);
    this.#arena.copy(entry, header, ready, header + 4, oldBytes - header);
    if (ready !== entry) this.#arena.copy(entry, 0, ready, 0, header);
    entries.addTtlFlag(ready);
    if (ready !== entry) this.#replace(entry, ready);
    return ready;
  }

  #expireIfDue(entry: Ref): boolean {
    const store = this.#store;
    if (store.heap.expireAtMs(this.#heap, entry) >= store.nowMs) return false;
    this.#expire(entry);
    return true;
  }

  #expire(entry: Ref): void {
    this.delete(entry, this.#store.lazyExpire);
    this.#store.expiredKeys++;
  }

  /** Whether an entry is past its last millisecond, without collecting it. O(1). */
  isExpired(entry: Ref): boolean {
    const expireAtMs = this.expireAtMs(entry);
    return expireAtMs !== -1 && expireAtMs < this.#store.nowMs;
  }

  /** Collects up to `limit` expired keys, earliest first. O(limit × log n). @returns how many */
  collectExpired(limit: number): number {
    const { heap, nowMs } = this.#store;
    const root = this.#heap;
    let collected = 0;
    while (collected < limit && heap.size(root) > 0 && heap.peekExpireAtMs(root) < nowMs) {
      this.#expire(heap.peek(root));
      collected++;
    }
    return collected;
  }

  /**
   * A live entry chosen fairly, or NONE where there is none. Expected O(1); an expired entry that is
   * drawn is collected, so each costs one draw once.
   */
  randomEntry(): Ref {
    const { table, randomInt } = this.#store;
    for (;;) {
      const entry = table.random(this.table, randomInt);
      if (entry === NONE || !this.isExpired(entry)) return entry;
      this.#expire(entry);
    }
  }

  /** Visits one step of a scan; see HashTable.scan. Expired entries are passed over. */
  scan(cursor: number, visit: (entry: Ref) => void): number {
    return this.#store.table.scan(this.table, cursor, (entry) => {
      if (!this.isExpired(entry)) visit(entry);
    });
  }

  /** Visits every live entry; the visitor changes nothing. O(n). */
  forEach(visit: (entry: Ref) => void): void {
    this.#store.table.forEach(this.table, (entry) => {
      if (!this.isExpired(entry)) visit(entry);
    });
  }

  /**
   * Empties the database: in O(1) and the background where `lazily`, else in O(n). The buckets of a
   * table that once was larger go too.
   */
  flush(lazily: boolean): void {
    const { table, heap, values } = this.#store;
    const oldTable = this.table;
    const oldHeap = this.#heap;
    const isEmpty = table.size(oldTable) === 0;
    this.#arena.setWord(this.#descriptor, TABLE_WORD, table.create());
    this.#arena.setWord(this.#descriptor, HEAP_WORD, heap.create());
    heap.destroy(oldHeap);
    values.freeTable(oldTable, lazily && !isEmpty);
  }

  /**
   * Mean time that expiring keys have left, in whole milliseconds, 0 where there is none. Estimated
   * from a sample where they are many. O(1).
   */
  averageTtlMs(): number {
    if (this.expiringCount === 0) return 0;
    const { heap, nowMs } = this.#store;
    return Math.max(0, Math.round(heap.meanExpireAtMs(this.#heap, TTL_SAMPLES) - nowMs));
  }

  /** Bytes of the hash table, without the entries. O(buckets / chunk). */
  tableBytes(): number {
    return this.#store.table.memoryBytes(this.table);
  }

  /** Bytes of the TTL heap, without the entries. O(expiring keys / chunk). */
  heapBytes(): number {
    let bytes = 0;
    this.#store.heap.forEachBlock(this.#heap, (block) => bytes += this.#arena.capacity(block));
    return bytes;
  }
}
