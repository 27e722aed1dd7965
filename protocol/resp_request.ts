/**
 * RESP requests: an array of bulk strings.
 *
 * ```
 * * 2 \r\n   $ 3 \r\n G E T \r\n   $ 5 \r\n h e l l o \r\n
 * └ count    └ length └ argument 0
 * ```
 *
 * One pass over the bytes finds every argument; nothing is copied but its offset and length. As in
 * Redis a line ends at '\r', and the byte after it and the two after an argument are not looked at.
 *
 * The count is a claim like any length: arrays grow with the arguments that were found, and a count
 * of two billion costs nothing.
 *
 * When the bytes run out in the middle, what is known so far moves from the batch, which goes on to
 * other connections, into a PartialRequest of this connection's own: the arguments found, relative
 * to the request's first byte because the buffer may move before more bytes come, how many are
 * left, where the next step begins, and how far a line without its end was searched. The next call
 * goes on there. A request that arrives in n pieces costs O(bytes + n), never O(bytes × n).
 */

import { parseInt64, parseSafeInteger } from "../structures/numbers/decimal.ts";
import type { Bytes } from "../structures/bytes/bytes.ts";
import type { RequestBatch } from "./arguments.ts";
import type { ArgumentStore, PartialRequest } from "./partial_request.ts";
import type { DecoderLimits } from "./request_limits.ts";
import * as requestLimits from "./request_limits.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { FAILED, INCOMPLETE, MAX_BULK_BYTES, MAX_MULTIBULK } = requestLimits;
const { UNAUTHENTICATED_BULK_BYTES, UNAUTHENTICATED_MULTIBULK } = requestLimits;

const CR = 0x0d;
const DOLLAR = 0x24;
const ZERO = 0x30;

// `$?\r` and `$??\r` as little-endian words.
const ONE_DIGIT_MASK = 0x00ff00ff;
const ONE_DIGIT = CR << 16 | DOLLAR;
const TWO_DIGITS_MASK = 0xff0000ff | 0;
const TWO_DIGITS = CR << 24 | DOLLAR;

/** The shortest argument on the wire is `$0\r\n\r\n`. */
const MIN_ARGUMENT_BYTES = 6;

export class RespRequestDecoder {
  /** The error after FAILED. */
  error = "";
  /**
   * After INCOMPLETE: bytes that the argument being received still lacks, with its line break; 0 if
   * unknown.
   */
  bytesWanted = 0;
  #partial: PartialRequest | null = null;
  /**
   * How far an incomplete line was searched for its end, counted from the request's first byte. Any
   * later line of the request begins behind it, so only the next request has to start from 0.
   */
  #searched = 0;
  /** Where the line that findLine() found ends: the offset of its '\r'. */
  #lineStop = 0;
  // Where findArguments() stopped when it answered INCOMPLETE.
  #stopIndex = 0;
  #stopAt = 0;
  #stopRemaining = 0;
  #stopBulkBytes = -1;

  /** Bytes of the incomplete request that are done with: arguments found, and length lines. */
  get partialBytes(): number {
    return this.#partial?.at ?? 0;
  }

  /** Bytes of its arguments found. O(those). */
  get partialArgumentBytes(): number {
    return this.#partial?.argumentBytes ?? 0;
  }

