/**
 * Replies in RESP2 and RESP3, the two dialects of Redis's protocol. Every value is a type byte, a
 * line, and for strings the bytes and another line break:
 *
 * ```
 * :42\r\n      $5\r\nhello\r\n      *2\r\n …value… …value…
 * ```
 *
 * The dialects differ in the spelling of the types that RESP2 lacks, and in nothing else; reply.ts
 * has the table. HELLO gives a client the writer of the other one.
 *
 * Each method reserves the most that it can write and then stores bytes without further checks.
 */

import { assert } from "../structures/assert.ts";
import { type ByteString, writeByteString } from "../structures/bytes/byte_string.ts";
import type { Bytes } from "../structures/bytes/bytes.ts";
import { type ByteRun, NUMBER_LENGTH } from "../structures/bytes/byte_run.ts";
import type { ByteView } from "../structures/bytes/byte_view.ts";
import type { OutputQueue } from "../structures/bytes/output_queue.ts";
import { copyBytes } from "../structures/bytes/copy_bytes.ts";
import { decimalLength, writeBigInteger, writeInteger } from "../structures/numbers/decimal.ts";
import { writeDouble } from "../structures/numbers/double_text.ts";
import * as doubleText from "../structures/numbers/double_text.ts";
import type { Reply } from "./reply.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { MAX_DOUBLE_BYTES } = doubleText;

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;

const ARRAY = 0x2a; // *
const BULK = 0x24; // $
const STATUS = 0x2b; // +
const ERROR = 0x2d; // -
const INTEGER = 0x3a; // :
const BIG_NUMBER = 0x28; // (
const DOUBLE = 0x2c; // ,
const VERBATIM = 0x3d; // =
const MAP = 0x25; // %
const SET = 0x7e; // ~
const PUSH = 0x3e; // >
const ATTRIBUTES = 0x7c; // |

/** `+OK\r` as a little-endian word. */
const OK_AND_CR = CR << 24 | 0x4b << 16 | 0x4f << 8 | STATUS;
const NIL_2 = bytesOf("$-1\r\n");
const NIL_ARRAY_2 = bytesOf("*-1\r\n");
const NIL_3 = bytesOf("_\r\n");
const FALSE_2 = bytesOf(":0\r\n");
const TRUE_2 = bytesOf(":1\r\n");
const FALSE_3 = bytesOf("#f\r\n");
const TRUE_3 = bytesOf("#t\r\n");

/** Room for a type byte, any 64-bit integer and a line break. */
const LINE_BYTES = 24;

/** `$0\r\n`, `$00\r` and `\r\n` as little-endian words. */
const SHORT_BULK = LF << 24 | CR << 16 | ZERO << 8 | BULK;
const MIDDLE_BULK = CR << 24 | ZERO << 16 | ZERO << 8 | BULK;
const LINE_BREAK = LF << 8 | CR;
/** Strings of a run that are copied by whole words, over their end. */
const WORD_RUN_BYTES = 64;

