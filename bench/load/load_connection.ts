// One connection of the load generator: sends a window of requests in one piece, then reads until
// every reply has come, comparing each byte with what it must be.
//
//     window    │ set 0, op 812 │ set 2, op 7 │ set 0, op 93 │      drawn at random
//                 ▲ position: the reply that the next byte belongs to
//                   matched: how many of its bytes have come
//
// As redis-benchmark does, it sends the next window when the last reply of this one is there; the
// latency of a request counts from the moment its window was sent.

import type { LatencyHistogram } from "../latency_histogram.ts";
import type { OperationMix } from "./workloads.ts";
import { WrongReplyError } from "./wrong_reply.ts";

const READ_BYTES = 128 * 1024;

export interface LoadConnectionOptions {
  readonly mix: OperationMix;
  /** Requests in a window. */
  readonly pipeline: number;
  readonly histogram: LatencyHistogram;
  /** Where the random choice of operations starts: not 0. */
  readonly seed: number;
}

export class LoadConnection {
  readonly #connection: Deno.Conn;
  readonly #mix: OperationMix;
  readonly #pipeline: number;
  readonly #histogram: LatencyHistogram;
  readonly #input: Uint8Array<ArrayBuffer>;
  #output = new Uint8Array(1024);
  readonly #setOf: Uint8Array;
  readonly #operationOf: Int32Array;
  #position = 0;
  #matched = 0;
  #random: number;
  /** Requests answered correctly. */
  operations = 0;

  constructor(connection: Deno.Conn, options: LoadConnectionOptions) {
    this.#connection = connection;
    this.#mix = options.mix;
    this.#pipeline = options.pipeline;
    this.#histogram = options.histogram;
    this.#input = new Uint8Array(Math.min(READ_BYTES, 1024 * options.pipeline));
    this.#setOf = new Uint8Array(options.pipeline);
    this.#operationOf = new Int32Array(options.pipeline);
    this.#random = options.seed;
  }

  /**
   * Sends one window and takes its replies. `dueMs` (of performance.now()) is when it should have
   * been sent, for a load of fixed rate: waiting in the generator counts as the server's delay.
   * Rejects with a WrongReplyError, or an Error when the server closes the connection.
   */
  async exchange(dueMs?: number): Promise<void> {
    const length = this.#draw();
    const sentMs = dueMs ?? performance.now();
    for (let sent = 0; sent < length;) {
      sent += await this.#connection.write(this.#output.subarray(sent, length));
    }
    for (let waiting = this.#pipeline; waiting > 0;) {
      const count = await this.#connection.read(this.#input);
      if (count === null) throw new Error("the server closed the connection");
      const answered = this.#check(count);
      if (answered === 0) continue;
      waiting -= answered;
      this.operations += answered;
      this.#histogram.record(performance.now() - sentMs, answered);
    }
  }

  close(): void {
    this.#connection.close();
  }

  /** Fills the window and the output; the output's length in bytes. */
  #draw(): number {
    const { sets, choices } = this.#mix;
    let length = 0;
    for (let i = 0; i < this.#pipeline; i++) {
      const choice = choices.length === 1 ? 0 : choices[this.#next() % choices.length];
      const set = sets[choice];
      const operation = this.#next() % set.count;
      this.#setOf[i] = choice;
      this.#operationOf[i] = operation;
      const start = set.requestStarts[operation];
      const end = set.requestStarts[operation + 1];
      if (length + end - start > this.#output.length) this.#growOutput(length + end - start);
      const { requests } = set;
      const output = this.#output;
      for (let at = start; at < end; at++) output[length++] = requests[at];
    }
    this.#position = 0;
    return length;
  }

  #growOutput(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#output.length * 2));
    larger.set(this.#output);
    this.#output = larger;
  }

  /** Compares the input's first `length` bytes; the number of replies completed by them. */
  #check(length: number): number {
    const { sets } = this.#mix;
    const input = this.#input;
    const before = this.#position;
    let at = 0;
    while (at < length) {
      if (this.#position === this.#pipeline) this.#failSurplus(at, length);
      const set = sets[this.#setOf[this.#position]];
      const operation = this.#operationOf[this.#position];
      const { replies } = set;
      const from = set.replyStarts[operation] + this.#matched;
      const left = set.replyStarts[operation + 1] - from;
      const count = left < length - at ? left : length - at;
      for (let i = 0; i < count; i++) {
        if (replies[from + i] !== input[at + i]) this.#failWrong(at, length);
      }
      at += count;
      if (count === left) {
        this.#position++;
        this.#matched = 0;
      } else {
        this.#matched += count;
      }
    }
    return this.#position - before;
  }

  #failWrong(at: number, length: number): never {
    const set = this.#mix.sets[this.#setOf[this.#position]];
    const operation = this.#operationOf[this.#position];
    const expected = set.replies.subarray(
      set.replyStarts[operation],
      set.replyStarts[operation + 1],
    );
    // What came of this reply in an earlier read was equal to what was expected.
    const actual = new Uint8Array(this.#matched + length - at);
    actual.set(expected.subarray(0, this.#matched));
    actual.set(this.#input.subarray(at, length), this.#matched);
    const request = set.requests.subarray(
      set.requestStarts[operation],
      set.requestStarts[operation + 1],
    );
    throw new WrongReplyError(request, expected, actual);
  }

  #failSurplus(at: number, length: number): never {
    const surplus = this.#input.subarray(at, length);
    throw new WrongReplyError("nothing (all replies have come)", new Uint8Array(), surplus);
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
