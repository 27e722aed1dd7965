/**
 * What values in Redis's RDB format are made of, written to whatever takes bytes: a dump in memory,
 * a file, a replica's link. Nothing here knows of keys.
 *
 * ```
 * length       00xxxxxx │ 01xxxxxx x8 │ 10000000 x32 │ 10000001 x64   most significant byte first
 * string       length, bytes
 *   integer    11000000 x8 │ 11000001 x16 │ 11000010 x32              least significant byte first
 *   compressed 11000011, compressed length, length, LZF
 * double       64 bits, least significant byte first
 * ```
 *
 * A text that is an integer of 32 bits is written as one; another of more than 20 bytes compressed,
 * where that is wanted and saves anything.
 */

import {
  parseSafeInteger,
  writeBigInteger,
  writeInteger,
} from "../../../structures/numbers/decimal.ts";
import { MAX_INT64_TEXT } from "../../../structures/numbers/int64.ts";
import { compressLzf } from "../../../structures/lzf.ts";
import {
  COMPRESSED,
  INTEGER_16,
  INTEGER_32,
  INTEGER_8,
  LENGTH_14,
  LENGTH_32,
  LENGTH_64,
} from "./rdb_format.ts";

/** Takes bytes, one after the other. They are not kept: the same array may be written anew. */
export interface ByteSink {
  byte(value: number): void;
  bytes(bytes: Uint8Array, start: number, length: number): void;
}

/** Longest text that is tried as a 32-bit integer: that of -2147483648. */
const INT32_MAX_LENGTH = 11;
/** Shorter strings are not compressed. */
const MIN_COMPRESSED_BYTES = 21;
/** A string is compressed where that saves as many bytes. */
const MIN_SAVED_BYTES = 4;
/** Longest string that is compressed: as long as liblzf's offsets are. */
const MAX_COMPRESSED_BYTES = 2 ** 30;
/** Memory for compressed bytes above this is given back. */
const KEPT_BYTES = 256 * 1024;

const TWO_32 = 2 ** 32;
const NO_BYTES = new Uint8Array(0);

/** See the top of the file. One serves any number of values. */
export class RdbWriter {
  /** Whether strings are compressed (`rdbcompression`). */
  compresses: boolean;
  readonly #sink: ByteSink;
  /** Numbers on their way to the sink. */
  readonly #scratch = new Uint8Array(MAX_INT64_TEXT);
  readonly #view = new DataView(this.#scratch.buffer);
  /** Compressed strings on their way there. */
  #compressed: Uint8Array = NO_BYTES;

  constructor(sink: ByteSink, compresses: boolean) {
    this.#sink = sink;
    this.compresses = compresses;
  }

  /** A byte, such as a type. */
  byte(value: number): void {
    this.#sink.byte(value);
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array, start: number, length: number): void {
    this.#sink.bytes(bytes, start, length);
  }

  /** A length or a number of things, a safe integer. */
  length(length: number): void {
    const sink = this.#sink;
    if (length < 2 ** 6) return sink.byte(length);
    if (length < 2 ** 14) {
      sink.byte(LENGTH_14 | length >> 8);
      return sink.byte(length & 0xff);
    }
    const isWide = length >= TWO_32;
    sink.byte(isWide ? LENGTH_64 : LENGTH_32);
    const bytes = isWide ? 8 : 4;
    if (isWide) this.#view.setBigUint64(0, BigInt(length));
    else this.#view.setUint32(0, length);
    sink.bytes(this.#scratch, 0, bytes);
  }

  double(value: number): void {
    this.#view.setFloat64(0, value, true);
    this.#sink.bytes(this.#scratch, 0, 8);
  }

  /** Milliseconds since 1970, as an integer of 64 bits. */
  milliseconds(ms: number): void {
    this.#view.setBigUint64(0, BigInt(ms), true);
    this.#sink.bytes(this.#scratch, 0, 8);
  }

  /** A text, which may be an integer's, compressed where that is wanted. O(length). */
  text(bytes: Uint8Array, start: number, length: number): void {
    if (length <= INT32_MAX_LENGTH) {
      const value = parseSafeInteger(bytes, start, length);
      if (value === (value | 0)) return this.#int32(value);
    }
    if (
      this.compresses && length >= MIN_COMPRESSED_BYTES && length <= MAX_COMPRESSED_BYTES &&
      this.#compress(bytes, start, length)
    ) return;
    this.#string(bytes, start, length);
  }

  /** The text of an integer of 64 bits, given as two halves. O(1). */
  integer(low: number, high: number): void {
    if (high === low >> 31) return this.#int32(low);
    const value = high * TWO_32 + (low >>> 0);
    const length = Number.isSafeInteger(value)
      ? writeInteger(this.#scratch, 0, value)
      : writeBigInteger(this.#scratch, 0, BigInt(high) << 32n | BigInt(low >>> 0));
    this.#string(this.#scratch, 0, length);
  }

  #string(bytes: Uint8Array, start: number, length: number): void {
    this.length(length);
    this.#sink.bytes(bytes, start, length);
  }

  /** Writes a string compressed, if that saves enough. */
  #compress(bytes: Uint8Array, start: number, length: number): boolean {
    const most = length - MIN_SAVED_BYTES;
    if (this.#compressed.length < length) this.#compressed = new Uint8Array(length);
    const compressed = compressLzf(bytes, start, length, this.#compressed, 0, most);
    if (compressed > 0) {
      this.#sink.byte(COMPRESSED);
      this.length(compressed);
      this.length(length);
      this.#sink.bytes(this.#compressed, 0, compressed);
    }
    if (this.#compressed.length > KEPT_BYTES) this.#compressed = NO_BYTES;
    return compressed > 0;
  }

  #int32(value: number): void {
    const sink = this.#sink;
    const bytes = value === value << 24 >> 24 ? 1 : value === value << 16 >> 16 ? 2 : 4;
    sink.byte(bytes === 1 ? INTEGER_8 : bytes === 2 ? INTEGER_16 : INTEGER_32);
    for (let i = 0; i < bytes; i++) sink.byte(value >> i * 8 & 0xff);
  }
}
