/**
 * A message that a client did not ask for: published, an invalidation, a line of MONITOR. It is
 * encoded once for each dialect, however many get it.
 */

import { NativeReply } from "../../protocol/native_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import { RespReply } from "../../protocol/resp_reply.ts";
import { OutputQueue } from "../../structures/bytes/output_queue.ts";

/** Longest message: a value of the greatest length, with a header. */
const MAX_PUSH_BYTES = 2 ** 31;
const KEPT_BYTES = 64 * 1024;

/** Where the last message in a dialect was written, and stays until the next one is. */
class Scratch {
  readonly bytes = new OutputQueue({
    initialBytes: 1024,
    maxBytes: MAX_PUSH_BYTES,
    chunkBytes: MAX_PUSH_BYTES,
  });
  /** A writer of its own: a message may be written while a reply is. */
  readonly writer: Reply;
  /** The message that it holds, if any. */
  holds: Push | undefined;

  constructor(makeWriter: (out: OutputQueue) => Reply) {
    this.writer = makeWriter(this.bytes);
  }

  clear(): void {
    this.holds = undefined;
    this.bytes.clear(KEPT_BYTES);
  }
}

const RESP2 = new Scratch((out) => new RespReply(out, 2));
const RESP3 = new Scratch((out) => new RespReply(out, 3));
const NATIVE = new Scratch((out) => new NativeReply(out));

function scratchOf({ protocol }: Reply): Scratch {
  return protocol === 2 ? RESP2 : protocol === 3 ? RESP3 : NATIVE;
}

/**
 * See the top of the file.
 *
 * @example
 * ```ts
 * const push = new Push((reply) => { reply.push(1); reply.bulk("hello"); });
 * for (const client of clients) client.push(push);
 * ```
 */
export class Push {
  readonly #write: (reply: Reply) => void;
  /** Copies that are kept, for those who get it later. */
  #kept: Map<Scratch, Uint8Array> | undefined;

  /** @param write writes one value, called at once or later, once a dialect */
  constructor(write: (reply: Reply) => void) {
    this.#write = write;
  }

  /**
   * Appends the message in the protocol that `reply` writes. Those who get it at once, one after the
   * other, get it from the scratch: a copy of each message would cost more than all else. O(length).
   */
  appendTo(out: OutputQueue, reply: Reply): void {
    const scratch = scratchOf(reply);
    const kept = this.#kept?.get(scratch);
    if (kept !== undefined) return out.append(kept, 0, kept.length);
    if (scratch.holds !== this) this.#writeTo(scratch);
    const { bytes, head, length } = scratch.bytes;
    if (length > KEPT_BYTES) {
      const large = this.bytesFor(reply);
      out.append(large, 0, large.length);
    } else out.append(bytes, head, length);
  }

  /** The message in the protocol that `reply` writes, to be kept. O(length) the first time. */
  bytesFor(reply: Reply): Uint8Array {
    const scratch = scratchOf(reply);
    let kept = this.#kept?.get(scratch);
    if (kept === undefined) {
      if (scratch.holds !== this) this.#writeTo(scratch);
      kept = scratch.bytes.take(Infinity).slice();
      (this.#kept ??= new Map()).set(scratch, kept);
      scratch.clear();
    }
    return kept;
  }

  #writeTo(scratch: Scratch): void {
    const { writer } = scratch;
    scratch.clear();
    try {
      const mark = writer.begin();
      this.#write(writer);
      writer.end(mark);
      scratch.holds = this;
    } finally {
      // A message that could not be written leaves nothing to the next.
      if (scratch.holds !== this) scratch.clear();
    }
  }
}
