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

/** What a client is sent. */
export interface PushMessage {
  /** The message in the protocol that `reply` writes, to be kept and sent later. */
  bytesFor(reply: Reply): Uint8Array;
  /** Appends it in that protocol. */
  appendTo(out: OutputQueue, reply: Reply): void;
}

/** The number of the protocol that `reply` writes. */
export function dialectOf({ protocol }: Reply): number {
  if (protocol === 2) return 0;
  return protocol === 3 ? 1 : 2;
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
export class Push implements PushMessage {
  readonly #write: (reply: Reply) => void;
  readonly #encoded: (Uint8Array | undefined)[] = [];

  /** @param write writes one value, called at once or later, once a dialect */
  constructor(write: (reply: Reply) => void) {
    this.#write = write;
  }

  /** The message in the protocol that `reply` writes. O(length) the first time. */
  bytesFor(reply: Reply): Uint8Array {
    const dialect = dialectOf(reply);
    return this.#encoded[dialect] ??= this.#encode(WRITERS[dialect]);
  }

  appendTo(out: OutputQueue, reply: Reply): void {
    const bytes = this.bytesFor(reply);
    out.append(bytes, 0, bytes.length);
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
