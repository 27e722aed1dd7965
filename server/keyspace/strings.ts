/**
 * String values: written, read and counted with.
 *
 * A value is held in one of four ways. Text of a 64-bit integer is eight bytes in the entry's
 * slot; a value that fits beside its key within one small block stands there; any other has a block
 * of its own. Overwriting a value by one of the same size touches one block and allocates nothing.
 * What is edited in place (APPEND, SETRANGE) has a block of its own, too, with room for more:
 *
 * ```
 *   SET k Hello      │ header │ k │ Hello │
 *   APPEND k ", "    │ header │ slot ─▶ 7 │ k │      │ Hello, ·· │   room for a quarter more
 *   APPEND k "you!"  │ header │ slot ─▶ 11│ k │      │ Hello, you! ··· │
 * ```
 *
 * Room is added in proportion to the length, so that the copies that growth takes add up to a few
 * for each byte, however short the pieces are.
 *
 * Every write tells of itself (changes.ts), and fails, for a lack of memory, before it has changed
 * anything.
 */

import { type Arena, MAX_BLOCK_BYTES, type Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { type ByteView, emptyView } from "../../structures/bytes/byte_view.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import {
  mayBeInteger,
  parseInt64,
  parseInteger,
  writeBigInteger,
  writeInteger,
} from "../../structures/numbers/decimal.ts";
import { INT64_MAX, INT64_MIN, MAX_INT64_TEXT } from "../../structures/numbers/int64.ts";
import type { Changes } from "./changes.ts";
import type { Caller } from "./caller.ts";
import type { Database } from "./database.ts";
import { type Entries, fitsInline, kindOf, StringEncoding, Type } from "./entry.ts";
import * as entryLayout from "./entry_layout.ts";
import type { Key } from "./key.ts";
import { EXPIRE, type KeyEvent } from "./key_event.ts";
import { NOT_AN_INTEGER, SUM_OVERFLOW } from "./refusals.ts";
import type { Store } from "./store.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD_BIT, KIND_MASK, META_WORD, SLOT_WORD } = entryLayout;

/** Type and encoding of an integer. */
const INTEGER_KIND = kindOf(Type.String, StringEncoding.Integer);

/** What OBJECT ENCODING calls a value of up to this length `embstr`, above it `raw`. */
const EMBSTR_MAX_LENGTH = 44;

/** What grows gets room for its length divided by this beyond it. */
const ROOM_DIVISOR = 4;

/** As the expiry of a value that is written: it lives forever. */
export const NO_EXPIRY = -1;
/** As the expiry of a value that is written: the key keeps what it has. */
export const KEEP_EXPIRY = -2;

export class Strings {
  readonly #arena: Arena;
  readonly #entries: Entries;
  readonly #changes: Changes;
  readonly #view = emptyView();
  readonly #digits = withView(new Uint8Array(MAX_INT64_TEXT));
  readonly #integer = new DataView(new ArrayBuffer(8));

  constructor({ arena, changes, entries }: Store) {
    this.#arena = arena;
    this.#entries = entries;
    this.#changes = changes;
  }

  /**
   * The string of the key in argument `i`, counted as a hit or miss; undefined where the key is
   * missing. The same view at every call, valid until the next or a change. O(1).
   *
   * @throws {Refusal} WRONGTYPE
   */
  read(call: Caller, i: number): ByteView | undefined {
    const entry = call.db.readOf(call.key(i), Type.String);
    return entry === NONE ? undefined : this.view(entry);
  }

  /** The string of an entry, in the view of {@linkcode Strings.read}. O(1). */
  view(entry: Ref): ByteView {
    const entries = this.#entries;
    const view = this.#view;
    if (entries.isInline(entry)) {
      view.bytes = entries.bytes(entry);
      view.start = entries.inlineStart(entry);
      view.length = entries.inlineLength(entry);
    } else if (entries.encoding(entry) === StringEncoding.Integer) {
      view.bytes = this.#digits;
      view.start = 0;
      view.length = this.#writeDigits(entry);
    } else {
      const block = entries.slot(entry, 0);
      view.bytes = this.#arena.bytes[block >>> SEGMENT_SHIFT];
      view.start = (block & SEGMENT_MASK) << 3;
      view.length = entries.slot(entry, 1);
    }
    return view;
  }