  /**
   * Appends the request that begins at `frame`, whose first byte is '*', to the batch. An empty one
   * adds nothing. Returns the offset behind it, INCOMPLETE (call again with the same request and
   * more bytes after it) or FAILED.
   */
  decode(
    batch: RequestBatch,
    bytes: Bytes,
    frame: number,
    end: number,
    limits: DecoderLimits,
    authenticated: boolean,
  ): number {
    if (this.#partial !== null) {
      return this.#resume(batch, this.#partial, bytes, frame, end, limits, authenticated);
    }
    let count = 0;
    let at = 0;
    if (frame + 4 <= end && bytes[frame + 2] === CR) {
      count = bytes[frame + 1] - ZERO;
      at = frame + 4;
    }
    if (count >= 1 && count <= 9) {
      this.#searched = 0;
    } else {
      at = this.#findLine(bytes, frame, frame, end, limits, "too big mbulk count string");
      if (at < 0) return at;
      count = this.#argumentCount(bytes, frame + 1, limits, authenticated);
      if (count < 0) return FAILED;
      if (count === 0) {
        batch.markEmpty();
        return at;
      }
    }
    const first = batch.first[batch.count];
    const next = first + count <= batch.offsets.length
      ? this.#findArguments(
        batch.offsets,
        batch.lengths,
        first,
        0,
        count,
        bytes,
        frame,
        at,
        end,
        limits,
        authenticated,
      )
      : this.#findMany(batch, first, 0, count, bytes, frame, at, end, limits, authenticated);
    if (next >= 0) batch.finish(first + count);
    else if (next === INCOMPLETE) this.#keep(batch, first, frame);
    return next;
  }

  /** Moves what was found of an incomplete request out of the batch. */
  #keep(batch: RequestBatch, first: number, frame: number): void {
    const partial = batch.takePartial();
    const count = this.#stopIndex - first;
    partial.reserve(count);
    for (let i = 0; i < count; i++) {
      partial.offsets[i] = batch.offsets[first + i] - frame;
      partial.lengths[i] = batch.lengths[first + i];
    }
    partial.count = count;
    partial.remaining = this.#stopRemaining;
    partial.at = this.#stopAt - frame;
    partial.bulkBytes = this.#stopBulkBytes;
    this.#partial = partial;
  }

  /** Goes on with an incomplete request whose first byte is now at `frame`. */
  #resume(
    batch: RequestBatch,
    partial: PartialRequest,
    bytes: Bytes,
    frame: number,
    end: number,
    limits: DecoderLimits,
    authenticated: boolean,
  ): number {
    let at = frame + partial.at;
    let remaining = partial.remaining;
    if (partial.bulkBytes >= 0) {
      const behind = at + partial.bulkBytes + 2;
      if (behind > end) {
        this.bytesWanted = behind - end;
        return INCOMPLETE;
      }
      partial.reserve(partial.count + 1);
      partial.offsets[partial.count] = partial.at;
      partial.lengths[partial.count] = partial.bulkBytes;
      partial.count++;
      partial.bulkBytes = -1;
      at = behind;
      remaining--;
    }
    const next = this.#findMany(
      partial,
      partial.count,
      frame,
      remaining,
      bytes,
      frame,
      at,
      end,
      limits,
      authenticated,
    );
    if (next === INCOMPLETE) {
      partial.count = this.#stopIndex;
      partial.remaining = this.#stopRemaining;
      partial.at = this.#stopAt - frame;
      partial.bulkBytes = this.#stopBulkBytes;
      return next;
    }
    this.#partial = null;
    this.#searched = 0;
    if (next === FAILED) batch.keepPartial(partial);
    else batch.finishPartial(partial, partial.count + remaining, frame);
    return next;
  }

  /** As #findArguments, where `store` may have to grow for them. */
  #findMany(
    store: ArgumentStore,
    index: number,
    origin: number,
    remaining: number,
    bytes: Bytes,
    frame: number,
    at: number,
    end: number,
    limits: DecoderLimits,
    authenticated: boolean,
  ): number {
    while (remaining > 0) {
      store.reserve(index + 1);
      const { offsets, lengths } = store;
      const count = Math.min(remaining, offsets.length - index);
      const next = this.#findArguments(
        offsets,
        lengths,
        index,
        origin,
        count,
        bytes,
        frame,
        at,
        end,
        limits,
        authenticated,
      );
      remaining -= count;
      if (next < 0) {
        this.#stopRemaining += remaining;
        return next;
      }
      index += count;
      at = next;
    }
    return at;
  }

  /**
   * Finds `remaining` arguments from `at` on and stores them from `index` on, offsets counted from
   * `origin`. The arrays have room for them.
   */
  #findArguments(
    offsets: Int32Array,
    lengths: Int32Array,
    index: number,
    origin: number,
    remaining: number,
    bytes: Bytes,
    frame: number,
    at: number,
    end: number,
    limits: DecoderLimits,
    authenticated: boolean,
  ): number {
    const view = bytes.view!;
    for (; remaining > 0; remaining--) {
      let start = 0;
      let length = 0;
      // One and two digits need neither the search for the line's end nor a check of any limit.
      if (end - at >= MIN_ARGUMENT_BYTES) {
        const word = view.getInt32(at, true);
        length = (word >>> 8 & 0xff) - ZERO;
        if ((word & ONE_DIGIT_MASK) === ONE_DIGIT) {
          if (length >= 0 && length <= 9) start = at + 4;
        } else if ((word & TWO_DIGITS_MASK) === TWO_DIGITS && length >= 1 && length <= 9) {
          const digit = (word >>> 16 & 0xff) - ZERO;
          if (digit >= 0 && digit <= 9) {
            length = length * 10 + digit;
            start = at + 5;
          }
        }
      }
      if (start === 0) {
        start = this.#findLine(bytes, at, frame, end, limits, "too big bulk count string");
        if (start === FAILED) return FAILED;
        if (start === INCOMPLETE) return this.#stop(index, at, remaining, -1);
        length = this.#bulkLength(bytes, at, limits, authenticated);
        if (length < 0) return FAILED;
      }
      const behind = start + length + 2;
      if (behind > end) {
        this.bytesWanted = behind - end;
        return this.#stop(index, start, remaining, length);
      }
      offsets[index] = start - origin;
      lengths[index] = length;
      index++;
      at = behind;
    }
    return at;
  }

  #stop(index: number, at: number, remaining: number, bulkBytes: number): number {
    this.#stopIndex = index;
    this.#stopAt = at;
    this.#stopRemaining = remaining;
    this.#stopBulkBytes = bulkBytes;
    return INCOMPLETE;
  }

  /**
   * Looks for the end of the line that begins at `line`. Returns the offset behind its line break
   * and leaves the offset of its '\r' in `lineStop`; INCOMPLETE; or FAILED when it is too long
   * already and has no end yet.
   */
  #findLine(
    bytes: Bytes,
    line: number,
    frame: number,
    end: number,
    limits: DecoderLimits,
    tooLong: string,
  ): number {
    let at = Math.max(line, frame + this.#searched);
    while (at < end && bytes[at] !== CR) at++;
    if (at === end && end - line > limits.maxInlineBytes) return this.#fail(tooLong);
    if (at + 2 > end) {
      this.#searched = at - frame;
      this.bytesWanted = 0;
      return INCOMPLETE;
    }
    this.#searched = 0;
    this.#lineStop = at;
    return at + 2;
  }

  /** The count on the line whose digits begin at `start`, 0 for a negative one, or FAILED. */
  #argumentCount(
    bytes: Bytes,
    start: number,
    limits: DecoderLimits,
    authenticated: boolean,
  ): number {
    const length = this.#lineStop - start;
    const count = parseSafeInteger(bytes, start, length);
    if (count <= 0) return 0;
    if (count <= limits.maxMultibulk && count <= MAX_MULTIBULK) {
      if (count <= UNAUTHENTICATED_MULTIBULK || authenticated) return count;
      return this.#fail("unauthenticated multibulk length");
    }
    const large = parseInt64(bytes, start, length);
    if (large !== undefined && large < 0n) return 0;
    return this.#fail("invalid multibulk length");
  }

  /** The length on the line that begins at `line`, or FAILED. */
  #bulkLength(
    bytes: Bytes,
    line: number,
    limits: DecoderLimits,
    authenticated: boolean,
  ): number {
    if (bytes[line] !== DOLLAR) {
      return this.#fail(`expected '$', got '${String.fromCharCode(bytes[line])}'`);
    }
    const length = parseSafeInteger(bytes, line + 1, this.#lineStop - line - 1);
    if (!(length >= 0 && length <= limits.maxBulkBytes && length <= MAX_BULK_BYTES)) {
      return this.#fail("invalid bulk length");
    }
    if (length > UNAUTHENTICATED_BULK_BYTES && !authenticated) {
      return this.#fail("unauthenticated bulk length");
    }
    return length;
  }

  #fail(problem: string): number {
    this.error = `ERR Protocol error: ${problem}`;
    return FAILED;
  }
}
