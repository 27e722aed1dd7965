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

import { assert } from "@std/assert";
import { Arena, NONE, type Ref, SEGMENT_MASK, SEGMENT_SHIFT } from "../../structures/arena.ts";
import { WRONG_TYPE } from "../../protocol/error_reply.ts";
import { copyBytes } from "../../structures/copy_bytes.ts";
import { entryBytes, META_WORD, TTL_WORD, type Type } from "./entry.ts";
import type { Key } from "./key.ts";
import type { Keyspace } from "./keyspace.ts";

const TABLE_WORD = 0;
const HEAP_WORD = 1;
/** Bytes of a database's descriptor. */
export const DESCRIPTOR_BYTES = 16;

/** How often {@linkcode Database.randomEntry} draws again when it drew an expired key. */
const MAX_RANDOM_DRAWS = 100;

export class Database {
  readonly #keyspace: Keyspace;
  readonly #arena: Arena;
  readonly #descriptor: Ref;

  /** @param descriptor a block of {@linkcode DESCRIPTOR_BYTES} that lives as long as the store */
  constructor(keyspace: Keyspace, readonly index: number, descriptor: Ref) {
    this.#keyspace = keyspace;
    this.#arena = keyspace.arena;
    this.#descriptor = descriptor;
    this.#arena.setWord(descriptor, TABLE_WORD, keyspace.table.create());
    this.#arena.setWord(descriptor, HEAP_WORD, keyspace.heap.create());
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
    return this.#keyspace.table.size(this.table);
  }

  /** Keys with an expiry. O(1). */
  get expiringCount(): number {
    return this.#keyspace.heap.size(this.#heap);
  }

