/**
 * The server's side of the wire: turns a connection's input into batches of requests, whichever of
 * the three protocols they come in.
 *
 * A connection's first four bytes decide, once. Little-endian native lengths are at most 64 MiB, so
 * their fourth byte is at most 4, and no text has such a byte there:
 *
 * ```
 * 0e 00 00 00 …    native frames (native_request.ts) for good
 * *  3  \r \n …    RESP arrays (resp_request.ts)  ┐ may alternate
 * P  I  N  G  …    inline text (inline_request.ts)┘
 * ```
 *
 * A short inline line such as "GO\n" may be all that a client sends before it waits, so a complete
 * line with a printable byte decides too. Blank lines do not: they call for no reply, and a native
 * length of 10 begins like one.
 *
 * Every call decodes as many complete requests as there are, up to a full batch, and allocates
 * nothing for them. What is left of a request in the input stays there; the decoder remembers how
 * far it got and goes on from there. A connection without a partial request costs a few words.
 */

import type { ByteQueue } from "../structures/bytes/byte_queue.ts";
import type { RequestBatch } from "./arguments.ts";
import { splitWords } from "./inline_request.ts";
import * as inlineRequest from "./inline_request.ts";
import { decodeNativePayload, nativeLengthError, readUint32 } from "./native_request.ts";
import * as nativeRequest from "./native_request.ts";
import type { DecoderLimits } from "./request_limits.ts";
import * as requestLimits from "./request_limits.ts";
import { RespRequestDecoder } from "./resp_request.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { UNBALANCED_QUOTES } = inlineRequest;
const { NATIVE_HEADER_BYTES } = nativeRequest;
const { FAILED, INCOMPLETE } = requestLimits;

export type { DecoderLimits } from "./request_limits.ts";

export const DecodeStatus = {
  /** Every complete request is in the batch; the rest of the input waits for more bytes. */
  NeedMore: 0,
  /** The batch takes no more; there may be further complete requests. */
  Full: 1,
  /** The client broke the protocol: after the batch's requests, send `error` and close. */
  Failed: 2,
} as const;

export type DecodeStatus = typeof DecodeStatus[keyof typeof DecodeStatus];

const STAR = 0x2a;
const LF = 0x0a;
const CR = 0x0d;

/** Below any fourth byte of text, above the fourth byte of any native length. */
const TEXT_FROM = 0x09;

export class RequestDecoder {
  protocol: "unknown" | "native" | "resp" = "unknown";
  /**
   * The error reply after DecodeStatus.Failed, `ERR Protocol error: …`, "" before: a byte string, in
   * which a byte that the client sent may stand, a line break too.
   */
  error = "";
  /**
   * How many more bytes the argument (or native frame) that is being received is known to lack, its
   * line break included; 0 if unknown. It is the client's claim: whoever makes room for them does so
   * in steps (see ByteQueue.reserveAnnounced), and decode() costs O(1) until they are there.
   */
  bytesWanted = 0;
  readonly #limits: DecoderLimits;
  #resp: RespRequestDecoder | null = null;
  /** How much of an inline line without its end was searched. */
  #searched = 0;

  constructor(limits: DecoderLimits) {
    this.#limits = limits;
  }

  /** Bytes at the input's front that are done with, though their request is not complete. */
  get partialBytes(): number {
    return this.#resp?.partialBytes ?? 0;
  }

  /** Bytes of the arguments among those. O(arguments). */
  get partialArgumentBytes(): number {
    return this.#resp?.partialArgumentBytes ?? 0;
  }

