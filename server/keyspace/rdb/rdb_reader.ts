/**
 * Reads what values in Redis's RDB format are made of (drawn in rdb_writer.ts) from bytes that may
 * have come in part:
 *
 * ```
 *   shown   ┌───────────┬──────────────────────────────┐ ┄ ┄ ┄ ┐
 *           │ read      │ to be read                   │  to come
 *           └───────────┴──────────────────────────────┘ ┄ ┄ ┄ ┘
 *           start       at                             end
 * ```
 *
 * Each read answers whether all of it is there, and leaves its place where it is if not: who gets
 * the bytes from a file or a link shows more, and reads again. Whoever has all of them takes that
 * for a fault.
 *
 * Nobody is believed: no memory is taken for what has not come, and a compressed string is measured
 * before there is any for it.
 */

import { type ByteView, emptyView } from "../../../structures/bytes/byte_view.ts";
import { decompressLzf } from "../../../structures/lzf.ts";
import { writeInteger } from "../../../structures/numbers/decimal.ts";
import { parseDouble } from "../../../structures/numbers/double_text.ts";
import { MAX_INT64_TEXT } from "../../../structures/numbers/int64.ts";
import * as format from "./rdb_format.ts";

const { COMPRESSED, ENCODED, INTEGER_16, INTEGER_32, INTEGER_8, LENGTH_14, LENGTH_32, LENGTH_64 } =
  format;

/** Bytes that cannot be a value, and why. */
export class RdbFormatError extends Error {
  override name = "RdbFormatError";
}

/** Longest string, whatever the settings say: 2 GiB less what an array cannot have. */
const MAX_STRING_BYTES = 2 ** 31 - 2 ** 18;
/** Memory for decompressed strings above this is given back. */
const KEPT_BYTES = 256 * 1024;
const NO_BYTES = new Uint8Array(0);

// Lengths of a double as text that are none.
const TEXT_NAN = 253;
const TEXT_INFINITY = 254;
const TEXT_NEGATIVE_INFINITY = 255;

/** See the top of the file. One serves any number of values. */
export class RdbReader {
  /** Where the next read begins. */
  at = 0;
  /** The length that was read last. */
  length = 0;
  /** The string that was read last; valid until the next read, and until more bytes are shown. */
  readonly text: ByteView = emptyView();
  /** The double that was read last. */
  double = 0;
  #bytes: Uint8Array = NO_BYTES;
  #end = 0;
  readonly #digits = new Uint8Array(MAX_INT64_TEXT);
  readonly #eight = new DataView(new ArrayBuffer(8));
  #decompressed: Uint8Array = NO_BYTES;

