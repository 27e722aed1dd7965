/**
 * The words of a keyspace entry, shared by all code that reads one; drawn and explained in entry.ts.
 */

/** Word of type, encoding, flags and access clock. */
export const META_WORD = 0;
/** Word of the lengths of the key and of a value behind it, 16 bits each. */
export const LENGTHS_WORD = 1;
/** A key length that {@linkcode LENGTHS_WORD} cannot hold; it stands in a word of its own. */
export const LONG_KEY = 0xffff;
/** Word of an entry's position in the TTL heap, where it has one. */
export const TTL_WORD = 2;
/** Word at which the slot starts, one more in an entry that has a TTL word. */
export const SLOT_WORD = 2;
/** Bytes of the slot. */
export const SLOT_BYTES = 8;

// Word 0, from the low end.
export const TYPE_MASK = 0x7;
export const ENCODING_SHIFT = 3;
export const ENCODING_MASK = 0x7 << ENCODING_SHIFT;
/** Bit of word 0 that tells of a TTL word. */
export const HAS_TTL_WORD_BIT = 6;
export const HAS_TTL_WORD = 1 << HAS_TTL_WORD_BIT;
/** Bit of word 0 that tells which snapshot an entry was born after, or saved by. */
export const EPOCH = 1 << 7;
/** Bits of word 0 that hold type and encoding; 0 is a string behind its key. */
export const KIND_MASK = TYPE_MASK | ENCODING_MASK;
export const CLOCK_SHIFT = 8;
/** The access clock counts seconds, modulo this. */
export const CLOCK_MODULUS = 1 << 24;
/** Longest value that stands behind its key, in an entry of at most {@linkcode INLINE_MAX_BYTES}. */
export const INLINE_MAX_BYTES = 4096;
