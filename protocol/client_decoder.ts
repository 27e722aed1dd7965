/**
 * The client's side of the wire: turns bytes from a server into reply values.
 *
 * RESP (2 and 3 differ in nothing that a reader must know) is decoded value by value. What is
 * complete is consumed at once; aggregates whose items are still to come wait on a stack, so a
 * reply that arrives byte by byte is never read twice:
 *
 * ```
 * *2 ──▶ stack [ array, 2 to come ]
 * :1 ──▶ stack [ array [1], 1 to come ]
 * %1 ──▶ stack [ array [1], 1 to come ][ map, 2 to come ] …
 * ```
 *
 * A native frame says its length first, so it is decoded in one go once it is complete.
 *
 * A server is trusted no more than a client: nesting, lengths and counts are bounded, and memory is
 * only taken for bytes that have come.
 */

import type { ByteQueue } from "../structures/bytes/byte_queue.ts";
import { parseInteger, parseSafeInteger } from "../structures/numbers/decimal.ts";
import { formatDouble, parseDouble } from "../structures/numbers/double_text.ts";
import { NativeTag } from "./native_reply.ts";
import { readUint32 } from "./native_request.ts";
import {
  ReplyBigNumber,
  ReplyDouble,
  ReplyError,
  ReplyMap,
  ReplyPush,
  ReplySet,
  type ReplyValue,
  ReplyVerbatim,
} from "./reply_value.ts";

/** The bytes are no reply. The connection cannot be used any more. */
export class ReplyFormatError extends Error {
  override name = "ReplyFormatError";
}

export interface ReplyLimits {
  /** Aggregates inside aggregates. */
  maxDepth: number;
  /** One string. */
  maxBulkBytes: number;
  /** One line: a status, an error, a number. */
  maxLineBytes: number;
  /** Items of one aggregate. */
  maxItems: number;
  /** One native reply, everything in it included. */
  maxFrameBytes: number;
}

const DEFAULT_LIMITS: ReplyLimits = {
  maxDepth: 128,
  maxBulkBytes: 512 * 1024 * 1024,
  maxLineBytes: 1024 * 1024,
  maxItems: 2 ** 28,
  maxFrameBytes: 1024 * 1024 * 1024,
};

const CR = 0x0d;
const LF = 0x0a;

const Type = {
  Status: 0x2b, // +
  Error: 0x2d, // -
  Integer: 0x3a, // :
  Bulk: 0x24, // $
  Array: 0x2a, // *
  Nil: 0x5f, // _
  Boolean: 0x23, // #
  Double: 0x2c, // ,
  BigNumber: 0x28, // (
  BulkError: 0x21, // !
  Verbatim: 0x3d, // =
  Map: 0x25, // %
  Set: 0x7e, // ~
  Push: 0x3e, // >
  Attribute: 0x7c, // |
} as const;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** An aggregate whose items are still coming in. */
interface OpenAggregate {
  readonly type: number;
  readonly items: ReplyValue[];
  remaining: number;
}

export class ReplyDecoder {
  readonly #protocol: "resp" | "native";
  readonly #limits: ReplyLimits;
  readonly #open: OpenAggregate[] = [];
  /** Type and length of the string whose bytes are awaited; no string has a negative length. */
  #stringType = 0;
  #stringBytes = -1;
  /** How much of an incomplete line was searched for its end. */
  #searched = 0;

  constructor(protocol: "resp" | "native", limits: Partial<ReplyLimits> = {}) {
    this.#protocol = protocol;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /**
   * The next reply, consumed from `input`, or undefined until there are more bytes. Attributes of
   * RESP3 are dropped. Throws ReplyFormatError. O(bytes not seen before).
   */
  decode(input: ByteQueue): ReplyValue | undefined {
    return this.#protocol === "native" ? this.#decodeFrame(input) : this.#decodeResp(input);
  }

  #decodeResp(input: ByteQueue): ReplyValue | undefined {
    for (;;) {
      let value = this.#stringBytes >= 0 ? this.#string(input) : this.#line(input);
      if (value === undefined) return undefined;
      if (value === OPENED) continue;
      // A value may complete the aggregate it is in, and that the one around it, and so on.
      for (;;) {
        const aggregate = this.#open.at(-1);
        if (aggregate === undefined) return value;
        aggregate.items.push(value);
        if (--aggregate.remaining > 0) break;
        this.#open.pop();
        if (aggregate.type === Type.Attribute) break;
        value = closed(aggregate);
      }
    }
  }

