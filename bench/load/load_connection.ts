/**
 * One connection of the load generator: sends a window of requests in one piece, then reads until
 * every reply has come, comparing each byte with what it must be.
 *
 * ```
 * prepared requests   │ 0 │ 1 │ 2 │ 3 │ 4 │ 5 │ 6 │ …
 *                             └── window ─┘              from a random place: one write
 * prepared replies    │ 0 │ 1 │ 2 │ 3 │ 4 │ 5 │ 6 │ …
 *                             └── window ─┘              equal to all that is read, or else
 * ```
 *
 * As redis-benchmark does, it sends the next window when the last reply of this one is there; the
 * latency of a request counts from the moment its window was sent.
 */

import type { EndpointSocket } from "../../client/platform/network.ts";
import type { LatencyHistogram } from "../latency_histogram.ts";
import type { OperationSet } from "./operation_set.ts";
import { WrongReplyError } from "./wrong_reply.ts";

const READ_BYTES = 128 * 1024;
const READ_BYTES_PER_REQUEST = 1024;

export interface LoadConnectionOptions {
  readonly operations: OperationSet;
  /** Requests in a window; at most as many as there are operations. */
  readonly pipeline: number;
  readonly histogram: LatencyHistogram;
  /** Where the random choice of windows starts: not 0. */
  readonly seed: number;
}

export class LoadConnection {
  readonly #connection: EndpointSocket;
  readonly #set: OperationSet;
  readonly #pipeline: number;
  readonly #histogram: LatencyHistogram;
  readonly #input: Uint8Array<ArrayBuffer>;
  #random: number;
  /** Requests answered correctly. */
  operations = 0;

  constructor(connection: EndpointSocket, options: LoadConnectionOptions) {
    this.#connection = connection;
    this.#set = options.operations;
    this.#pipeline = options.pipeline;
    this.#histogram = options.histogram;
    this.#input = new Uint8Array(Math.min(READ_BYTES, READ_BYTES_PER_REQUEST * options.pipeline));
    this.#random = options.seed;
  }

  /**
   * Sends one window and takes its replies. `dueMs` (of performance.now()) is when it should have
   * been sent, for a load of fixed rate: waiting in the generator counts as the server's delay.
   * Rejects with a WrongReplyError, or an Error when the server closes the connection.
   */
  async exchange(dueMs?: number): Promise<void> {
    const { requests, requestStarts, replyStarts, count } = this.#set;
    const first = this.#next() % (count - this.#pipeline + 1);
    const behind = first + this.#pipeline;
    const sentMs = dueMs ?? performance.now();
    const lastByte = requestStarts[behind];
    for (let at = requestStarts[first]; at < lastByte;) {
      at += await this.#connection.write(requests.subarray(at, lastByte));
    }
    const end = replyStarts[behind];
    let operation = first;
    for (let at = replyStarts[first]; at < end;) {
      const read = await this.#connection.read(this.#input);
      if (read === null) throw new Error("the server closed the connection");
      this.#check(operation, at, end, read);
      at += read;
      const before = operation;
      while (operation < behind && replyStarts[operation + 1] <= at) operation++;
      const answered = operation - before;
      if (answered === 0) continue;
      this.operations += answered;
      this.#histogram.record(performance.now() - sentMs, answered);
    }
  }

  close(): void {
    this.#connection.close();
  }

  /**
   * Compares the input's first `length` bytes with the replies from byte `at` on, which is in the
   * reply to `operation`. Throws a WrongReplyError.
   */
  #check(operation: number, at: number, end: number, length: number): void {
    const { replies } = this.#set;
    const input = this.#input;
    const count = Math.min(length, end - at);
    for (let i = 0; i < count; i++) {
      if (replies[at + i] !== input[i]) this.#fail(operation, at, at + i, length);
    }
    if (length > count) {
      const surplus = input.subarray(count, length);
      throw new WrongReplyError("nothing (all replies have come)", new Uint8Array(), surplus);
    }
  }

  /** The input, which goes on from reply byte `from`, is wrong at byte `wrong`. */
  #fail(operation: number, from: number, wrong: number, length: number): never {
    const { requests, requestStarts, replies, replyStarts } = this.#set;
    while (replyStarts[operation + 1] <= wrong) operation++;
    const start = replyStarts[operation];
    // What came of this reply in an earlier read was equal to what was expected.
    const known = replies.subarray(start, Math.max(start, from));
    const rest = this.#input.subarray(Math.max(start, from) - from, length);
    const actual = new Uint8Array(known.length + rest.length);
    actual.set(known);
    actual.set(rest, known.length);
    throw new WrongReplyError(
      requests.subarray(requestStarts[operation], requestStarts[operation + 1]),
      replies.subarray(start, replyStarts[operation + 1]),
      actual,
    );
  }

  /** The next number of a xorshift sequence, 32 bits. */
  #next(): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return x >>> 0;
  }
}
