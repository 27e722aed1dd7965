/**
 * Replies in the native protocol: a frame with one tagged value, all numbers little-endian.
 *
 * ```
 * ┌────────────┬────────┬──────────────────────────────────────────┐
 * │ u32 length │ tag u8 │ body: none, i64, f64, u32 length + bytes,│
 * └────────────┴────────┤       or u32 count + that many values    │
 * begin()        end()  └──────────────────────────────────────────┘
 * leaves room    fills in the length
 * ```
 *
 * The types that the protocol lacks become those that it has; reply.ts has the table.
 */

import { assert } from "../structures/assert.ts";
import { type ByteString, writeByteString } from "../structures/bytes/byte_string.ts";
import { type ByteRun, NUMBER_LENGTH } from "../structures/bytes/byte_run.ts";
import type { ByteView } from "../structures/bytes/byte_view.ts";
import type { OutputQueue } from "../structures/bytes/output_queue.ts";
import { copyBytes } from "../structures/bytes/copy_bytes.ts";
import type { Reply } from "./reply.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";

/** The first byte of a value in a reply. */
export const NativeTag = {
  Nil: 0,
  Error: 1,
  String: 2,
  Integer: 3,
  Double: 4,
  Array: 5,
} as const;

const LENGTH_BYTES = 4;
const NUMBER_BYTES = 8;
/** The length of a frame has 32 bits. */
const MAX_FRAME_BYTES = 2 ** 32 - 1;

const frameLength = new Uint8Array(LENGTH_BYTES);
const lateHeader = new Uint8Array(1 + LENGTH_BYTES);
const number = new Uint8Array(NUMBER_BYTES);
const numberView = new DataView(number.buffer);

export class NativeReply implements Reply {
  out: OutputQueue;
  readonly protocol = "native";
  readonly #maxFrameBytes: number;

  /** @param maxFrameBytes a longer reply becomes an error */
  constructor(out: OutputQueue, maxFrameBytes: number = MAX_FRAME_BYTES) {
    this.out = out;
    this.#maxFrameBytes = maxFrameBytes;
  }

  begin(): number {
    this.out.reserve(LENGTH_BYTES);
    this.out.tail += LENGTH_BYTES;
    return this.out.length;
  }

  end(mark: number): void {
    const { out } = this;
    let length = out.length - mark;
    const frame = mark - LENGTH_BYTES;
    if (length > this.#maxFrameBytes) {
      out.truncate(mark);
      this.error("ERR the reply is too large for a frame");
      length = out.length - mark;
    }
    if (length === 0) return out.truncate(frame);
    writeUint32(frameLength, 0, length);
    out.overwrite(frame, frameLength);
  }

  mark(): number {
    return this.out.length;
  }

  rollback(mark: number): void {
    this.out.truncate(mark);
  }

  ok(): void {
    this.nil();
  }

  nil(): void {
    const { out } = this;
    out.reserve(1);
    out.bytes[out.tail++] = NativeTag.Nil;
  }

  nilArray(): void {
    this.nil();
  }

  status(text: ByteString): void {
    if (text === "OK") this.nil();
    else this.#bytes(NativeTag.String, text);
  }

  error(text: ByteString): void {
    this.#bytes(NativeTag.Error, text);
  }

  integer(value: number): void {
    const { out } = this;
    out.reserve(1 + NUMBER_BYTES);
    const { bytes, tail } = out;
    bytes[tail] = NativeTag.Integer;
    writeUint32(bytes, tail + 1, value >>> 0);
    writeUint32(bytes, tail + 5, Math.floor(value / 0x1_0000_0000) >>> 0);
    out.tail = tail + 1 + NUMBER_BYTES;
  }

  bigInteger(value: bigint): void {
    numberView.setBigInt64(0, value, true);
    this.#number(NativeTag.Integer);
  }

  bulk(text: string): void {
    this.#text(NativeTag.String, text);
  }

  bulkBytes(source: Uint8Array, start: number, length: number): void {
    const { out } = this;
    out.reserve(1 + LENGTH_BYTES + length);
    const { bytes, tail } = out;
    bytes[tail] = NativeTag.String;
    writeUint32(bytes, tail + 1, length);
    const at = tail + 1 + LENGTH_BYTES;
    copyBytes(bytes, at, source, start, length);
    out.tail = at + length;
  }

  bulkView({ bytes, start, length }: ByteView): void {
    this.bulkBytes(bytes, start, length);
  }

  bulkRun({ bytes, count, starts, lengths }: ByteRun): void {
    for (let i = 0; i < count; i++) {
      if (lengths[i] === NUMBER_LENGTH) this.bulk(String(starts[i]));
      else this.bulkBytes(bytes, starts[i], lengths[i]);
    }
  }

  byteString(text: ByteString): void {
    this.#bytes(NativeTag.String, text);
  }

  double(value: number): void {
    numberView.setFloat64(0, value, true);
    this.#number(NativeTag.Double);
  }

  boolean(value: boolean): void {
    this.integer(value ? 1 : 0);
  }

  doubleText(value: number, _text: ByteString): void {
    this.double(value);
  }

  bigNumber(digits: string): void {
    this.#text(NativeTag.String, digits);
  }

  verbatim(_format: string, text: string): void {
    this.#text(NativeTag.String, text);
  }

  verbatimBytes(_format: string, text: ByteString): void {
    this.byteString(text);
  }

  array(count: number): void {
    const { out } = this;
    out.reserve(1 + LENGTH_BYTES);
    const { bytes, tail } = out;
    bytes[tail] = NativeTag.Array;
    writeUint32(bytes, tail + 1, count);
    out.tail = tail + 1 + LENGTH_BYTES;
  }

  lateArray(): number {
    return this.out.length;
  }

  endLateArray(mark: number, count: number): void {
    lateHeader[0] = NativeTag.Array;
    writeUint32(lateHeader, 1, count);
    this.out.insert(mark, lateHeader);
  }

  pairs(count: number): void {
    this.array(count * 2);
  }

  pair(): void {}

  map(count: number): void {
    this.array(count * 2);
  }

  set(count: number): void {
    this.array(count);
  }

  push(count: number): void {
    this.array(count);
  }

  attributes(_count: number): void {
    assert(false, "the native protocol has no attributes");
  }

  #text(tag: number, text: string): void {
    const { out } = this;
    const byteLength = utf8Length(text);
    out.reserve(1 + LENGTH_BYTES + byteLength);
    const { bytes, tail } = out;
    bytes[tail] = tag;
    writeUint32(bytes, tail + 1, byteLength);
    out.tail = writeUtf8(bytes, tail + 1 + LENGTH_BYTES, text, byteLength);
  }

  #bytes(tag: number, text: ByteString): void {
    const { out } = this;
    out.reserve(1 + LENGTH_BYTES + text.length);
    const { bytes, tail } = out;
    bytes[tail] = tag;
    writeUint32(bytes, tail + 1, text.length);
    out.tail = writeByteString(bytes, tail + 1 + LENGTH_BYTES, text);
  }

  /** The eight bytes in the scratch array. */
  #number(tag: number): void {
    const { out } = this;
    out.reserve(1 + NUMBER_BYTES);
    const { bytes, tail } = out;
    bytes[tail] = tag;
    for (let i = 0; i < NUMBER_BYTES; i++) bytes[tail + 1 + i] = number[i];
    out.tail = tail + 1 + NUMBER_BYTES;
  }
}

/** Writes a little-endian u32. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
