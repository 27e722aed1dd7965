/**
 * The requests of a workload, made before the clock starts, each with the bytes that must come
 * back.
 *
 * ```
 * requests  │ GET key:0 │ GET key:1 │ GET key:2 │ …      requestEnds  │ 36 │ 72 │ …
 * replies   │ value 0   │ value 1   │ value 2   │ …      replyEnds    │ 22 │ 44 │ …
 * ```
 *
 * Sending a run of operations is then a write of bytes that are there already, and checking the
 * replies one comparison of bytes: the load generator must cost less than the server that it
 * measures.
 */

import type { RequestArguments } from "../../protocol/request_writer.ts";
import { ByteQueue } from "../../structures/bytes/byte_queue.ts";
import { type ExpectedReply, type WireProtocol, writeReply, writeRequest } from "./wire.ts";

const INITIAL_BYTES = 64 * 1024;
const MAX_BYTES = 2 ** 31 - 1;

/** One operation before it is turned into bytes. */
export interface Operation {
  readonly request: RequestArguments;
  readonly reply: ExpectedReply;
}

export class OperationSet {
  readonly requests: Uint8Array;
  readonly replies: Uint8Array;
  /** Operation i's request is requests[requestStarts[i] .. requestStarts[i + 1]). */
  readonly requestStarts: Uint32Array;
  readonly replyStarts: Uint32Array;

  constructor(
    protocol: WireProtocol,
    readonly count: number,
    operation: (index: number) => Operation,
  ) {
    const requests = new ByteQueue({ initialBytes: INITIAL_BYTES, maxBytes: MAX_BYTES });
    const replies = new ByteQueue({ initialBytes: INITIAL_BYTES, maxBytes: MAX_BYTES });
    this.requestStarts = new Uint32Array(count + 1);
    this.replyStarts = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) {
      const { request, reply } = operation(i);
      writeRequest(requests, protocol, request);
      writeReply(replies, protocol, reply);
      this.requestStarts[i + 1] = requests.tail;
      this.replyStarts[i + 1] = replies.tail;
    }
    this.requests = requests.bytes.slice(0, requests.tail);
    this.replies = replies.bytes.slice(0, replies.tail);
  }
}
