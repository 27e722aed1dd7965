/**
 * String values: written, read and counted with.
 *
 * A value is held in one of three ways. Text of a 64-bit integer is eight bytes in the entry's
 * slot; a value that fits beside its key within one small block stands there; any other has a block
 * of its own. Overwriting a value by one of the same size touches one block and allocates nothing.
 */

import { Arena, type Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { withView } from "../../structures/bytes/bytes.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import {
  mayBeInteger,
  parseInt64,
  parseSafeInteger,
  writeBigInteger,
  writeInteger,
} from "../../structures/numbers/decimal.ts";
import { ErrorReply, NOT_AN_INTEGER } from "../../protocol/error_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import type { Database } from "./database.ts";
import { type Entries, fitsInline, kindOf, StringEncoding, Type } from "./entry.ts";
import * as entryLayout from "./entry_layout.ts";
import type { Key } from "./key.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { NONE, SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const { HAS_TTL_WORD_BIT, KIND_MASK, META_WORD, SLOT_WORD } = entryLayout;

/** Longest text of a 64-bit integer. */
const INTEGER_MAX_LENGTH = 20;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** Type and encoding of an integer. */
const INTEGER_KIND = kindOf(Type.String, StringEncoding.Integer);
const OVERFLOW = new ErrorReply("ERR increment or decrement would overflow");

/** What OBJECT ENCODING calls a value behind its key: up to this length `embstr`, then `raw`. */
const EMBSTR_MAX_LENGTH = 44;

export class Strings {
  readonly #arena: Arena;
  readonly #entries: Entries;
  readonly #digits = withView(new Uint8Array(INTEGER_MAX_LENGTH));
  readonly #integer = new DataView(new ArrayBuffer(8));

  constructor(entries: Entries) {
    this.#arena = entries.arena;
    this.#entries = entries;
  }

  /**
   * Makes a key hold the string `bytes[start, start + length)` and live forever, as SET without
   * options does. O(length), and O(log n) where it had an expiry.
   */
  set(db: Database, key: Key, bytes: Uint8Array, start: number, length: number): void {
    db.persist(this.write(db, db.find(key), key, bytes, start, length));
  }

  /**
   * Makes a key hold the string `bytes[start, start + length)`, whatever it held before. An expiry
   * stays; the caller takes it away where the command says so. O(length).
   *
   * @param entry the key's entry, or NONE
   * @returns the entry, which may have moved
   */
  write(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): Ref {
    if (mayBeInteger(bytes, start, length)) {
      const value = integerOf(bytes, start, length);
      if (value !== undefined) return this.writeInteger(db, entry, key, value);
    }
    const entries = this.#entries;
    if (entry !== NONE && entries.isInline(entry) && entries.inlineLength(entry) === length) {
      db.touch(entry);
      copyBytes(entries.bytes(entry), entries.inlineStart(entry), bytes, start, length);
      return entry;
    }
    if (fitsInline(key.length, length)) {
      return this.#writeInline(db, entry, key, bytes, start, length);
    }
    return this.#writeBlock(db, entry, key, bytes, start, length);
  }

  /** Makes a key hold an integer of at most 64 bits; otherwise as {@linkcode Strings.write}. */
  writeInteger(db: Database, entry: Ref, key: Key, value: number | bigint): Ref {
    let target = entry;
    if (entry !== NONE && this.#isInteger(entry)) db.touch(entry);
    else target = this.#slotted(db, entry, key, StringEncoding.Integer);
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

  #writeInline(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): Ref {
    const entries = this.#entries;
    const target = entry === NONE
      ? db.insert(key, Type.String, StringEncoding.Inline, true, length)
      : db.reshape(entry, Type.String, StringEncoding.Inline, true, length);
    copyBytes(entries.bytes(target), entries.inlineStart(target), bytes, start, length);
    return target;
  }

  #writeBlock(
    db: Database,
    entry: Ref,
    key: Key,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): Ref {
    const arena = this.#arena;
    const block = arena.allocate(length);
    let target: Ref;
    try {
      target = this.#slotted(db, entry, key, StringEncoding.Block);
    } catch (error) {
      arena.free(block);
      throw error;
    }
    copyBytes(
      arena.bytes[block >>> SEGMENT_SHIFT],
      (block & SEGMENT_MASK) << 3,
      bytes,
      start,
      length,
    );
    this.#entries.setSlot(target, 0, block);
    this.#entries.setSlot(target, 1, length);
    return target;
  }

