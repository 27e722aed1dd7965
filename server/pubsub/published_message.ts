/**
 * A message on its way to its subscribers, encoded at most once a dialect. There is one object for
 * all messages, one after the other, so that publishing allocates nothing:
 *
 * ```
 * set(kind, pattern, channel, message) ─▶ client.push(it) … ─▶ clear()
 *                                           │ first of its dialect: encoded into the dialect's scratch
 *                                           └ appended from there
 * ```
 */

import { NativeReply } from "../../protocol/native_reply.ts";
import type { Reply } from "../../protocol/reply.ts";
import { RespReply } from "../../protocol/resp_reply.ts";
import type { ByteView } from "../../structures/bytes/byte_view.ts";
import { OutputQueue } from "../../structures/bytes/output_queue.ts";
import { dialectOf, type PushMessage } from "../execution/push.ts";

/** Longest message: a channel and a text of the greatest length, with headers. */
const MAX_MESSAGE_BYTES = 2 ** 31;
/** Scratch memory that is kept from one message to the next. */
const KEPT_BYTES = 64 * 1024;

function scratch(): OutputQueue {
  return new OutputQueue({
    initialBytes: 1024,
    maxBytes: MAX_MESSAGE_BYTES,
    chunkBytes: MAX_MESSAGE_BYTES,
  });
}

export class PublishedMessage implements PushMessage {
  /** By the number of the dialect. */
  readonly #writers: readonly Reply[] = [
    new RespReply(scratch(), 2),
    new RespReply(scratch(), 3),
    new NativeReply(scratch()),
  ];
  #kind!: Uint8Array;
  #pattern: Readonly<ByteView> | undefined;
  #channel!: Readonly<ByteView>;
  #message!: Readonly<ByteView>;

  /** Begins a message. What the views see stays there until clear(). */
  set(
    kind: Uint8Array,
    pattern: Readonly<ByteView> | undefined,
    channel: Readonly<ByteView>,
    message: Readonly<ByteView>,
  ): void {
    this.#kind = kind;
    this.#pattern = pattern;
    this.#channel = channel;
    this.#message = message;
  }

  /** Ends it: everybody has got it. */
  clear(): void {
    const writers = this.#writers;
    for (let dialect = 0; dialect < writers.length; dialect++) {
      const { out } = writers[dialect];
      if (out.length > 0) out.clear(KEPT_BYTES);
    }
  }

  bytesFor(reply: Reply): Uint8Array {
    const { bytes, head, tail } = this.#encoded(reply);
    return bytes.slice(head, tail);
  }

  appendTo(out: OutputQueue, reply: Reply): void {
    const encoded = this.#encoded(reply);
    out.append(encoded.bytes, encoded.head, encoded.length);
  }

  /** The scratch of the dialect, with the message in it. */
  #encoded(reply: Reply): OutputQueue {
    const writer = this.#writers[dialectOf(reply)];
    if (writer.out.length === 0) this.#write(writer);
    return writer.out;
  }

  #write(writer: Reply): void {
    const kind = this.#kind;
    const pattern = this.#pattern;
    const channel = this.#channel;
    const message = this.#message;
    const mark = writer.begin();
    writer.push(pattern === undefined ? 3 : 4);
    writer.bulkBytes(kind, 0, kind.length);
    if (pattern !== undefined) writer.bulkBytes(pattern.bytes, pattern.start, pattern.length);
    writer.bulkBytes(channel.bytes, channel.start, channel.length);
    writer.bulkBytes(message.bytes, message.start, message.length);
    writer.end(mark);
  }
}
