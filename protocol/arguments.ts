/**
 * Where the arguments of requests are: the one view that native frames, RESP arrays and inline
 * text all decode to. An argument is never copied; it is an (offset, length) pair into the input
 * buffer that the socket was read into.
 *
 * ```
 * bytes    … *2 $3 GET $5 hello *1 $4 PING …
 *                 ▲       ▲           ▲
 * offsets  [      0       1           2   ]     lengths [3, 5, 4]
 * first    [ 0 (GET hello), 2 (PING), 3 ]       request r owns arguments first[r] … first[r+1]-1
 * ```
 *
 * A batch is filled by the decoder and emptied by the executor before the next read, so connections
 * borrow one from a pool for as long as they have requests.
 */

import { type ByteString, byteStringOf } from "../structures/bytes/byte_string.ts";
import { parseInt64, parseSafeInteger } from "../structures/numbers/decimal.ts";
import { type ArgumentStore, grown, PartialRequest } from "./partial_request.ts";

/** Requests that one batch holds at most. */
export const MAX_BATCH_REQUESTS = 64;

/** A batch takes no further request once it holds this many arguments. */
const MAX_BATCH_ARGUMENTS = 65_536;

/** How much of an argument an error message repeats. */
export const MAX_QUOTED_BYTES = 128;

const INITIAL_ARGUMENTS = 1024;

/** Argument arrays above this size go back to the garbage collector when the batch is cleared. */
const KEPT_ARGUMENTS = 16_384;

/** Unused partial requests that are kept for the next connection that needs one. */
const KEPT_PARTIALS = 4;

const NO_BYTES = new Uint8Array(0);
const NO_INDEXES = new Int32Array(0);

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The arguments of one request; argument 0 is the command's name. A view: it and its bytes are
 * valid until the input buffer is read into again. An index must be below `count`.
 */
export class Arguments {
  bytes: Uint8Array = NO_BYTES;
  offsets: Int32Array = NO_INDEXES;
  lengths: Int32Array = NO_INDEXES;
  /** Index of argument 0 in `offsets` and `lengths`. */
  base = 0;
  /** Number of arguments, the command's name included. */
  count = 0;

  /** Offset in `bytes` of argument `i`. */
  start(i: number): number {
    return this.offsets[this.base + i];
  }

  /** Length in bytes of argument `i`. */
  length(i: number): number {
    return this.lengths[this.base + i];
  }

  /** Argument `i` decoded from UTF-8, invalid sequences replaced by U+FFFD. */
  text(i: number): string {
    const start = this.offsets[this.base + i];
    return utf8.decode(this.bytes.subarray(start, start + this.lengths[this.base + i]));
  }

  /** The first bytes of argument `i`, at most `maxBytes`, a character each. O(bytes). */
  byteString(i: number, maxBytes: number = Infinity): ByteString {
    const length = Math.min(this.lengths[this.base + i], maxBytes);
    return byteStringOf(this.bytes, this.offsets[this.base + i], length);
  }

  /**
   * Argument `i` as an error message repeats it: up to its first NUL, and at most
   * {@linkcode MAX_QUOTED_BYTES}. O(bytes told).
   */
  quoted(i: number): ByteString {
    const text = this.byteString(i, MAX_QUOTED_BYTES);
    const nul = text.indexOf("\0");
    return nul === -1 ? text : text.slice(0, nul);
  }

  /** Bytes of all arguments. O(arguments). */
  get totalBytes(): number {
    let total = 0;
    for (let i = 0; i < this.count; i++) total += this.lengths[this.base + i];
    return total;
  }

  /** A copy of argument `i` that outlives the batch. */
  copy(i: number): Uint8Array<ArrayBuffer> {
    const start = this.offsets[this.base + i];
    return this.bytes.slice(start, start + this.lengths[this.base + i]) as Uint8Array<ArrayBuffer>;
  }

  /** Whether argument `i` is `token`, given in upper case ASCII, in any case. No allocation. */
  is(i: number, token: string): boolean {
    const length = token.length;
    if (this.lengths[this.base + i] !== length) return false;
    const bytes = this.bytes;
    const start = this.offsets[this.base + i];
    for (let j = 0; j < length; j++) {
      let byte = bytes[start + j];
      if (byte >= 0x61 && byte <= 0x7a) byte -= 0x20;
      if (byte !== token.charCodeAt(j)) return false;
    }
    return true;
  }

  /** Argument `i` as an integer within ±(2^53 - 1), NaN if it is not one. */
  safeInteger(i: number): number {
    return parseSafeInteger(
      this.bytes,
      this.offsets[this.base + i],
      this.lengths[this.base + i],
    );
  }