  /** The entry of a key that is there and has not expired, else NONE. O(1). */
  find(key: Key): Ref {
    const { table, entries } = this.#keyspace;
    const root = this.table;
    let entry = table.first(root, key.hash);
    while (entry !== NONE && !entries.keyEquals(entry, key.bytes, key.start, key.length)) {
      entry = table.next(root, entry, key.hash);
    }
    if (entry !== NONE && entries.hasExpiry(entry) && this.#expireIfDue(entry)) return NONE;
    return entry;
  }

  /** As {@linkcode Database.find}, counted as a hit or miss and noted in the access clock. */
  read(key: Key): Ref {
    const entry = this.find(key);
    const keyspace = this.#keyspace;
    if (entry === NONE) {
      keyspace.misses++;
    } else {
      keyspace.hits++;
      this.touch(entry);
    }
    return entry;
  }

  /** As {@linkcode Database.read}. @throws {ErrorReply} WRONGTYPE for another type of value */
  readOf(key: Key, type: Type): Ref {
    const entry = this.read(key);
    if (entry !== NONE && this.#keyspace.entries.type(entry) !== type) throw WRONG_TYPE;
    return entry;
  }

  /** As {@linkcode Database.find}, for a change. @throws {ErrorReply} WRONGTYPE */
  findOf(key: Key, type: Type): Ref {
    const entry = this.find(key);
    if (entry !== NONE) {
      if (this.#keyspace.entries.type(entry) !== type) throw WRONG_TYPE;
      this.touch(entry);
    }
    return entry;
  }

  /** Notes that an entry was used, unless its client asked not to. O(1). */
  touch(entry: Ref): void {
    const keyspace = this.#keyspace;
    if (!keyspace.touching) return;
    const clock = keyspace.clock;
    if (keyspace.entries.clock(entry) !== clock) keyspace.entries.setClock(entry, clock);
  }

  /** Loads the key's bucket head into the cache, ahead of a {@linkcode Database.find}. */
  touchBucket(hash: number): Ref {
    return this.#keyspace.table.bucketHead(this.table, hash);
  }

  /**
   * Adds an entry for a key that is not there. The slot or inline value is the caller's to write.
   * O(1).
   */
  insert(key: Key, type: Type, encoding: number, isInline: boolean, inlineLength: number): Ref {
    const { entries, table } = this.#keyspace;
    const entry = this.#arena.allocate(entryBytes(false, isInline, key.length, inlineLength));
    entries.format(entry, type, encoding, false, key.length, inlineLength, this.#keyspace.clock);
    copyBytes(entries.bytes(entry), entries.keyStart(entry), key.bytes, key.start, key.length);
    table.insert(this.table, entry, key.hash);
    return entry;
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
    const keyspace = this.#keyspace;
    const { entries } = keyspace;
    const hasTtlWord = entries.hasTtlWord(entry);
    const keyLength = entries.keyLength(entry);
    const wasInline = entries.isInline(entry);
    if (!wasInline) keyspace.values.free(entry, keyspace.lazyServerDelete);
    const oldBytes = entryBytes(
      hasTtlWord,
      wasInline,
      keyLength,
      wasInline ? entries.inlineLength(entry) : 0,
    );
    const newBytes = entryBytes(hasTtlWord, isInline, keyLength, inlineLength);
    const oldStart = entries.keyStart(entry);
    if (Arena.blockBytes(oldBytes) === Arena.blockBytes(newBytes)) {
      const position = hasTtlWord ? this.#arena.word(entry, TTL_WORD) : 0;
      entries.format(entry, type, encoding, hasTtlWord, keyLength, inlineLength, keyspace.clock);
      if (hasTtlWord) this.#arena.setWord(entry, TTL_WORD, position);
      if (wasInline !== isInline) {
        entries.bytes(entry).copyWithin(entries.keyStart(entry), oldStart, oldStart + keyLength);
      }
      return entry;
    }
    const moved = this.#arena.allocate(newBytes);
    entries.format(moved, type, encoding, hasTtlWord, keyLength, inlineLength, keyspace.clock);
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
    const { entries, table, heap } = this.#keyspace;
    table.replace(this.table, entry, moved);
    if (entries.hasExpiry(entry)) {
      this.#arena.setWord(moved, TTL_WORD, this.#arena.word(entry, TTL_WORD));
      heap.relocate(this.#heap, moved);
    }
    this.#arena.free(entry);
  }

  /** Removes an entry and frees its value, in the background where it is large and `lazily`. */
  delete(entry: Ref, lazily: boolean): void {
    const { values } = this.#keyspace;
    this.#unlink(entry);
    values.free(entry, lazily);
    this.#arena.free(entry);
  }

  #unlink(entry: Ref): void {
    const { entries, table, heap } = this.#keyspace;
    if (entries.hasExpiry(entry)) heap.remove(this.#heap, entry);
    table.remove(this.table, entry);
  }

  /** Moves an entry under another key, which must not be there. Expiry and value stay. O(key). */
  rename(entry: Ref, key: Key): Ref {
    const keyspace = this.#keyspace;
    const { entries, table, heap } = keyspace;
    const hasExpiry = entries.hasExpiry(entry);
    const isInline = entries.isInline(entry);
    const inlineLength = isInline ? entries.inlineLength(entry) : 0;
    const moved = this.#arena.allocate(
      entryBytes(hasExpiry, isInline, key.length, inlineLength),
    );
    const meta = this.#arena.word(entry, META_WORD);
    entries.format(
      moved,
      entries.type(entry),
      entries.encoding(entry),
      hasExpiry,
      key.length,
      inlineLength,
      entries.clock(entry),
    );
    assert((meta & 0x3f) === (this.#arena.word(moved, META_WORD) & 0x3f));
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
    table.remove(this.table, entry);
    if (hasExpiry) {
      this.#arena.setWord(moved, TTL_WORD, this.#arena.word(entry, TTL_WORD));
      heap.relocate(this.#heap, moved);
    }
    this.#arena.free(entry);
    table.insert(this.table, moved, key.hash);
    return moved;
  }

  /** When an entry expires, in milliseconds since 1970, or -1 for never. O(1). */
  expireAtMs(entry: Ref): number {
    if (!this.#keyspace.entries.hasExpiry(entry)) return -1;
    return this.#keyspace.heap.expireAtMs(this.#heap, entry);
  }

  /** Sets or changes an entry's expiry. O(log n). @returns the entry, which may have moved */
  setExpireAtMs(entry: Ref, expireAtMs: number): Ref {
    const { entries, heap } = this.#keyspace;
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
    const { entries, heap } = this.#keyspace;
    if (!entries.hasExpiry(entry)) return false;
    heap.remove(this.#heap, entry);
    return true;
  }

  #addTtlWord(entry: Ref): Ref {
    const keyspace = this.#keyspace;
    const { entries } = keyspace;
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
    const keyspace = this.#keyspace;
    if (keyspace.heap.expireAtMs(this.#heap, entry) > keyspace.nowMs) return false;
    this.#expire(entry);
    return true;
  }

  #expire(entry: Ref): void {
    this.delete(entry, this.#keyspace.lazyExpire);
    this.#keyspace.expiredKeys++;
  }

  /** Whether an entry is past its expiry, without collecting it. O(1). */
  isExpired(entry: Ref): boolean {
    const expireAtMs = this.expireAtMs(entry);
    return expireAtMs !== -1 && expireAtMs <= this.#keyspace.nowMs;
  }

  /** Collects up to `limit` expired keys, earliest first. O(limit × log n). @returns how many */
  collectExpired(limit: number): number {
    const { heap, nowMs } = this.#keyspace;
    const root = this.#heap;
    let collected = 0;
    while (collected < limit && heap.size(root) > 0 && heap.peekExpireAtMs(root) <= nowMs) {
      this.#expire(heap.peek(root));
      collected++;
    }
    return collected;
  }

  /** A live entry chosen fairly, or NONE. O(1) expected, bounded. */
  randomEntry(): Ref {
    const { table, randomInt } = this.#keyspace;
    for (let draw = 0; draw < MAX_RANDOM_DRAWS && this.size > 0; draw++) {
      const entry = table.random(this.table, randomInt);
      if (!this.isExpired(entry)) return entry;
    }
    return NONE;
  }

  /** Visits one step of a scan; see HashTable.scan. Expired entries are passed over. */
  scan(cursor: number, visit: (entry: Ref) => void): number {
    return this.#keyspace.table.scan(this.table, cursor, (entry) => {
      if (!this.isExpired(entry)) visit(entry);
    });
  }

  /** Visits every live entry; the visitor changes nothing. O(n). */
  forEach(visit: (entry: Ref) => void): void {
    this.#keyspace.table.forEach(this.table, (entry) => {
      if (!this.isExpired(entry)) visit(entry);
    });
  }

  /** Empties the database: in O(1) and the background where `lazily`, else in O(n). */
  flush(lazily: boolean): void {
    const { table, heap, values } = this.#keyspace;
    const oldTable = this.table;
    const oldHeap = this.#heap;
    if (table.size(oldTable) === 0) return;
    this.#arena.setWord(this.#descriptor, TABLE_WORD, table.create());
    this.#arena.setWord(this.#descriptor, HEAP_WORD, heap.create());
    heap.destroy(oldHeap);
    values.freeTable(oldTable, lazily);
  }

  /** Average remaining time of expiring keys is not kept; INFO answers from the nearest one. */
  nearestExpireAtMs(): number {
    const { heap } = this.#keyspace;
    return heap.size(this.#heap) === 0 ? -1 : heap.peekExpireAtMs(this.#heap);
  }

  /** The first word of an entry, read to load its block into the cache. */
  touchEntry(entry: Ref): number {
    return this.#arena.words[entry >>> SEGMENT_SHIFT][(entry & SEGMENT_MASK) << 1];
  }
}