  /**
   * Appends complete requests from `input` to `batch`, in order, and consumes them. Their arguments
   * stay readable until the input's next reserve(). Empty requests are skipped, see
   * RequestBatch.emptyBefore().
   *
   * What breaks the protocol is told apart from what came before it: the batch has every request in
   * front of it, and whoever ends the connection at one of these never looks at the error.
   *
   * While a client has yet to authenticate, a call decodes one request and answers Full: what that
   * request is decides which limits hold for the next. O(bytes not seen before).
   */
  decode(input: ByteQueue, batch: RequestBatch, authenticated: boolean): DecodeStatus {
    if (this.error !== "") return DecodeStatus.Failed;
    this.bytesWanted = 0;
    batch.bytes = input.bytes;
    if (this.protocol === "unknown" && !this.#recognize(input)) return DecodeStatus.NeedMore;
    return this.protocol === "native"
      ? this.#decodeNative(input, batch, authenticated)
      : this.#decodeText(input, batch, authenticated);
  }

  #recognize(input: ByteQueue): boolean {
    const { bytes, head, tail } = input;
    if (tail - head >= NATIVE_HEADER_BYTES) {
      this.protocol = bytes[head + 3] < TEXT_FROM ? "native" : "resp";
      return true;
    }
    let printable = false;
    for (let at = head; at < tail; at++) {
      if (bytes[at] === LF && printable) {
        this.protocol = "resp";
        return true;
      }
      if (bytes[at] > 0x20 && bytes[at] < 0x7f) printable = true;
    }
    return false;
  }

  #decodeText(input: ByteQueue, batch: RequestBatch, authenticated: boolean): DecodeStatus {
    const { bytes, head, tail: end } = input;
    const limits = this.#limits;
    const before = batch.count;
    let status: DecodeStatus = DecodeStatus.Full;
    let at = head;
    while (!batch.full && (authenticated || batch.count === before)) {
      if (at === end) {
        status = DecodeStatus.NeedMore;
        break;
      }
      let next: number;
      if (bytes[at] === STAR) {
        if (this.#resp === null) this.#resp = new RespRequestDecoder();
        next = this.#resp.decode(batch, bytes, at, end, limits, authenticated);
        if (next < 0) {
          this.error = this.#resp.error;
          this.bytesWanted = this.#resp.bytesWanted;
        }
      } else {
        next = this.#decodeLine(batch, bytes, at, end);
      }
      if (next < 0) {
        status = next === INCOMPLETE ? DecodeStatus.NeedMore : DecodeStatus.Failed;
        break;
      }
      at = next;
    }
    input.consume(at - head);
    return status;
  }

  /** Decodes the inline request that begins at `line`; as RespRequestDecoder.decode(). */
  #decodeLine(batch: RequestBatch, bytes: Uint8Array, line: number, end: number): number {
    const { maxInlineBytes, maxMultibulk } = this.#limits;
    let at = line + this.#searched;
    while (at < end && bytes[at] !== LF) at++;
    if (at === end) {
      if (end - line > maxInlineBytes) return this.#fail("too big inline request");
      this.#searched = at - line;
      return INCOMPLETE;
    }
    this.#searched = 0;
    const stop = at > line && bytes[at - 1] === CR ? at - 1 : at;
    const first = batch.first[batch.count];
    const index = splitWords(batch, first, bytes, line, stop, maxMultibulk);
    if (index < 0) {
      return this.#fail(
        index === UNBALANCED_QUOTES ? "unbalanced quotes in request" : "too many arguments",
      );
    }
    if (index > first) batch.finish(index);
    else batch.markEmpty();
    return at + 1;
  }

  #decodeNative(input: ByteQueue, batch: RequestBatch, authenticated: boolean): DecodeStatus {
    const { bytes, head, tail: end } = input;
    const limits = this.#limits;
    const before = batch.count;
    let status: DecodeStatus = DecodeStatus.Full;
    let at = head;
    while (!batch.full && (authenticated || batch.count === before)) {
      const have = end - at;
      if (have < NATIVE_HEADER_BYTES) {
        this.bytesWanted = have === 0 ? 0 : NATIVE_HEADER_BYTES - have;
        status = DecodeStatus.NeedMore;
        break;
      }
      const length = readUint32(bytes, at);
      this.error = nativeLengthError(length, authenticated);
      const next = at + NATIVE_HEADER_BYTES + length;
      if (this.error === "") {
        if (next > end) {
          this.bytesWanted = next - end;
          status = DecodeStatus.NeedMore;
          break;
        }
        const start = at + NATIVE_HEADER_BYTES;
        this.error = decodeNativePayload(batch, bytes, start, next, limits, authenticated);
      }
      if (this.error !== "") {
        status = DecodeStatus.Failed;
        break;
      }
      at = next;
    }
    input.consume(at - head);
    return status;
  }

  #fail(problem: string): number {
    this.error = `ERR Protocol error: ${problem}`;
    return FAILED;
  }
}
