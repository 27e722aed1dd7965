/**
 * The keyspace entry: one block that is a hash-table node, a place in the TTL heap, the key, and,
 * where it is short, the value. One block is one cache miss.
 *
 * ```
 * word  0                         1                 2 …
 *      ┌─────────────────────────┬─────────────────┬───────┬──────┬───────┬─────┬───────┐
 *      │ clock 24 · flags · kind │ value16 · key16 │ [ttl] │[slot]│ [len] │ key │[value]│
 *      └─────────────────────────┴─────────────────┴───────┴──────┴───────┴─────┴───────┘
 *                                                   └ optional words ────┘ └ bytes ────┘
 * ```
 *
 * - The low byte of word 0 is `epoch 1 · hasTtl 1 · encoding 3 · type 3`. The epoch bit belongs to
 *   snapshots and goes with the entry wherever it moves.
 * - `ttl` is the entry's position in the TTL heap (0: no expiry). An entry that never had an expiry
 *   has no such word: most keys never do, and four bytes a key are four megabytes a million keys.
 * - `slot`, two words, is there unless the value stands inline behind the key: a 64-bit integer, or
 *   a reference and a length; of a hash whose fields may expire, the reference and its position in the
 *   heap of such hashes (0: no field expires).
 * - `len` is the key's length where it does not fit the 16 bits of word 1.
 */

import type { Arena, Ref } from "../../structures/arena/arena.ts";
import * as arenaLayout from "../../structures/arena/arena_layout.ts";
import { MAY_EXPIRE } from "../../structures/field_map/field_map.ts";
import * as entryLayout from "./entry_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { SEGMENT_MASK, SEGMENT_SHIFT } = arenaLayout;
const {
  CLOCK_SHIFT,
  ENCODING_MASK,
  ENCODING_SHIFT,
  EPOCH,
  HAS_TTL_WORD,
  INLINE_MAX_BYTES,
  KIND_MASK,
  LENGTHS_WORD,
  LONG_KEY,
  META_WORD,
  SLOT_BYTES,
  SLOT_WORD,
  TTL_WORD,
  TYPE_MASK,
} = entryLayout;

/** Types of a value; index into {@linkcode TYPE_NAMES}. */
export const Type = { String: 0, List: 1, Set: 2, SortedSet: 3, Hash: 4, Stream: 5 } as const;
export type Type = typeof Type[keyof typeof Type];

/** What TYPE answers. */
export const TYPE_NAMES = ["string", "list", "set", "zset", "hash", "stream"] as const;

/**
 * How a string is held: behind its key, as an integer in the slot, in a block of its own, or in one
 * that may have room for more, as what has been appended to is.
 */
export const StringEncoding = { Inline: 0, Integer: 1, Block: 2, Growing: 3 } as const;

const LOW_BITS = (1 << CLOCK_SHIFT) - 1;

/** The bits of word 0 under {@linkcode KIND_MASK} for a type and encoding. */
export function kindOf(type: Type, encoding: number): number {
  return (encoding << ENCODING_SHIFT) | type;
}

const HEADER_BYTES = 8;

/** What is alike in the kinds of hashes whose fields may expire. */
const EXPIRING_HASH = kindOf(Type.Hash, MAY_EXPIRE);
const EXPIRING_HASH_MASK = TYPE_MASK | (MAY_EXPIRE << ENCODING_SHIFT);

/** Bytes of an entry with the given optional words, key and inline value. */
export function entryBytes(
  hasTtlWord: boolean,
  isInline: boolean,
  keyLength: number,
  inlineLength: number,
): number {
  return HEADER_BYTES + (hasTtlWord ? 4 : 0) + (keyLength >= LONG_KEY ? 4 : 0) +
    (isInline ? inlineLength : SLOT_BYTES) + keyLength;
}

/** Whether a string of `length` bytes stands behind a key of `keyLength` bytes. */
export function fitsInline(keyLength: number, length: number): boolean {
  return HEADER_BYTES + SLOT_BYTES + keyLength + length <= INLINE_MAX_BYTES;
}

/** Reads and writes entries of one arena. Every method is O(1) unless it says otherwise. */
export class Entries {
  constructor(readonly arena: Arena) {}

  /**
   * Writes words 0 and 1 (and `len`) of a fresh entry, without an expiry; slot and bytes are left to
   * do.
   *
   * @param epoch 0 or EPOCH
   */
  format(
    entry: Ref,
    type: Type,
    encoding: number,
    hasTtlWord: boolean,
    keyLength: number,
    inlineLength: number,
    clock: number,
    epoch: number,
  ): void {
    const words = this.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    words[at + META_WORD] = (clock << CLOCK_SHIFT) | epoch |
      (hasTtlWord ? HAS_TTL_WORD : 0) | (encoding << ENCODING_SHIFT) | type;
    if (hasTtlWord) words[at + TTL_WORD] = 0;
    if (keyLength < LONG_KEY) {
      words[at + LENGTHS_WORD] = (inlineLength << 16) | keyLength;
    } else {
      words[at + LENGTHS_WORD] = (inlineLength << 16) | LONG_KEY;
      words[at + longKeyWord(words[at + META_WORD])] = keyLength;
    }
  }