/** Where the header of a late array is put together. */
const lateHeader = new Uint8Array(LINE_BYTES);

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export class RespReply implements Reply {
  out: OutputQueue;
  readonly protocol: 2 | 3;

  constructor(out: OutputQueue, protocol: 2 | 3) {
    this.out = out;
    this.protocol = protocol;
  }

  begin(): number {
    return this.out.length;
  }

  end(_mark: number): void {}

  mark(): number {
    return this.out.length;
  }

  rollback(mark: number): void {
    this.out.truncate(mark);
  }

  ok(): void {
    const { out } = this;
    out.reserve(5);
    const { bytes, tail } = out;
    bytes.view!.setInt32(tail, OK_AND_CR, true);
    bytes[tail + 4] = LF;
    out.tail = tail + 5;
  }

  nil(): void {
    this.#constant(this.protocol === 3 ? NIL_3 : NIL_2);
  }

  nilArray(): void {
    this.#constant(this.protocol === 3 ? NIL_3 : NIL_ARRAY_2);
  }

  status(text: ByteString): void {
    this.#line(STATUS, text);
  }

  /** Line ends behind the text go, as in Redis; within it they become spaces. */
  error(text: ByteString): void {
    let { length } = text;
    while (length > 0 && isLineEnd(text.charCodeAt(length - 1))) length--;
    this.#line(ERROR, length === text.length ? text : text.slice(0, length));
  }

  integer(value: number): void {
    this.#header(INTEGER, value);
  }

  bigInteger(value: bigint): void {
    const { out } = this;
    out.reserve(LINE_BYTES);
    const { bytes } = out;
    bytes[out.tail] = INTEGER;
    out.tail = lineBreak(bytes, writeBigInteger(bytes, out.tail + 1, value));
  }

  bulk(text: string): void {
    const { out } = this;
    const byteLength = utf8Length(text);
    out.reserve(byteLength + LINE_BYTES + 2);
    const at = writeHeader(out.bytes, out.tail, BULK, byteLength);
    out.tail = lineBreak(out.bytes, writeUtf8(out.bytes, at, text, byteLength));
  }

  bulkBytes(source: Uint8Array, start: number, length: number): void {
    const { out } = this;
    out.reserve(length + LINE_BYTES + 2);
    const { bytes, tail } = out;
    const at = writeBulkHeader(bytes, tail, length);
    copyBytes(bytes, at, source, start, length);
    const end = at + length;
    bytes.view!.setInt16(end, LINE_BREAK, true);
    out.tail = end + 2;
  }

  bulkView({ bytes, start, length }: ByteView): void {
    this.bulkBytes(bytes, start, length);
  }

  bulkRun({ bytes: source, count, starts, lengths, totalBytes }: ByteRun): void {
    const { out } = this;
    out.reserve(totalBytes + count * (LINE_BYTES + 2));
    const { bytes } = out;
    const to = bytes.view!;
    const from = source.view!;
    const mostStart = source.length - WORD_RUN_BYTES;
    let at = out.tail;
    for (let i = 0; i < count; i++) {
      const start = starts[i];
      const length = lengths[i];
      if (length === NUMBER_LENGTH) {
        at = writeBulkNumber(bytes, at, start);
        continue;
      }
      at = writeBulkHeader(bytes, at, length);
      if (length <= WORD_RUN_BYTES && start <= mostStart) {
        // What is copied too much is in reserve, and overwritten next.
        for (let word = 0; word < length; word += 8) {
          to.setBigInt64(at + word, from.getBigInt64(start + word, true), true);
        }
      } else copyBytes(bytes, at, source, start, length);
      at += length;
      to.setInt16(at, LINE_BREAK, true);
      at += 2;
    }
    out.tail = at;
  }

  byteString(text: ByteString): void {
    const { out } = this;
    out.reserve(text.length + LINE_BYTES + 2);
    const { bytes } = out;
    const at = writeHeader(bytes, out.tail, BULK, text.length);
    out.tail = lineBreak(bytes, writeByteString(bytes, at, text));
  }

  double(value: number): void {
    const { out } = this;
    out.reserve(MAX_DOUBLE_BYTES + LINE_BYTES);
    const { bytes, tail } = out;
    if (this.protocol === 3) {
      bytes[tail] = DOUBLE;
      out.tail = lineBreak(bytes, writeDouble(bytes, tail + 1, value));
      return;
    }
    // The length has one or two digits: write the text where it belongs for one, then look.
    const shortHeader = 4;
    const text = tail + shortHeader;
    const end = writeDouble(bytes, text, value);
    const length = end - text;
    if (length < 10) {
      writeHeader(bytes, tail, BULK, length);
      out.tail = lineBreak(bytes, end);
    } else {
      bytes.copyWithin(text + 1, text, end);
      writeHeader(bytes, tail, BULK, length);
      out.tail = lineBreak(bytes, end + 1);
    }
  }

  boolean(value: boolean): void {
    if (this.protocol === 3) this.#constant(value ? TRUE_3 : FALSE_3);
    else this.#constant(value ? TRUE_2 : FALSE_2);
  }

  doubleText(_value: number, text: ByteString): void {
    if (this.protocol === 3) this.#line(DOUBLE, text);
    else this.byteString(text);
  }

  bigNumber(digits: string): void {
    if (this.protocol === 3) this.#line(BIG_NUMBER, digits);
    else this.bulk(digits);
  }

  verbatim(format: string, text: string): void {
    if (this.protocol === 2) {
      this.bulk(text);
      return;
    }
    const { out } = this;
    const marked = `${format}:${text}`;
    const byteLength = utf8Length(marked);
    out.reserve(byteLength + LINE_BYTES + 2);
    const at = writeHeader(out.bytes, out.tail, VERBATIM, byteLength);
    out.tail = lineBreak(out.bytes, writeUtf8(out.bytes, at, marked, byteLength));
  }

  verbatimBytes(format: string, text: ByteString): void {
    if (this.protocol === 2) return this.byteString(text);
    const { out } = this;
    const marked = `${format}:${text}`;
    out.reserve(marked.length + LINE_BYTES + 2);
    const at = writeHeader(out.bytes, out.tail, VERBATIM, marked.length);
    out.tail = lineBreak(out.bytes, writeByteString(out.bytes, at, marked));
  }

  array(count: number): void {
    this.#header(ARRAY, count);
  }

  lateArray(): number {
    return this.out.length;
  }

  endLateArray(mark: number, count: number): void {
    const end = writeHeader(lateHeader, 0, ARRAY, count);
    this.out.insert(mark, lateHeader.subarray(0, end));
  }

  pairs(count: number): void {
    this.#header(ARRAY, this.protocol === 3 ? count : count * 2);
  }

  pair(): void {
    if (this.protocol === 3) this.#header(ARRAY, 2);
  }

  map(count: number): void {
    if (this.protocol === 3) this.#header(MAP, count);
    else this.#header(ARRAY, count * 2);
  }

  set(count: number): void {
    this.#header(this.protocol === 3 ? SET : ARRAY, count);
  }

  push(count: number): void {
    this.#header(this.protocol === 3 ? PUSH : ARRAY, count);
  }

  attributes(count: number): void {
    assert(this.protocol === 3, "RESP2 has no attributes");
    this.#header(ATTRIBUTES, count);
  }

  #constant(text: Uint8Array): void {
    const { out } = this;
    out.reserve(text.length);
    const { bytes, tail } = out;
    for (let i = 0; i < text.length; i++) bytes[tail + i] = text[i];
    out.tail = tail + text.length;
  }

  #header(type: number, value: number): void {
    const { out } = this;
    out.reserve(LINE_BYTES);
    out.tail = writeHeader(out.bytes, out.tail, type, value);
  }

  /** A line of text; line breaks in it would end it early, so they become spaces. */
  #line(type: number, text: ByteString): void {
    const { out } = this;
    out.reserve(text.length + 3);
    const { bytes, tail } = out;
    bytes[tail] = type;
    const end = writeByteString(bytes, tail + 1, text);
    for (let at = tail + 1; at < end; at++) {
      if (isLineEnd(bytes[at])) bytes[at] = SPACE;
    }
    out.tail = lineBreak(bytes, end);
  }
}

