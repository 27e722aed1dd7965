/**
 * Where the entries of one database stand: in a hash table by their keys, in a heap by their expiries,
 * and hashes in another by the earliest of their fields' expiries. Puts entries there, gives them
 * another form or place, and takes them out.
 *
 * ```
 *   descriptor ──▶ hash table ──▶ entry ◀── TTL heap         ttl word: place in it
 *   in the arena                    ▲
 *                                   └────── field TTL heap   second word of a hash's slot
 * ```
 *
 * Whatever may fail for a lack of memory fails before it has changed anything. Nobody is told of a
 * change here: that is for those who carry one out as a whole (database.ts, strings.ts,
 * collections.ts), and who have looked the entry up by `Database.change`.
 */

import { Arena, type Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import { growthBytes } from "../../structures/hash_table/hash_table_growth.ts";
import { sampleNodes } from "../../structures/hash_table/hash_table_sample.ts";
import { entryBytes, type Type } from "./entry.ts";
import * as entryLayout from "./entry_layout.ts";
import type { Key } from "./key.ts";
import type { Store } from "./store.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE } = arenaLayout;
const { SLOT_BYTES, TTL_WORD } = entryLayout;

const TABLE_WORD = 0;
const HEAP_WORD = 1;
const FIELD_HEAP_WORD = 2;
/** Bytes of a database's descriptor. */
export const DESCRIPTOR_BYTES = 16;

export class EntryIndex {
  protected readonly store: Store;
  protected readonly arena: Arena;
  readonly #descriptor: Ref;

  /** @param descriptor a block of {@linkcode DESCRIPTOR_BYTES} that lives as long as the store */
  constructor(store: Store, readonly index: number, descriptor: Ref) {
    this.store = store;
    this.arena = store.arena;
    this.#descriptor = descriptor;
    this.setTable(store.table.create());
    this.setHeap(store.heap.create());
    this.setFieldHeap(store.fieldHeap.create());
  }

  /** The database's hash table, for scans, random choice and statistics. */
  get table(): Ref {
    return this.arena.word(this.#descriptor, TABLE_WORD);
  }

  /** The heap of entries that expire. */
  protected get heap(): Ref {
    return this.arena.word(this.#descriptor, HEAP_WORD);
  }

  /** The heap of hashes whose fields expire. */
  protected get fieldHeap(): Ref {
    return this.arena.word(this.#descriptor, FIELD_HEAP_WORD);
  }

  protected setFieldHeap(heap: Ref): void {
    this.arena.setWord(this.#descriptor, FIELD_HEAP_WORD, heap);
  }

  protected setTable(table: Ref): void {
    this.arena.setWord(this.#descriptor, TABLE_WORD, table);
  }

  protected setHeap(heap: Ref): void {
    this.arena.setWord(this.#descriptor, HEAP_WORD, heap);
  }

  /** Gives another index this one's entries and takes its. O(1). */
  protected exchange(other: EntryIndex): void {
    const { table, heap, fieldHeap } = this;
    this.setTable(other.table);
    this.setHeap(other.heap);
    this.setFieldHeap(other.fieldHeap);
    other.setTable(table);
    other.setHeap(heap);
    other.setFieldHeap(fieldHeap);
  }

  /** Keys, those included that have expired and are not yet collected. O(1). */
  get size(): number {
    return this.store.table.size(this.table);
  }

  /** Keys with an expiry. O(1). */
  get expiringCount(): number {
    return this.store.heap.size(this.heap);
  }

  /** Hashes some of whose fields expire. O(1). */
  get fieldExpiringCount(): number {
    return this.store.fieldHeap.size(this.fieldHeap);
  }

  /** Whether a reference that was an entry's, whose key has this hash, is still one. Expected O(1). */
  holds(entry: Ref, hash: number): boolean {
    const { table } = this.store;
    let found = table.first(this.table, hash);
    while (found !== NONE && found !== entry) found = table.next(this.table, found, hash);
    return found !== NONE;
  }

  /** An entry chosen fairly, expired or not, NONE where there is none. Expected O(1). */
  anyEntry(): Ref {
    return this.store.table.random(this.table, this.store.randomInt);
  }

  /** So many entries or some more, drawn fairly; see `sampleNodes`. @returns how many, 0 if there is none */
  sample(wanted: number, entries: Int32Array): number {
    return sampleNodes(this.arena, this.table, this.store.randomInt, wanted, entries);
  }

  /** An entry that expires, chosen fairly, NONE where none does. O(1). */
  randomExpiring(): Ref {
    return this.store.heap.random(this.heap, this.store.randomInt);
  }

  /** The entry that expires first, NONE where none does. O(1). */
  firstToExpire(): Ref {
    return this.store.heap.peek(this.heap);
  }

  /** When an entry expires, in milliseconds since 1970, or -1 for never. O(1). */
  expireAtMs(entry: Ref): number {
    if (!this.store.entries.hasExpiry(entry)) return -1;
    return this.store.heap.expireAtMs(this.heap, entry);
  }

  /** As {@linkcode EntryIndex.expireAtMs}, all 64 bits of it. O(1). */
  exactExpireAtMs(entry: Ref): number | bigint {
    if (!this.store.entries.hasExpiry(entry)) return -1;
    return this.store.heap.exactExpireAtMs(this.heap, entry);
  }

  /**
   * Adds an entry for a key that is not there. The slot or inline value is the caller's to write.
   * O(1).
   *
   * @param hasTtlWord whether the entry is about to get an expiry
   * @throws {ArenaFullError} nothing has changed
   */
  insert(
    key: Key,
    type: Type,
    encoding: number,
    isInline: boolean,
    inlineLength: number,
    hasTtlWord: boolean,
  ): Ref {
    const { clock, entries, epoch } = this.store;
    const { length } = key;
    const entry = this.arena.allocate(entryBytes(hasTtlWord, isInline, length, inlineLength));
    entries.format(entry, type, encoding, hasTtlWord, length, inlineLength, clock, epoch);
    copyBytes(entries.bytes(entry), entries.keyStart(entry), key.bytes, key.start, length);
    this.link(entry, key);
    return entry;
  }

  /** Adds a formatted entry to the table, or frees its block where there is no room for that. */
  protected link(entry: Ref, key: Key): void {
    try {
      this.store.table.insert(this.table, entry, key.hash);
    } catch (error) {
      this.arena.free(entry);
      throw error;
    }
  }

  /**
   * Gives a present entry another type, encoding or inline length, keeping its key and expiry. The
   * old value is freed; the new one is the caller's to write. O(1).
   *
   * @param needsTtlWord whether the entry is about to get an expiry
   * @returns the entry, which may have moved to another block
   * @throws {ArenaFullError} nothing has changed
   */
  reshape(
    entry: Ref,
    type: Type,
    encoding: number,
    isInline: boolean,
    inlineLength: number,
    needsTtlWord: boolean,
  ): Ref {
    const store = this.store;
    const { entries } = store;
    // Who counts uses knows how often the key was used before.
    const clock = store.useClock === -1 ? entries.clock(entry) : store.clock;
    const hadTtlWord = entries.hasTtlWord(entry);
    const hasTtlWord = hadTtlWord || needsTtlWord;
    const keyLength = entries.keyLength(entry);
    const wasInline = entries.isInline(entry);
    const oldBytes = entryBytes(
      hadTtlWord,
      wasInline,
      keyLength,
      wasInline ? entries.inlineLength(entry) : 0,
    );
    const newBytes = entryBytes(hasTtlWord, isInline, keyLength, inlineLength);
    const oldStart = entries.keyStart(entry);
    const epoch = entries.epoch(entry);
    const stays = Arena.blockBytes(oldBytes) === Arena.blockBytes(newBytes);
    // Allocated before the old value goes: where memory is full, the entry is as it was.
    const moved = stays ? entry : this.arena.allocate(newBytes);
    if (!wasInline) {
      this.clearFieldExpiry(entry);
      store.values.free(entry, store.lazyServerDelete);
    }
    if (stays) {
      const position = hadTtlWord ? this.arena.word(entry, TTL_WORD) : 0;
      // Before the header is written: a long key's length is to stand where its bytes stood.
      const newStart = oldStart + (hasTtlWord === hadTtlWord ? 0 : 4) +
        (isInline === wasInline ? 0 : isInline ? -SLOT_BYTES : SLOT_BYTES);
      if (newStart !== oldStart) {
        entries.bytes(entry).copyWithin(newStart, oldStart, oldStart + keyLength);
      }
      entries.format(entry, type, encoding, hasTtlWord, keyLength, inlineLength, clock, epoch);
      if (hadTtlWord) this.arena.setWord(entry, TTL_WORD, position);
      return entry;
    }
    entries.format(moved, type, encoding, hasTtlWord, keyLength, inlineLength, clock, epoch);
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
    const { entries, table, heap } = this.store;
    table.replace(this.table, entry, moved);
    if (entries.hasExpiry(entry)) {
      this.arena.setWord(moved, TTL_WORD, this.arena.word(entry, TTL_WORD));
      heap.relocate(this.heap, moved);
    }
    this.relocateFieldExpiry(entry, moved);
    this.arena.free(entry);
  }

  /** Removes an entry and frees its value, in the background where it is large and `lazily`. */
  remove(entry: Ref, lazily: boolean): void {
    this.store.values.free(this.unlink(entry), lazily);
    this.arena.free(entry);
  }

  /** Takes an entry out of the table and the heap. @param hash its key's, if known @returns the entry */
  protected unlink(entry: Ref, hash?: number): Ref {
    const { entries, table, heap } = this.store;
    if (entries.hasExpiry(entry)) heap.remove(this.heap, entry);
    this.clearFieldExpiry(entry);
    table.remove(this.table, entry, hash);
    return entry;
  }

  /**
   * Has the arena promise that the table may grow for so many new entries, beside what it has
   * promised already, which is room for their blocks. O(1).
   *
   * @throws {ArenaFullError} nothing has changed
   */
  reserveInserts(entries: number): void {
    this.arena.reserveMore(growthBytes(this.arena, this.table, entries));
  }

  /**
   * Makes room for an expiry that an entry is about to get, unless it has one. O(1).
   *
   * @throws {ArenaFullError} nothing has changed
   */
  reserveExpiry(entry: Ref): void {
    const { entries, heap } = this.store;
    if (entry === NONE || !entries.hasExpiry(entry)) heap.reserve(this.heap);
  }

  /** Sets the expiry of an entry with a TTL word, for which there is room. O(log n). */
  assignExpiry(entry: Ref, expireAtMs: number | bigint): void {
    const { entries, heap } = this.store;
    if (entries.hasExpiry(entry)) heap.update(this.heap, entry, expireAtMs);
    else heap.insert(this.heap, entry, expireAtMs);
  }

  /** Takes an entry's expiry away. O(log n). @returns whether it had one */
  clearExpiry(entry: Ref): boolean {
    const { entries, heap } = this.store;
    if (!entries.hasExpiry(entry)) return false;
    heap.remove(this.heap, entry);
    return true;
  }

  /**
   * Makes room for one more hash whose fields expire. O(1).
   *
   * @throws {ArenaFullError} nothing has changed
   */
  reserveFieldExpiry(): void {
    this.store.fieldHeap.reserve(this.fieldHeap);
  }

  /**
   * Notes from when on fields of a hash may have expired, for which there is room; Infinity where none
   * expires. The second word of its slot must be its place among such hashes, 0 for none. O(log n).
   */
  assignFieldExpiry(entry: Ref, earliestMs: number): void {
    const { entries, fieldHeap } = this.store;
    if (earliestMs === Infinity) this.clearFieldExpiry(entry);
    else if (!entries.hasFieldExpiry(entry)) fieldHeap.insert(this.fieldHeap, entry, earliestMs);
    else if (fieldHeap.expireAtMs(this.fieldHeap, entry) !== earliestMs) {
      fieldHeap.update(this.fieldHeap, entry, earliestMs);
    }
  }

  /** From when on fields of an entry may have expired; Infinity where none expires. O(1). */
  protected fieldExpiry(entry: Ref): number {
    const { entries, fieldHeap } = this.store;
    return entries.hasFieldExpiry(entry) ? fieldHeap.expireAtMs(this.fieldHeap, entry) : Infinity;
  }

  /** Takes an entry, whatever it is, out of the heap of hashes whose fields expire. O(log n). */
  protected clearFieldExpiry(entry: Ref): void {
    const { entries, fieldHeap } = this.store;
    if (entries.hasFieldExpiry(entry)) fieldHeap.remove(this.fieldHeap, entry);
  }

  /** Puts a copy of an entry in its place in that heap, if it has one. O(1). */
  protected relocateFieldExpiry(entry: Ref, moved: Ref): void {
    const { entries, fieldHeap } = this.store;
    if (!entries.hasFieldExpiry(entry)) return;
    entries.setSlot(moved, 1, entries.slot(entry, 1));
    fieldHeap.relocate(this.fieldHeap, moved);
  }

  /** The hash whose fields expire first, if some may have expired; else NONE. O(1). */
  hashWithExpiredFields(): Ref {
    const { dueMs, fieldHeap } = this.store;
    return fieldHeap.peekExpireAtMs(this.fieldHeap) < dueMs ? fieldHeap.peek(this.fieldHeap) : NONE;
  }

  /**
   * Gives an entry the word that an expiry needs. O(key + inline value).
   *
   * @returns the entry, which may have moved
   * @throws {ArenaFullError} nothing has changed
   */
  protected addTtlWord(entry: Ref): Ref {
    const store = this.store;
    const { entries } = store;
    const isInline = entries.isInline(entry);
    const keyLength = entries.keyLength(entry);
    const inlineLength = isInline ? entries.inlineLength(entry) : 0;
    const oldBytes = entryBytes(false, isInline, keyLength, inlineLength);
    const newBytes = oldBytes + 4;
    const header = TTL_WORD * 4;
    const ready = Arena.blockBytes(oldBytes) === Arena.blockBytes(newBytes)
      ? entry
      : this.arena.allocate(newBytes);
    this.arena.copy(entry, header, ready, header + 4, oldBytes - header);
    if (ready !== entry) this.arena.copy(entry, 0, ready, 0, header);
    entries.addTtlFlag(ready);
    if (ready !== entry) this.#replace(entry, ready);
    return ready;
  }

  /** An entry for a key with another's value, clock and epoch, in no table and no heap. */
  protected copyUnder(entry: Ref, key: Key): Ref {
    const { entries } = this.store;
    const hasTtlWord = entries.hasExpiry(entry);
    const isInline = entries.isInline(entry);
    const inlineLength = isInline ? entries.inlineLength(entry) : 0;
    const copy = this.arena.allocate(entryBytes(hasTtlWord, isInline, key.length, inlineLength));
    entries.format(
      copy,
      entries.type(entry),
      entries.encoding(entry),
      hasTtlWord,
      key.length,
      inlineLength,
      entries.clock(entry),
      entries.epoch(entry),
    );
    copyBytes(entries.bytes(copy), entries.keyStart(copy), key.bytes, key.start, key.length);
    if (isInline) {
      copyBytes(
        entries.bytes(copy),
        entries.inlineStart(copy),
        entries.bytes(entry),
        entries.inlineStart(entry),
        inlineLength,
      );
    } else {
      entries.setSlot(copy, 0, entries.slot(entry, 0));
      entries.setSlot(copy, 1, entries.slot(entry, 1));
    }
    return copy;
  }

  /** Bytes of the hash table, without the entries. O(buckets / chunk). */
  tableBytes(): number {
    return this.store.table.memoryBytes(this.table);
  }

  /** Bytes of the TTL heaps, without the entries. O(expiring keys / chunk). */
  heapBytes(): number {
    const { fieldHeap, heap } = this.store;
    let bytes = 0;
    const add = (block: Ref) => bytes += this.arena.capacity(block);
    heap.forEachBlock(this.heap, add);
    fieldHeap.forEachBlock(this.fieldHeap, add);
    return bytes;
  }
}