  /** The key's entry, new or reshaped, as a string with a slot for the caller to fill. */
  #slotted(db: Database, entry: Ref, key: Key, encoding: number): Ref {
    if (entry === NONE) return db.insert(key, Type.String, encoding, false, 0);
    return db.reshape(entry, Type.String, encoding, false, 0);
  }

  /** Replies with the string of an entry. O(length). */
  reply(entry: Ref, reply: Reply): void {
    const entries = this.#entries;
    if (entries.isInline(entry)) {
      const start = entries.inlineStart(entry);
      reply.bulkBytes(entries.bytes(entry), start, entries.inlineLength(entry));
    } else if (entries.encoding(entry) === StringEncoding.Integer) {
      reply.bulkBytes(this.#digits, 0, this.#writeDigits(entry));
    } else {
      const block = entries.slot(entry, 0);
      reply.bulkBytes(
        this.#arena.bytes[block >>> SEGMENT_SHIFT],
        (block & SEGMENT_MASK) << 3,
        entries.slot(entry, 1),
      );
    }
  }

  /** Length in bytes of the string of an entry. O(1). */
  length(entry: Ref): number {
    const entries = this.#entries;
    if (entries.isInline(entry)) return entries.inlineLength(entry);
    if (entries.encoding(entry) === StringEncoding.Block) return entries.slot(entry, 1);
    return this.#writeDigits(entry);
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
   * Adds to the integer that a key holds (0 where it is missing) and replies with the sum. O(1).
   *
   * @throws {ErrorReply} where the value is no integer, or the sum has more than 64 bits
   */
  increment(db: Database, entry: Ref, key: Key, delta: number | bigint, reply: Reply): void {
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
        return reply.integer(sum);
      }
    }
    const sum = this.#sum(entry, delta);
    this.writeInteger(db, entry, key, sum);
    if (typeof sum === "number") reply.integer(sum);
    else reply.bigInteger(sum);
  }

  /** The sum as a number where operands and result are safe, else as a bigint. */
  #sum(entry: Ref, delta: number | bigint): number | bigint {
    if (typeof delta === "number") {
      const value = entry === NONE ? 0 : this.#safeInteger(entry);
      const sum = value + delta;
      if (Number.isSafeInteger(value) && Number.isSafeInteger(sum)) return sum;
    }
    const sum = (entry === NONE ? 0n : this.#bigInteger(entry)) + BigInt(delta);
    if (sum < INT64_MIN || sum > INT64_MAX) throw OVERFLOW;
    return sum;
  }

  /**
   * The integer that the string of an entry stands for, a number where that is exact. O(1).
   *
   * @throws {ErrorReply} where it stands for none
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
    if (!entries.isInline(entry)) throw NOT_AN_INTEGER;
    const value = parseInt64(
      entries.bytes(entry),
      entries.inlineStart(entry),
      entries.inlineLength(entry),
    );
    if (value === undefined) throw NOT_AN_INTEGER;
    return value;
  }

  /** What OBJECT ENCODING calls the way the string is held. */
  encodingName(entry: Ref): "int" | "embstr" | "raw" {
    const entries = this.#entries;
    if (entries.isInline(entry)) {
      return entries.inlineLength(entry) <= EMBSTR_MAX_LENGTH ? "embstr" : "raw";
    }
    return entries.encoding(entry) === StringEncoding.Integer ? "int" : "raw";
  }
}

/** The 64-bit integer that the text spells, a number where that is exact, or undefined. */
function integerOf(bytes: Uint8Array, start: number, length: number): number | bigint | undefined {
  const value = parseSafeInteger(bytes, start, length);
  return value === value ? value : parseInt64(bytes, start, length);
}
