/**
 * One entry of a listpack, as bytes: the format that Redis documents, in which RDB files and
 * replication carry small collections.
 *
 * ```
 * entry    ┌──────────────────┬────────────────┬────────────────────────────┐
 *          │ encoding (1 to 5)│ data (0 to n)  │ backlen (1 to 5)           │
 *          └──────────────────┴────────────────┴────────────────────────────┘
 *          └──────────────── body ─────────────┘ length of the body
 *
 * 0vvvvvvv                    0 to 127             10llllll            string of up to 63 bytes
 * 110vvvvv v8                 13 bits, signed      1110llll l8         string of up to 4,095
 * 11110001 v16                16 bits, signed      11110000 l32        string of up to 4 GiB
 * 11110010 v24                24 bits, signed
 * 11110011 v32                32 bits, signed      11111111            end of the listpack
 * 11110100 v64                64 bits, signed      (other first bytes have no meaning)
 * ```
 *
 * The wider numbers are little-endian, those of 12 and 13 bits big-endian. The backlen is read
 * backwards from its last byte, seven bits a byte, the lowest first, and bit 7 says that another
 * byte follows to the left: so a reader can walk in either direction.
 *
 * A string that is the canonical text of a signed 64-bit integer is stored as that integer; the
 * text comes back the same.
 */

import { ArenaFullError } from "../arena/arena.ts";
import { copyBytes } from "../bytes/copy_bytes.ts";
import { mayBeInteger, parseInt64, parseSafeInteger } from "../numbers/decimal.ts";

/** Bytes before the first entry: total bytes (u32) and number of entries (u16). */
export const HEADER_BYTES = 6;
/** The byte behind the last entry. */
export const END = 0xff;
/** The header's number of entries where it cannot say it. */
export const COUNT_UNKNOWN = 65_535;
/** Bound on a listpack's size, its header and end included. */
export const MAX_LISTPACK_BYTES = 2 ** 30;
/** Longest text of an entry, so that a block of the arena can hold it; a listpack holds less. */
export const MAX_ENTRY_TEXT = 2 ** 31 - 2 ** 18;

const STRING_32 = 0xf0;
const INTEGER_16 = 0xf1;
const INTEGER_24 = 0xf2;
const INTEGER_32 = 0xf3;
const INTEGER_64 = 0xf4;
const TWO_32 = 2 ** 32;
const NO_BYTES = new Uint8Array(0);

/** Bytes of an entry without its backlen; 0 where no entry begins with the byte at `at`. */
export function bodyBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  if (first < 0xc0) return 1 + (first & 0x3f);
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 2 + ((first & 0x0f) << 8 | bytes[at + 1]);
  switch (first) {
    case STRING_32:
      return 5 + readUint32(bytes, at + 1);
    case INTEGER_16:
      return 3;
    case INTEGER_24:
      return 4;
    case INTEGER_32:
      return 5;
    case INTEGER_64:
      return 9;
  }
  return 0;
}

/** Bytes that the backlen of a body takes. The bounds are Redis's, one short of seven-bit steps. */
export function backlenBytes(body: number): number {
  if (body <= 127) return 1;
  if (body < 16_383) return 2;
  if (body < 2_097_151) return 3;
  return body < 268_435_455 ? 4 : 5;
}

function stringBodyBytes(length: number): number {
  return (length < 64 ? 1 : length < 4096 ? 2 : 5) + length;
}

/** Reads the backlen whose last byte is at `last`: the length of the body to its left. */
export function readBacklen(bytes: Uint8Array, last: number): number {
  let body = bytes[last] & 0x7f;
  let unit = 128;
  for (let at = last; (bytes[at] & 0x80) !== 0 && last - at < 4;) {
    at--;
    body += (bytes[at] & 0x7f) * unit;
    unit *= 128;
  }
  return body;
}

function writeBacklen(bytes: Uint8Array, at: number, body: number): number {
  if (body <= 127) {
    bytes[at] = body;
    return at + 1;
  }
  const length = backlenBytes(body);
  let rest = body;
  for (let i = length - 1; i >= 0; i--) {
    bytes[at + i] = i === 0 ? rest : (rest & 0x7f) | 0x80;
    rest = rest >>> 7;
  }
  return at + length;
}

