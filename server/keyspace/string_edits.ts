/**
 * Strings that are edited in place: appended to, written into, and worked on as bits or registers.
 *
 * What is edited has a block of its own, with room for more once it has grown:
 *
 * ```
 *   SET k Hello      │ header │ k │ Hello │
 *   APPEND k ", "    │ header │ slot ─▶ 7 │ k │      │ Hello, ·· │   room for a quarter more
 *   APPEND k "you!"  │ header │ slot ─▶ 11│ k │      │ Hello, you! ··· │
 * ```
 *
 * Room is added in proportion to the length, so that the copies that growth takes add up to a few
 * for each byte, however short the pieces are. A long string has a block anyway, and is edited there
 * without a copy.
 *
 * Who writes bytes at places of its own choice opens the string and tells what it has done:
 *
 * ```ts
 * const entry = stringEdits.open(db, found, key, byteCount, 0); // so many bytes at least
 * const { bytes, start } = strings.view(entry);
 * bytes[start + at] = …
 * stringEdits.tell(db, key, found === NONE, 1, SETBIT);
 * ```
 */

import { type Arena, MAX_BLOCK_BYTES, type Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import type { Caller } from "./caller.ts";
import type { Changes } from "./changes.ts";
import type { Database } from "./database.ts";
import { type Entries, kindOf, StringEncoding, Type } from "./entry.ts";
import * as entryLayout from "./entry_layout.ts";
import type { Key } from "./key.ts";
import { type KeyEvent, NEW } from "./key_event.ts";
import type { Store } from "./store.ts";
import type { Strings } from "./strings.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { KIND_MASK, META_WORD } = entryLayout;

const BLOCK_KIND = kindOf(Type.String, StringEncoding.Block);
const GROWING_KIND = kindOf(Type.String, StringEncoding.Growing);

/** What grows gets room for its length divided by this beyond it. */
const ROOM_DIVISOR = 4;

export class StringEdits {
  readonly #arena: Arena;
  readonly #changes: Changes;
  readonly #entries: Entries;
  readonly #strings: Strings;

  constructor({ arena, changes, entries }: Store, strings: Strings) {
    this.#arena = arena;
    this.#changes = changes;
    this.#entries = entries;
    this.#strings = strings;
  }

  /**
   * Writes `bytes[start, start + length)` into the string of an entry from its byte `at` on; where
   * `at` is behind its end, zeros fill the gap. Its expiry stays, and so does the text of an integer a
   * text. Amortized O(length + gap); O(n) where it is the first such edit of a short string, or the
   * room is used up.
   *
   * @param entry what `Database.changeOf` found; where it is NONE, the key is made
   * @returns the string's length
   * @throws {ArenaFullError} nothing has changed
   */
  splice(
    db: Database,
    entry: Ref,
    key: Key,
    at: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    event: KeyEvent,
  ): number {
    const arena = this.#arena;
    const entries = this.#entries;
    const oldLength = entry === NONE ? 0 : this.#strings.length(entry);
    const newLength = Math.max(oldLength, at + length);
    const target = this.#withRoom(db, entry, key, oldLength, newLength, newLength);
    const block = entries.slot(target, 0);
    const content = arena.bytes[block >>> SEGMENT_SHIFT];
    const contentAt = (block & SEGMENT_MASK) << 3;
    if (at > oldLength) content.fill(0, contentAt + oldLength, contentAt + at);
    copyBytes(content, contentAt + at, bytes, start, length);
    entries.setSlot(target, 1, newLength);
    if (this.#changes.count(1)) this.#changes.written(db.index, key, entry === NONE, event);
    return newLength;
  }

  /**
   * Makes the string of an entry one that can be written in place, by zeros at its end not shorter
   * than `length` bytes. What the caller then does to its bytes it tells by
   * {@linkcode StringEdits.tell}. Its expiry stays. O(1) for a long string, and O(zeros); amortized as
   * {@linkcode StringEdits.splice}.
   *
   * @param entry what `Database.changeOf` found; where it is NONE, the key is made
   * @param room bytes by which the string may grow by {@linkcode StringEdits.setLength}
   * @returns the entry, which may be new or have moved
   * @throws {ArenaFullError} nothing has changed
   */
  open(db: Database, entry: Ref, key: Key, length: number, room: number): Ref {
    const entries = this.#entries;
    const oldLength = entry === NONE ? 0 : this.#strings.length(entry);
    const newLength = Math.max(oldLength, length);
    const target = this.#withRoom(db, entry, key, oldLength, newLength, newLength + room);
    if (newLength !== oldLength) {
      const block = entries.slot(target, 0);
      const start = (block & SEGMENT_MASK) << 3;
      this.#arena.bytes[block >>> SEGMENT_SHIFT].fill(0, start + oldLength, start + newLength);
    }
    entries.setSlot(target, 1, newLength);
    return target;
  }

  /** Whether the string of an entry is one that {@linkcode StringEdits.open} leaves as it is. O(1). */
  isOpen(entry: Ref): boolean {
    return this.#kind(entry) === GROWING_KIND;
  }

  /** Sets the length of an opened string, within the room that there is. O(1). */
  setLength(entry: Ref, length: number): void {
    this.#entries.setSlot(entry, 1, length);
  }

  /** Gives an opened string another block, the caller's, in the place of its own. O(1). */
  exchange(entry: Ref, block: Ref, length: number): void {
    this.#arena.free(this.#entries.slot(entry, 0));
    this.#entries.setSlot(entry, 0, block);
    this.#entries.setSlot(entry, 1, length);
  }

  /**
   * Makes the key in argument `i` hold the string in a block of the caller's, forever, whatever it
   * held before, and tells of it. The block is the key's, and is freed where that fails. O(1), and
   * O(log n) where it had an expiry.
   *
   * @throws {ArenaFullError} nothing has changed
   */
  adopt(call: Caller, i: number, block: Ref, length: number, event: KeyEvent): void {
    const { db } = call;
    const key = call.key(i);
    const entry = db.change(key);
    db.clearExpiry(this.#place(db, entry, key, block, length));
    this.tell(db, key, entry === NONE, 1, event);
  }

  /**
   * Tells of what was done to an opened string.
   *
   * @param isNew whether the key was made
   * @param changes how many, as INFO counts them
   * @param event what they are called; undefined where there is no word for it
   */
  tell(
    db: Database,
    key: Key,
    isNew: boolean,
    changes: number,
    event: KeyEvent | undefined,
  ): void {
    if (!this.#changes.count(changes)) return;
    this.#changes.written(db.index, key, isNew, event);
    if (isNew && event === undefined) this.#changes.happened(db.index, key, NEW);
  }

  /** The entry with a block that holds `capacity` bytes, and in it the bytes that there were. */
  #withRoom(
    db: Database,
    entry: Ref,
    key: Key,
    oldLength: number,
    newLength: number,
    capacity: number,
  ): Ref {
    if (entry !== NONE) {
      const kind = this.#kind(entry);
      const hasBlock = kind === GROWING_KIND || kind === BLOCK_KIND;
      if (hasBlock && capacity <= this.#arena.capacity(this.#entries.slot(entry, 0))) {
        if (kind === BLOCK_KIND) this.#setKind(entry, GROWING_KIND);
        return entry;
      }
    }
    return this.#regrow(db, entry, key, oldLength, newLength, capacity);
  }

  #kind(entry: Ref): number {
    return this.#arena.word(entry, META_WORD) & KIND_MASK;
  }

  #setKind(entry: Ref, kind: number): void {
    const meta = this.#arena.word(entry, META_WORD);
    this.#arena.setWord(entry, META_WORD, (meta & ~KIND_MASK) | kind);
  }

  /** Moves a string to a growing block. @returns the key's entry */
  #regrow(
    db: Database,
    entry: Ref,
    key: Key,
    oldLength: number,
    newLength: number,
    capacity: number,
  ): Ref {
    const arena = this.#arena;
    const grows = oldLength !== 0 && newLength > oldLength;
    const room = grows ? Math.floor(newLength / ROOM_DIVISOR) : 0;
    // A string may be as long as a block can be, and then has no room.
    const block = arena.allocate(Math.max(capacity, Math.min(newLength + room, MAX_BLOCK_BYTES)));
    if (oldLength !== 0) {
      const { bytes, start } = this.#strings.view(entry);
      const target = arena.bytes[block >>> SEGMENT_SHIFT];
      copyBytes(target, (block & SEGMENT_MASK) << 3, bytes, start, oldLength);
    }
    if (entry !== NONE && this.isOpen(entry)) {
      this.exchange(entry, block, oldLength);
      return entry;
    }
    return this.#place(db, entry, key, block, oldLength);
  }

  /** Makes a block the value of a key, or frees it where there is no entry to be had. */
  #place(db: Database, entry: Ref, key: Key, block: Ref, length: number): Ref {
    const { Growing } = StringEncoding;
    let target: Ref;
    try {
      target = entry === NONE
        ? db.insert(key, Type.String, Growing, false, 0, false)
        : db.reshape(entry, Type.String, Growing, false, 0, false);
    } catch (error) {
      this.#arena.free(block);
      throw error;
    }
    this.#entries.setSlot(target, 0, block);
    this.#entries.setSlot(target, 1, length);
    return target;
  }
}