  /** One line: a whole value, or the head of a string or aggregate (OPENED). */
  #line(input: ByteQueue): ReplyValue | typeof OPENED | undefined {
    const { bytes, head, tail } = input;
    let at = head + this.#searched;
    while (at < tail && bytes[at] !== LF) at++;
    if (at - head > this.#limits.maxLineBytes) throw new ReplyFormatError("line too long");
    if (at === tail) {
      this.#searched = at - head;
      return undefined;
    }
    this.#searched = 0;
    if (at - head < 2 || bytes[at - 1] !== CR) throw new ReplyFormatError("line without type");
    const start = head + 1;
    const length = at - 1 - start;
    const type = bytes[head];
    const value = this.#lineValue(type, bytes, start, length);
    input.consume(at + 1 - head);
    return value;
  }

  #lineValue(
    type: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): ReplyValue | typeof OPENED {
    switch (type) {
      case Type.Status:
        return textAt(bytes, start, length);
      case Type.Error:
        return new ReplyError(textAt(bytes, start, length));
      case Type.Integer:
        return integer(bytes, start, length);
      case Type.Nil:
        if (length === 0) return null;
        break;
      case Type.Boolean:
        if (length === 1 && bytes[start] === 0x74) return true;
        if (length === 1 && bytes[start] === 0x66) return false;
        break;
      case Type.Double:
        return double(bytes, start, length);
      case Type.BigNumber:
        return bigNumber(textAt(bytes, start, length));
      case Type.Bulk:
      case Type.BulkError:
      case Type.Verbatim:
        return this.#openString(type, parseSafeInteger(bytes, start, length));
      case Type.Array:
      case Type.Map:
      case Type.Set:
      case Type.Push:
      case Type.Attribute:
        return this.#openAggregate(type, parseSafeInteger(bytes, start, length));
    }
    const line = textAt(bytes, start - 1, length + 1);
    throw new ReplyFormatError(`unexpected ${JSON.stringify(line)}`);
  }

  #openString(type: number, length: number): null | typeof OPENED {
    if (length === -1 && type === Type.Bulk) return null;
    if (!(length >= 0 && length <= this.#limits.maxBulkBytes)) {
      throw new ReplyFormatError("invalid string length");
    }
    this.#stringType = type;
    this.#stringBytes = length;
    return OPENED;
  }

  #openAggregate(type: number, count: number): ReplyValue | typeof OPENED {
    if (count === -1 && type === Type.Array) return null;
    if (!(count >= 0 && count <= this.#limits.maxItems)) {
      throw new ReplyFormatError("invalid item count");
    }
    const paired = type === Type.Map || type === Type.Attribute;
    const aggregate: OpenAggregate = { type, items: [], remaining: paired ? count * 2 : count };
    if (count === 0) return type === Type.Attribute ? OPENED : closed(aggregate);
    if (this.#open.length >= this.#limits.maxDepth) throw new ReplyFormatError("nested too deeply");
    this.#open.push(aggregate);
    return OPENED;
  }

  /** The bytes of a string whose head has been read. */
  #string(input: ByteQueue): ReplyValue | undefined {
    const length = this.#stringBytes;
    if (input.length < length + 2) return undefined;
    const { bytes, head } = input;
    const end = head + length;
    if (bytes[end] !== CR || bytes[end + 1] !== LF) {
      throw new ReplyFormatError("string without its line break");
    }
    const value = stringValue(this.#stringType, bytes.slice(head, end));
    this.#stringBytes = -1;
    input.consume(length + 2);
    return value;
  }

  #decodeFrame(input: ByteQueue): ReplyValue | undefined {
    if (input.length < 4) return undefined;
    const { bytes, head } = input;
    const length = readUint32(bytes, head);
    if (length > this.#limits.maxFrameBytes) throw new ReplyFormatError("frame too long");
    if (input.length < 4 + length) return undefined;
    const frame = new NativeFrame(bytes, head + 4, head + 4 + length, this.#limits.maxDepth);
    const value = frame.value(0);
    frame.finish();
    input.consume(4 + length);
    return value;
  }
}

/** The head of a string or of a non-empty aggregate has been read. */
const OPENED = Symbol("opened");

function closed(aggregate: OpenAggregate): ReplyValue {
  const { items } = aggregate;
  switch (aggregate.type) {
    case Type.Set:
      return new ReplySet(items);
    case Type.Push:
      return new ReplyPush(items);
    case Type.Map: {
      const entries: [ReplyValue, ReplyValue][] = [];
      for (let i = 0; i < items.length; i += 2) entries.push([items[i], items[i + 1]]);
      return new ReplyMap(entries);
    }
    default:
      return items;
  }
}

function stringValue(type: number, bytes: Uint8Array): ReplyValue {
  if (type === Type.Bulk) return bytes;
  const text = utf8.decode(bytes);
  if (type === Type.BulkError) return new ReplyError(text);
  if (text[3] !== ":") throw new ReplyFormatError("verbatim string without a format");
  return new ReplyVerbatim(text.slice(0, 3), text.slice(4));
}

function integer(bytes: Uint8Array, start: number, length: number): number | bigint {
  const value = parseInteger(bytes, start, length);
  if (value === undefined) throw new ReplyFormatError("invalid integer");
  return value;
}

function double(bytes: Uint8Array, start: number, length: number): ReplyDouble {
  const value = parseDouble(bytes, start, length);
  const text = textAt(bytes, start, length);
  if (Number.isNaN(value) && !/^-?nan$/i.test(text)) throw new ReplyFormatError("invalid double");
  return new ReplyDouble(value, text);
}

function bigNumber(text: string): ReplyBigNumber {
  if (!/^-?\d+$/.test(text)) throw new ReplyFormatError("invalid big number");
  return new ReplyBigNumber(BigInt(text));
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return utf8.decode(bytes.subarray(start, start + length));
}

/** One complete native frame. */
class NativeFrame {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;
  readonly #maxDepth: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at: number, end: number, maxDepth: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
    this.#maxDepth = maxDepth;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): ReplyValue {
    const tag = this.#bytes[this.#take(1)];
    switch (tag) {
      case NativeTag.Nil:
        return null;
      case NativeTag.Error:
        return new ReplyError(utf8.decode(this.#string()));
      case NativeTag.String:
        return this.#string();
      case NativeTag.Integer: {
        const value = this.#view.getBigInt64(this.#take(8), true);
        const small = Number(value);
        return Number.isSafeInteger(small) ? small : value;
      }
      case NativeTag.Double: {
        const value = this.#view.getFloat64(this.#take(8), true);
        return new ReplyDouble(value, formatDouble(value));
      }
      case NativeTag.Array: {
        if (depth >= this.#maxDepth) throw new ReplyFormatError("nested too deeply");
        const count = this.#view.getUint32(this.#take(4), true);
        if (count > this.#end - this.#at) throw new ReplyFormatError("invalid item count");
        const items: ReplyValue[] = [];
        for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
        return items;
      }
      default:
        throw new ReplyFormatError(`unexpected tag ${tag}`);
    }
  }

  finish(): void {
    if (this.#at !== this.#end) throw new ReplyFormatError("bytes after the value");
  }

  #string(): Uint8Array {
    const length = this.#view.getUint32(this.#take(4), true);
    const start = this.#take(length);
    return this.#bytes.slice(start, start + length);
  }

  /** The offset of the next `length` bytes, which are then behind. */
  #take(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) throw new ReplyFormatError("value longer than its frame");
    this.#at = start + length;
    return start;
  }
}