/** Whether the entry is stored as an integer. */
export function isIntegerEntry(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at];
  return first < 0x80 || (first >= 0xc0 && first < 0xe0) || first > STRING_32;
}

/** Whether an integer entry may need more than 32 bits. */
export function isWideEntry(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === INTEGER_64;
}

/** Bytes between the start of a string's entry and its first byte. */
export function stringHeaderBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  return first < 0xc0 ? 1 : first < 0xf0 ? 2 : 5;
}

/** Whether the entry is stored as a string of this length, whatever is in it. */
export function isStringOf(bytes: Uint8Array, at: number, length: number): boolean {
  return !isIntegerEntry(bytes, at) &&
    bodyBytes(bytes, at) - stringHeaderBytes(bytes, at) === length;
}

/** An integer entry's value, rounded to a double where it is beyond 2^53. */
export function numberOfEntry(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return first;
  if (first < 0xe0) return ((first & 0x1f) << 8 | bytes[at + 1]) << 19 >> 19;
  if (first === INTEGER_16) return (bytes[at + 1] | bytes[at + 2] << 8) << 16 >> 16;
  if (first === INTEGER_24) {
    return (bytes[at + 1] | bytes[at + 2] << 8 | bytes[at + 3] << 16) << 8 >> 8;
  }
  if (first === INTEGER_32) return readUint32(bytes, at + 1) | 0;
  return (readUint32(bytes, at + 5) | 0) * TWO_32 + readUint32(bytes, at + 1);
}

/** An integer entry's exact value: a bigint only where no double can hold it. */
export function integerOfEntry(bytes: Uint8Array, at: number): number | bigint {
  const value = numberOfEntry(bytes, at);
  if (Number.isSafeInteger(value)) return value;
  const high = BigInt(readUint32(bytes, at + 5) | 0);
  return high << 32n | BigInt(readUint32(bytes, at + 1));
}

/** A little-endian number of 32 bits, unsigned. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0;
}

/** Writes the low 32 bits of a number, little-endian. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/**
 * An entry to be written. Room has to be made for an entry before it is written, so its encoding is
 * chosen first and kept here; the object is reused and allocates nothing, integers between 2^53 and
 * 2^63 excepted.
 */
export class EntryDraft {
  /** Bytes that the entry takes, its backlen included. */
  byteLength = 0;
  /** Whether it is an integer; then {@linkcode low} and {@linkcode high} are its 64 bits. */
  isInteger = false;
  low = 0;
  high = 0;
  #body = 0;
  #bytes: Uint8Array = NO_BYTES;
  #start = 0;
  #length = 0;

  /**
   * Drafts an entry from text, whose bytes are read again by {@linkcode write}.
   *
   * @throws {ArenaFullError} when no block can hold it
   */
  setText(bytes: Uint8Array, start: number, length: number): void {
    if (length > MAX_ENTRY_TEXT) throw tooLong(length);
    if (this.setNeedle(bytes, start, length)) return;
    this.#bytes = bytes;
    this.#start = start;
    this.#length = length;
    this.#setBody(stringBodyBytes(length));
  }

  /** Finds out only whether text is an integer, and which: for {@linkcode hasValueOf}. */
  setNeedle(bytes: Uint8Array, start: number, length: number): boolean {
    this.isInteger = mayBeInteger(bytes, start, length) && this.#setParsed(bytes, start, length);
    return this.isInteger;
  }