  /** Argument `i` as a signed 64-bit integer, undefined if it is not one. */
  int64(i: number): bigint | undefined {
    return parseInt64(this.bytes, this.offsets[this.base + i], this.lengths[this.base + i]);
  }
}

/** Up to MAX_BATCH_REQUESTS complete requests of one connection. */
export class RequestBatch implements ArgumentStore {
  /** The input buffer that the offsets refer to. */
  bytes: Uint8Array = NO_BYTES;
  offsets: Int32Array = new Int32Array(INITIAL_ARGUMENTS);
  lengths: Int32Array = new Int32Array(INITIAL_ARGUMENTS);
  /** first[r] is the index of request r's argument 0; first[count] is where the next one begins. */
  readonly first: Int32Array = new Int32Array(MAX_BATCH_REQUESTS + 1);
  /** Complete requests. */
  count = 0;
  /** Whether a request without arguments stood before each request, and behind the last. */
  readonly #emptyBefore = new Uint8Array(MAX_BATCH_REQUESTS + 1);
  #hasEmpty = false;
  readonly #spare: PartialRequest[] = [];

  /** Points `args` at request `r`. */
  view(args: Arguments, r: number): void {
    const base = this.first[r];
    args.bytes = this.bytes;
    args.offsets = this.offsets;
    args.lengths = this.lengths;
    args.base = base;
    args.count = this.first[r + 1] - base;
  }

  /** Forgets every request, and the memory that a giant one needed. */
  clear(): void {
    this.count = 0;
    if (this.#hasEmpty) {
      this.#emptyBefore.fill(0);
      this.#hasEmpty = false;
    }
    if (this.offsets.length > KEPT_ARGUMENTS) {
      this.offsets = new Int32Array(INITIAL_ARGUMENTS);
      this.lengths = new Int32Array(INITIAL_ARGUMENTS);
    }
  }

  /** Whether the next request has to wait for clear(). */
  get full(): boolean {
    return this.count >= MAX_BATCH_REQUESTS || this.first[this.count] >= MAX_BATCH_ARGUMENTS;
  }

  reserve(capacity: number): void {
    if (capacity <= this.offsets.length) return;
    const size = Math.max(capacity, this.offsets.length * 2);
    this.offsets = grown(this.offsets, size);
    this.lengths = grown(this.lengths, size);
  }

  /** About how many bytes of the input the requests from `r` on take: those of their arguments. */
  bytesFrom(r: number): number {
    const first = this.first[r];
    const last = this.first[this.count] - 1;
    if (last < first) return 0;
    return this.offsets[last] + this.lengths[last] - this.offsets[first];
  }

  /** How many arguments the requests from `r` on have. */
  argumentsFrom(r: number): number {
    return this.first[this.count] - this.first[r];
  }

  /** Completes a request whose arguments end before index `end`. */
  finish(end: number): void {
    this.first[++this.count] = end;
  }

  /**
   * Notes a request without arguments (`*0`, or a blank line) where the next request will stand. It
   * calls for no reply and is not counted, but it uses up what was said of the next request.
   */
  markEmpty(): void {
    this.#emptyBefore[this.count] = 1;
    this.#hasEmpty = true;
  }

  /**
   * Whether requests without arguments stood right before request `r`; with `r` the count of
   * requests, whether some stood behind the last.
   */
  emptyBefore(r: number): boolean {
    return this.#emptyBefore[r] === 1;
  }

  /**
   * Completes a request whose `count` arguments are in `partial`, with offsets from `frame` on. The
   * arrays of a giant one are taken over if the batch is empty.
   */
  finishPartial(partial: PartialRequest, count: number, frame: number): void {
    const first = this.first[this.count];
    if (first === 0 && !partial.small) {
      this.offsets = partial.offsets;
      this.lengths = partial.lengths;
    } else {
      this.reserve(first + count);
      for (let i = 0; i < count; i++) this.lengths[first + i] = partial.lengths[i];
    }
    for (let i = 0; i < count; i++) this.offsets[first + i] = partial.offsets[i] + frame;
    this.finish(first + count);
    this.keepPartial(partial);
  }

  /** A partial request to fill in; whoever takes it gives it back. */
  takePartial(): PartialRequest {
    return this.#spare.pop() ?? new PartialRequest();
  }
  /** Takes back a partial request, filled in or given up. */
  keepPartial(partial: PartialRequest): void {
    if (partial.small && this.#spare.length < KEPT_PARTIALS) this.#spare.push(partial);
  }
}