  /**
   * Makes the key in argument `i` hold the string `bytes[start, start + length)` forever, whatever it
   * held before, as SET does. O(length), and O(log n) where it had an expiry.
   *
   * @param event what it is called
   * @throws {ArenaFullError} nothing has changed
   */
  set(
    call: Caller,
    i: number,
    bytes: Uint8Array,
    start: number,
    length: number,
    event: KeyEvent,
  ): void {
    const { db } = call;
    const key = call.key(i);
    const entry = db.change(key);
    db.clearExpiry(this.place(db, entry, key, bytes, start, length, false));
    if (this.#changes.count(1)) this.#changes.written(db.index, key, entry === NONE, event);
  }

  /**
   * As {@linkcode Strings.set}, where the key has been looked up, and with an expiry, of which EXPIRE
   * is told behind the event.
   *
   * @param entry what `Database.change` found
   * @param expiry when the key expires, in milliseconds since 1970; or NO_EXPIRY or KEEP_EXPIRY
   */
  write(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
    expiry: number | bigint,
    event: KeyEvent,
  ): void {
    const expires = expiry !== NO_EXPIRY && expiry !== KEEP_EXPIRY;
    if (expires) db.reserveExpiry(entry);
    const target = this.place(db, entry, key, bytes, start, length, expires);
    this.#settle(db, target, expiry, expires);
    if (this.#changes.count(1)) this.#tell(db, key, entry === NONE, event, expires);
  }

  /**
   * Makes the key in argument `i` hold an integer of at most 64 bits; otherwise as
   * {@linkcode Strings.write}. O(1), and O(log n) for an expiry.
   */
  setInteger(
    call: Caller,
    i: number,
    value: number | bigint,
    expiry: number | bigint,
    event: KeyEvent,
  ): void {
    const { db } = call;
    const key = call.key(i);
    const entry = db.change(key);
    const expires = expiry !== NO_EXPIRY && expiry !== KEEP_EXPIRY;
    if (expires) db.reserveExpiry(entry);
    this.#settle(db, this.#placeInteger(db, entry, key, value, expires), expiry, expires);
    if (this.#changes.count(1)) this.#tell(db, key, entry === NONE, event, expires);
  }

  /**
   * As {@linkcode Strings.write} with KEEP_EXPIRY, where the text of an integer is held as a text, which
   * is how Redis holds sums that may have a fraction.
   */
  writeText(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
    event: KeyEvent,
  ): void {
    this.placeText(db, entry, key, bytes, start, length, false);
    if (this.#changes.count(1)) this.#tell(db, key, entry === NONE, event, false);
  }

  /** Gives a written entry its expiry, for which there is room. */
  #settle(db: Database, entry: Ref, expiry: number | bigint, expires: boolean): void {
    if (expires) db.assignExpiry(entry, expiry);
    else if (expiry === NO_EXPIRY) db.clearExpiry(entry);
  }

  #tell(db: Database, key: Key, isNew: boolean, event: KeyEvent, expires: boolean): void {
    this.#changes.written(db.index, key, isNew, event);
    if (expires) this.#changes.happened(db.index, key, EXPIRE);
  }

  /** Puts a string where it belongs, untold. @returns the key's entry, new or perhaps moved */
  place(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
    needsTtlWord: boolean,
  ): Ref {
    if (mayBeInteger(bytes, start, length)) {
      const value = parseInteger(bytes, start, length);
      if (value !== undefined) return this.#placeInteger(db, entry, key, value, needsTtlWord);
    }
    return this.placeText(db, entry, key, bytes, start, length, needsTtlWord);
  }

  /** As {@linkcode Strings.place}, where the text of an integer is a text, too. */
  placeText(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
    needsTtlWord: boolean,
  ): Ref {
    const entries = this.#entries;
    if (
      entry !== NONE && entries.isInline(entry) && entries.inlineLength(entry) === length &&
      (!needsTtlWord || entries.hasTtlWord(entry))
    ) {
      copyBytes(entries.bytes(entry), entries.inlineStart(entry), bytes, start, length);
      return entry;
    }
    if (!fitsInline(key.length, length)) {
      return this.#placeBlock(db, entry, key, bytes, start, length, needsTtlWord);
    }
    const target = entry === NONE
      ? db.insert(key, Type.String, StringEncoding.Inline, true, length, needsTtlWord)
      : db.reshape(entry, Type.String, StringEncoding.Inline, true, length, needsTtlWord);
    copyBytes(entries.bytes(target), entries.inlineStart(target), bytes, start, length);
    return target;
  }

  #placeInteger(
    db: Database,
    entry: Ref,
    key: Key,
    value: number | bigint,
    needsTtlWord: boolean,
  ): Ref {
    const stays = entry !== NONE && this.#isInteger(entry) &&
      (!needsTtlWord || this.#entries.hasTtlWord(entry));
    const target = stays
      ? entry
      : this.#slotted(db, entry, key, StringEncoding.Integer, needsTtlWord);
    this.#setInteger(target, value);
    return target;
  }

  #isInteger(entry: Ref): boolean {
    return (this.#arena.word(entry, META_WORD) & KIND_MASK) === INTEGER_KIND;
  }

  #setInteger(entry: Ref, value: number | bigint): void {
    if (typeof value === "number") {
      this.#entries.setSlot(entry, 0, value | 0);
      this.#entries.setSlot(entry, 1, Math.floor(value / 2 ** 32) | 0);
    } else {
      this.#integer.setBigInt64(0, value);
      this.#entries.setSlot(entry, 0, this.#integer.getInt32(4));
      this.#entries.setSlot(entry, 1, this.#integer.getInt32(0));
    }
  }

  #placeBlock(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
    needsTtlWord: boolean,
  ): Ref {
    const arena = this.#arena;
    const block = arena.allocate(length);
    const target = this.#slottedFor(block, db, entry, key, StringEncoding.Block, needsTtlWord);
    copyBytes(
      arena.bytes[block >>> SEGMENT_SHIFT],
      (block & SEGMENT_MASK) << 3,
      bytes,
      start,
      length,
    );
    this.#entries.setSlot(target, 1, length);
    return target;
  }