  /** Shows bytes to read from: those that were left, and what has come behind them. O(1). */
  show(bytes: Uint8Array, at: number, end: number): void {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  /** Lets go of the bytes, and of large memory. */
  release(): void {
    this.show(NO_BYTES, 0, 0);
    this.text.bytes = NO_BYTES;
    if (this.#decompressed.length > KEPT_BYTES) this.#decompressed = NO_BYTES;
  }

  /** Whether all that was shown has been read. */
  get isAtEnd(): boolean {
    return this.at === this.#end;
  }

  /** The next byte, or -1 where it has not come. */
  byte(): number {
    return this.at < this.#end ? this.#bytes[this.at++] : -1;
  }

  /** Reads a length or a number of things. O(1). @throws {RdbFormatError} */
  readLength(): boolean {
    const from = this.at;
    const first = this.byte();
    if (first >= ENCODED) throw new RdbFormatError("an encoding where a length has to be");
    if (first !== -1 && this.#readLengthFrom(first)) return true;
    this.at = from;
    return false;
  }

  #readLengthFrom(first: number): boolean {
    if (first < LENGTH_14) {
      this.length = first;
      return true;
    }
    const bytes = this.#bytes;
    const at = this.at;
    const left = this.#end - at;
    if (first < LENGTH_32) {
      if (left < 1) return false;
      this.length = (first & 0x3f) << 8 | bytes[at];
      this.at = at + 1;
      return true;
    }
    if (first !== LENGTH_32 && first !== LENGTH_64) {
      throw new RdbFormatError("a length of no known form");
    }
    const width = first === LENGTH_32 ? 4 : 8;
    if (left < width) return false;
    let length = 0;
    for (let i = 0; i < width; i++) length = length * 256 + bytes[at + i];
    if (!Number.isSafeInteger(length)) throw new RdbFormatError("a length beyond all bounds");
    this.length = length;
    this.at = at + width;
    return true;
  }

  /** Reads a string into `text`. O(length). @throws {RdbFormatError} */
  readString(): boolean {
    const from = this.at;
    const first = this.byte();
    if (first !== -1 && this.#readStringFrom(first)) return true;
    this.at = from;
    return false;
  }

  #readStringFrom(first: number): boolean {
    switch (first) {
      case INTEGER_8:
        return this.#readInteger(1);
      case INTEGER_16:
        return this.#readInteger(2);
      case INTEGER_32:
        return this.#readInteger(4);
      case COMPRESSED:
        return this.#readCompressed();
    }
    if (first >= ENCODED) throw new RdbFormatError("a string of no known encoding");
    if (!this.#readLengthFrom(first)) return false;
    const { length, text } = this;
    if (length > MAX_STRING_BYTES) throw new RdbFormatError("a string beyond all bounds");
    if (this.#end - this.at < length) return false;
    text.bytes = this.#bytes;
    text.start = this.at;
    text.length = length;
    this.at += length;
    return true;
  }

  #readInteger(width: number): boolean {
    const at = this.at;
    if (this.#end - at < width) return false;
    let value = 0;
    for (let i = 0; i < width; i++) value |= this.#bytes[at + i] << i * 8;
    const shift = 32 - width * 8;
    const { text } = this;
    text.bytes = this.#digits;
    text.start = 0;
    text.length = writeInteger(this.#digits, 0, value << shift >> shift);
    this.at = at + width;
    return true;
  }

  #readCompressed(): boolean {
    if (!this.readLength()) return false;
    const compressed = this.length;
    if (!this.readLength()) return false;
    const { length, text } = this;
    if (compressed > MAX_STRING_BYTES || length > MAX_STRING_BYTES) {
      throw new RdbFormatError("a compressed string beyond all bounds");
    }
    if (this.#end - this.at < compressed) return false;
    const bytes = this.#bytes;
    if (decompressedLength(bytes, this.at, compressed) !== length) {
      throw new RdbFormatError("a compressed string of another length than stated");
    }
    if (this.#decompressed.length < length) this.#decompressed = new Uint8Array(length);
    if (!decompressLzf(bytes, this.at, compressed, this.#decompressed, 0, length)) {
      throw new RdbFormatError("a compressed string that refers to before itself");
    }
    text.bytes = this.#decompressed;
    text.start = 0;
    text.length = length;
    this.at += compressed;
    return true;
  }

  /** Reads a double of 64 bits into `double`. O(1). */
  readDouble(): boolean {
    const at = this.at;
    if (this.#end - at < 8) return false;
    for (let i = 0; i < 8; i++) this.#eight.setUint8(i, this.#bytes[at + i]);
    this.double = this.#eight.getFloat64(0, true);
    this.at = at + 8;
    return true;
  }

  /** Reads milliseconds since 1970, 64 bits, into `length`. O(1). @throws {RdbFormatError} */
  readMilliseconds(): boolean {
    if (!this.readDouble()) return false;
    const ms = this.#eight.getBigUint64(0, true);
    if (ms > Number.MAX_SAFE_INTEGER) throw new RdbFormatError("a time beyond all bounds");
    this.length = Number(ms);
    return true;
  }

  /** Reads a double as text: a byte of length, or of what it is, first. @throws {RdbFormatError} */
  readTextDouble(): boolean {
    const from = this.at;
    const length = this.byte();
    if (length === -1) return false;
    if (length === TEXT_NAN) this.double = NaN;
    else if (length === TEXT_INFINITY) this.double = Infinity;
    else if (length === TEXT_NEGATIVE_INFINITY) this.double = -Infinity;
    else {
      if (this.#end - this.at < length) {
        this.at = from;
        return false;
      }
      this.double = parseDouble(this.#bytes, this.at, length);
      if (Number.isNaN(this.double)) throw new RdbFormatError("a double that is no number's text");
      this.at += length;
    }
    return true;
  }
}

/** The forms of LZF's instructions, as lzf.ts draws them: how many bytes each one makes. */
function decompressedLength(bytes: Uint8Array, start: number, length: number): number {
  const end = start + length;
  let total = 0;
  let at = start;
  while (at < end) {
    const head = bytes[at];
    if (head < 0x20) {
      total += head + 1;
      at += head + 2;
    } else if (head < 0xe0) {
      total += (head >> 5) + 2;
      at += 2;
    } else {
      total += bytes[at + 1] + 9;
      at += 3;
    }
  }
  return at === end ? total : -1;
}