function isLineEnd(byte: number): boolean {
  return byte === CR || byte === LF;
}

/** The header of a string, those of one and two digits by whole words. */
function writeBulkHeader(bytes: Bytes, at: number, length: number): number {
  if (length < 10) {
    bytes.view!.setInt32(at, SHORT_BULK + (length << 8), true);
    return at + 4;
  }
  if (length < 100) {
    const tens = length * 205 >> 11;
    const digits = tens + (length - tens * 10 << 8);
    bytes.view!.setInt32(at, MIDDLE_BULK + (digits << 8), true);
    bytes[at + 4] = LF;
    return at + 5;
  }
  return writeHeader(bytes, at, BULK, length);
}

/** A string that is the text of an integer. */
function writeBulkNumber(bytes: Bytes, at: number, value: number): number {
  const text = writeBulkHeader(bytes, at, decimalLength(value));
  return lineBreak(bytes, writeInteger(bytes, text, value));
}

function writeHeader(bytes: Uint8Array, at: number, type: number, value: number): number {
  bytes[at] = type;
  if (value >= 0 && value < 10) {
    bytes[at + 1] = ZERO + value;
    return lineBreak(bytes, at + 2);
  }
  return lineBreak(bytes, writeInteger(bytes, at + 1, value));
}

function lineBreak(bytes: Uint8Array, at: number): number {
  bytes[at] = CR;
  bytes[at + 1] = LF;
  return at + 2;
}