  /** The key's entry, with a new block in its slot, which is freed where there is no entry to be had. */
  #slottedFor(
    block: Ref,
    db: Database,
    entry: Ref,
    key: Key,
    encoding: number,
    needsTtlWord: boolean,
  ): Ref {
    let target: Ref;
    try {
      target = this.#slotted(db, entry, key, encoding, needsTtlWord);
    } catch (error) {
      this.#arena.free(block);
      throw error;
    }
    this.#entries.setSlot(target, 0, block);
    return target;
  }

  /** The key's entry, new or reshaped, as a string with a slot for the caller to fill. */
  #slotted(db: Database, entry: Ref, key: Key, encoding: number, needsTtlWord: boolean): Ref {
    if (entry === NONE) return db.insert(key, Type.String, encoding, false, 0, needsTtlWord);
    return db.reshape(entry, Type.String, encoding, false, 0, needsTtlWord);
  }

  /** Length in bytes of the string of an entry. O(1). */
  length(entry: Ref): number {
    const entries = this.#entries;
    if (entries.isInline(entry)) return entries.inlineLength(entry);
    if (entries.encoding(entry) !== StringEncoding.Integer) return entries.slot(entry, 1);
    return this.#writeDigits(entry);
  }

  /**
   * Writes `bytes[start, start + length)` into the string of an entry from its byte `at` on; where
   * `at` is behind its end, zeros fill the gap. Its expiry stays, and so does the text of an integer a
   * text. Amortized O(length + gap); O(n) where it is the first such edit, or the room is used up.
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
    const oldLength = entry === NONE ? 0 : this.length(entry);
    const newLength = Math.max(oldLength, at + length);
    const hasRoom = entry !== NONE && entries.encoding(entry) === StringEncoding.Growing &&
      newLength <= arena.capacity(entries.slot(entry, 0));
    const target = hasRoom ? entry : this.#regrow(db, entry, key, oldLength, newLength);
    const block = entries.slot(target, 0);
    const content = arena.bytes[block >>> SEGMENT_SHIFT];
    const contentAt = (block & SEGMENT_MASK) << 3;
    if (at > oldLength) content.fill(0, contentAt + oldLength, contentAt + at);
    copyBytes(content, contentAt + at, bytes, start, length);
    entries.setSlot(target, 1, newLength);
    if (this.#changes.count(1)) this.#changes.written(db.index, key, entry === NONE, event);
    return newLength;
  }

  /** Moves a string to a growing block for `newLength` bytes. @returns the key's entry */
  #regrow(db: Database, entry: Ref, key: Key, oldLength: number, newLength: number): Ref {
    const arena = this.#arena;
    const entries = this.#entries;
    const grows = oldLength !== 0 && newLength > oldLength;
    const room = grows ? Math.floor(newLength / ROOM_DIVISOR) : 0;
    // A string may be as long as a block can be, and then has no room.
    const block = arena.allocate(Math.max(newLength, Math.min(newLength + room, MAX_BLOCK_BYTES)));
    if (oldLength !== 0) {
      const { bytes, start } = this.view(entry);
      const target = arena.bytes[block >>> SEGMENT_SHIFT];
      copyBytes(target, (block & SEGMENT_MASK) << 3, bytes, start, oldLength);
    }
    if (entry !== NONE && entries.encoding(entry) === StringEncoding.Growing) {
      arena.free(entries.slot(entry, 0));
      entries.setSlot(entry, 0, block);
      return entry;
    }
    return this.#slottedFor(block, db, entry, key, StringEncoding.Growing, false);
  }

  /** Prints an integer into the digits. @returns their number */
  #writeDigits(entry: Ref): number {
    const value = this.#safeInteger(entry);
    if (Number.isSafeInteger(value)) return writeInteger(this.#digits, 0, value);
    return writeBigInteger(this.#digits, 0, this.#int64(entry));
  }

  #int64(entry: Ref): bigint {
    this.#integer.setInt32(4, this.#entries.slot(entry, 0));
    this.#integer.setInt32(0, this.#entries.slot(entry, 1));
    return this.#integer.getBigInt64(0);
  }

  /**
   * Adds to the integer that the key in argument `i` holds, 0 where it is missing. Its expiry stays.
   * O(1).
   *
   * @param event what it is called
   * @returns the sum, a number where that is exact
   * @throws {Refusal} where the value is no integer, or the sum has more than 64 bits
   */
  increment(call: Caller, i: number, delta: number | bigint, event: KeyEvent): number | bigint {
    const { db } = call;
    const key = call.key(i);
    const entry = db.changeOf(key, Type.String);
    if (entry !== NONE && typeof delta === "number") {
      const words = this.#arena.words[entry >>> SEGMENT_SHIFT];
      const at = (entry & SEGMENT_MASK) << 1;
      const meta = words[at + META_WORD];
      const slot = at + SLOT_WORD + (meta >>> HAS_TTL_WORD_BIT & 1);
      const value = words[slot];
      const sum = value + delta;
      // Most counters have 32 bits, before and after: no double is made for them.
      if (
        (meta & KIND_MASK) === INTEGER_KIND && words[slot + 1] === value >> 31 && sum === (sum | 0)
      ) {
        words[slot] = sum;
        words[slot + 1] = sum >> 31;
        if (this.#changes.count(1)) this.#changes.written(db.index, key, false, event);
        return sum;
      }
    }
    return this.#addWide(db, entry, key, delta, event);
  }

  /** Adds where a value is to be made, or does not have 32 bits. */
  #addWide(
    db: Database,
    entry: Ref,
    key: Key,
    delta: number | bigint,
    event: KeyEvent,
  ): number | bigint {
    const sum = this.#sum(entry, delta);
    this.#placeInteger(db, entry, key, sum, false);
    if (this.#changes.count(1)) this.#changes.written(db.index, key, entry === NONE, event);
    return sum;
  }

  /** The sum as a number where operands and result are safe, else as a bigint. */
  #sum(entry: Ref, delta: number | bigint): number | bigint {
    if (typeof delta === "number") {
      const value = entry === NONE ? 0 : this.#safeInteger(entry);
      const sum = value + delta;
      if (Number.isSafeInteger(value) && Number.isSafeInteger(sum)) return sum;
    }
    const sum = (entry === NONE ? 0n : this.#bigInteger(entry)) + BigInt(delta);
    if (sum < INT64_MIN || sum > INT64_MAX) throw SUM_OVERFLOW;
    return sum;
  }

  /**
   * The integer that the string of an entry stands for, a number where that is exact. O(1).
   *
   * @throws {Refusal} where it stands for none
   */
  integer(entry: Ref): number | bigint {
    const value = this.#safeInteger(entry);
    return Number.isSafeInteger(value) ? value : this.#bigInteger(entry);
  }

  /** The entry's integer, NaN or unsafe where only a bigint can tell. */
  #safeInteger(entry: Ref): number {
    const entries = this.#entries;
    if (entries.encoding(entry) !== StringEncoding.Integer) return NaN;
    return entries.slot(entry, 1) * 2 ** 32 + (entries.slot(entry, 0) >>> 0);
  }

  #bigInteger(entry: Ref): bigint {
    const entries = this.#entries;
    if (entries.encoding(entry) === StringEncoding.Integer) return this.#int64(entry);
    const { bytes, start, length } = this.view(entry);
    const value = parseInt64(bytes, start, length);
    if (value === undefined) throw NOT_AN_INTEGER;
    return value;
  }

  /** What OBJECT ENCODING calls the way the string is held, which follows Redis's by its length. */
  encodingName(entry: Ref): "int" | "embstr" | "raw" {
    const encoding = this.#entries.encoding(entry);
    if (encoding === StringEncoding.Integer) return "int";
    if (encoding === StringEncoding.Growing) return "raw";
    return this.length(entry) <= EMBSTR_MAX_LENGTH ? "embstr" : "raw";
  }
}