  /** Drafts the integer that the text spells, if it spells one. */
  #setParsed(bytes: Uint8Array, start: number, length: number): boolean {
    const value = parseSafeInteger(bytes, start, length);
    if (!Number.isNaN(value)) {
      this.setInteger(value);
      return true;
    }
    const wide = length < 16 ? undefined : parseInt64(bytes, start, length);
    if (wide === undefined) return false;
    this.#setWide(wide);
    return true;
  }

  /** Drafts an entry from an integer within ±2^62. */
  setInteger(value: number): void {
    this.isInteger = true;
    this.low = value | 0;
    this.high = Math.floor(value / TWO_32);
    if (value >= -4096 && value <= 4095) this.#setBody(value >= 0 && value <= 127 ? 1 : 2);
    else if (value >= -32_768 && value <= 32_767) this.#setBody(3);
    else if (value >= -8_388_608 && value <= 8_388_607) this.#setBody(4);
    else this.#setBody(value === this.low ? 5 : 9);
  }

  #setWide(value: bigint): void {
    this.low = Number(BigInt.asIntN(32, value));
    this.high = Number(value >> 32n);
    this.#setBody(9);
  }

  #setBody(body: number): void {
    this.#body = body;
    this.byteLength = body + backlenBytes(body);
  }

  /** Whether the integer entry at `at` has the draft's value. */
  hasValueOf(bytes: Uint8Array, at: number): boolean {
    if (bytes[at] !== INTEGER_64) {
      return this.#body !== 9 && numberOfEntry(bytes, at) === this.low;
    }
    return (readUint32(bytes, at + 1) | 0) === this.low &&
      (readUint32(bytes, at + 5) | 0) === this.high;
  }

  /** Writes the entry, once, and returns the index behind it. */
  write(target: Uint8Array, at: number): number {
    const body = this.#body;
    if (this.isInteger) this.#writeInteger(target, at);
    else this.#writeString(target, at);
    return writeBacklen(target, at + body, body);
  }

  #writeInteger(target: Uint8Array, at: number): void {
    const low = this.low;
    switch (this.#body) {
      case 1:
        target[at] = low;
        break;
      case 2:
        target[at] = 0xc0 | (low >> 8 & 0x1f);
        target[at + 1] = low;
        break;
      case 3:
        target[at] = INTEGER_16;
        target[at + 1] = low;
        target[at + 2] = low >> 8;
        break;
      case 4:
        target[at] = INTEGER_24;
        target[at + 1] = low;
        target[at + 2] = low >> 8;
        target[at + 3] = low >> 16;
        break;
      case 5:
        target[at] = INTEGER_32;
        writeUint32(target, at + 1, low);
        break;
      default:
        target[at] = INTEGER_64;
        writeUint32(target, at + 1, low);
        writeUint32(target, at + 5, this.high);
    }
  }

  #writeString(target: Uint8Array, at: number): void {
    const length = this.#length;
    let to = at;
    if (length < 64) {
      target[to++] = 0x80 | length;
    } else if (length < 4096) {
      target[to++] = 0xe0 | length >> 8;
      target[to++] = length;
    } else {
      target[to++] = STRING_32;
      writeUint32(target, to, length);
      to += 4;
    }
    copyBytes(target, to, this.#bytes, this.#start, length);
    this.#bytes = NO_BYTES; // keeps no input buffer alive
  }
}

function tooLong(length: number): ArenaFullError {
  return new ArenaFullError(`an element of ${length} bytes is too long`);
}

/**
 * Checks bytes that come from outside, every entry of them, so that no walk over a listpack can
 * leave it. Encodings longer than needed are valid, as they are to Redis. O(n).
 *
 * @param available bytes that may be read from `start`
 * @returns what is wrong, or "" for a valid listpack
 */
export function listpackProblem(bytes: Uint8Array, start: number, available: number): string {
  if (available < HEADER_BYTES + 1) return "a listpack shorter than its header and end";
  const total = readUint32(bytes, start);
  if (total > available || total > MAX_LISTPACK_BYTES) return "a listpack longer than its bytes";
  if (total < HEADER_BYTES + 1) return "a listpack shorter than its header and end";
  const end = start + total - 1;
  if (bytes[end] !== END) return "a listpack without its end";
  let at = start + HEADER_BYTES;
  let count = 0;
  while (at < end) {
    const header = bytes[at] < 0xe0 ? 1 : bytes[at] === STRING_32 ? 5 : 2;
    if (at + header > end) return "an entry cut off in its encoding";
    const body = bodyBytes(bytes, at);
    if (body === 0) return "an entry of no known encoding";
    const backlen = backlenBytes(body);
    if (at + body + backlen > end) return "an entry that reaches over the end";
    const last = at + body + backlen - 1;
    let expected = body;
    for (let i = last; i > last - backlen; i--) {
      const low = i === last - backlen + 1 ? expected : expected & 0x7f | 0x80;
      if (bytes[i] !== low) return "an entry with a wrong backlen";
      expected = expected >>> 7;
    }
    at = last + 1;
    count++;
  }
  const stated = bytes[start + 4] | bytes[start + 5] << 8;
  if (stated !== COUNT_UNKNOWN && stated !== count) return "a listpack with a wrong count";
  return "";
}
