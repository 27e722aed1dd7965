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

const scratch = new OutputQueue({
  initialBytes: 1024,
  maxBytes: MAX_PUSH_BYTES,
  chunkBytes: MAX_PUSH_BYTES,
});

/** Writers of their own: a message may be written while a reply is. */
const WRITERS: readonly Reply[] = [
  new RespReply(scratch, 2),
  new RespReply(scratch, 3),
  new NativeReply(scratch),
];

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
  readonly #encoded: (Uint8Array | undefined)[] = [];

  /** @param write writes one value, called at once or later, once a dialect */
  constructor(write: (reply: Reply) => void) {
    this.#write = write;
  }

  /** The message in the protocol that `reply` writes. O(length) the first time. */
  bytesFor(reply: Reply): Uint8Array {
    const dialect = WRITERS.findIndex(({ protocol }) => protocol === reply.protocol);
    return this.#encoded[dialect] ??= this.#encode(WRITERS[dialect]);
  }

  #encode(writer: Reply): Uint8Array {
    try {
      const mark = writer.begin();
      this.#write(writer);
      writer.end(mark);
      return scratch.take(Infinity).slice();
    } finally {
      // A message that could not be written leaves nothing to the next.
      scratch.clear(KEPT_BYTES);
    }
  }
}