  type(entry: Ref): Type {
    return (this.arena.word(entry, META_WORD) & TYPE_MASK) as Type;
  }

  encoding(entry: Ref): number {
    return (this.arena.word(entry, META_WORD) & ENCODING_MASK) >> ENCODING_SHIFT;
  }

  /** The entry's snapshot epoch: 0 or EPOCH. */
  epoch(entry: Ref): number {
    return this.arena.word(entry, META_WORD) & EPOCH;
  }

  /** Whether the value stands behind the key, so that the entry has no slot. */
  isInline(entry: Ref): boolean {
    return (this.arena.word(entry, META_WORD) & KIND_MASK) === 0;
  }

  /** Whether the entry has a word for its place in the TTL heap. */
  hasTtlWord(entry: Ref): boolean {
    return (this.arena.word(entry, META_WORD) & HAS_TTL_WORD) !== 0;
  }

  /** Declares the TTL word, once the words behind it have made room. The entry has no expiry. */
  addTtlFlag(entry: Ref): void {
    this.arena.setWord(entry, META_WORD, this.arena.word(entry, META_WORD) | HAS_TTL_WORD);
    this.arena.setWord(entry, TTL_WORD, 0);
  }

  /** Whether the entry stands in the TTL heap. */
  hasExpiry(entry: Ref): boolean {
    const words = this.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    return (words[at + META_WORD] & HAS_TTL_WORD) !== 0 && words[at + TTL_WORD] !== 0;
  }

  /** Whether the entry is a hash that stands in the heap of those whose fields expire. */
  hasFieldExpiry(entry: Ref): boolean {
    const meta = this.arena.word(entry, META_WORD);
    return (meta & EXPIRING_HASH_MASK) === EXPIRING_HASH && this.slot(entry, 1) !== 0;
  }

  /** Seconds, modulo {@linkcode CLOCK_MODULUS}, at which the entry was last used. */
  clock(entry: Ref): number {
    return this.arena.word(entry, META_WORD) >>> CLOCK_SHIFT;
  }

  setClock(entry: Ref, clock: number): void {
    const words = this.arena.words[entry >>> SEGMENT_SHIFT];
    const at = ((entry & SEGMENT_MASK) << 1) + META_WORD;
    words[at] = (clock << CLOCK_SHIFT) | (words[at] & LOW_BITS);
  }

  keyLength(entry: Ref): number {
    const words = this.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const length = words[at + LENGTHS_WORD] & 0xffff;
    if (length !== LONG_KEY) return length;
    return words[at + longKeyWord(words[at + META_WORD])];
  }

  /** Byte of the entry's segment at which the key starts. */
  keyStart(entry: Ref): number {
    const words = this.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const meta = words[at + META_WORD];
    const optional = ((meta & HAS_TTL_WORD) !== 0 ? 4 : 0) +
      ((words[at + LENGTHS_WORD] & 0xffff) === LONG_KEY ? 4 : 0) +
      ((meta & KIND_MASK) === 0 ? 0 : SLOT_BYTES);
    return (at << 2) + HEADER_BYTES + optional;
  }

  /** The bytes that {@linkcode Entries.keyStart} and `inlineStart` index. */
  bytes(entry: Ref): Uint8Array {
    return this.arena.bytes[entry >>> SEGMENT_SHIFT];
  }

  /** Length of the value behind the key. */
  inlineLength(entry: Ref): number {
    return this.arena.word(entry, LENGTHS_WORD) >>> 16;
  }

  /** Byte of the entry's segment at which the value behind the key starts. */
  inlineStart(entry: Ref): number {
    const words = this.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    const keyLength = words[at + LENGTHS_WORD] & 0xffff;
    if (keyLength === LONG_KEY) return this.keyStart(entry) + this.keyLength(entry);
    const ttlBytes = (words[at + META_WORD] & HAS_TTL_WORD) !== 0 ? 4 : 0;
    return (at << 2) + HEADER_BYTES + ttlBytes + keyLength;
  }

  /** Word 0 or 1 of the slot. */
  slot(entry: Ref, index: 0 | 1): number {
    return this.arena.words[entry >>> SEGMENT_SHIFT][this.#slotAt(entry) + index];
  }

  setSlot(entry: Ref, index: 0 | 1, value: number): void {
    this.arena.words[entry >>> SEGMENT_SHIFT][this.#slotAt(entry) + index] = value;
  }

  #slotAt(entry: Ref): number {
    const words = this.arena.words[entry >>> SEGMENT_SHIFT];
    const at = (entry & SEGMENT_MASK) << 1;
    return at + ((words[at + META_WORD] & HAS_TTL_WORD) !== 0 ? SLOT_WORD + 1 : SLOT_WORD);
  }
}

/** Word of the length of a key that word 1 cannot hold. */
function longKeyWord(meta: number): number {
  return SLOT_WORD + ((meta & HAS_TTL_WORD) !== 0 ? 1 : 0) + ((meta & KIND_MASK) === 0 ? 0 : 2);
}
