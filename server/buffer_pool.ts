/**
 * Buffers that connections borrow while they are served, so that an idle one holds none.
 */

import { RequestBatch } from "../protocol/arguments.ts";
import { ByteQueue } from "../structures/byte_queue.ts";

/** Size that an output queue keeps in the pool. */
const POOLED_OUTPUT_BYTES = 64 * 1024;
/** Largest reply that is put together in memory. */
const MAX_OUTPUT_BYTES = 1024 * 1024 * 1024;
/** Queues and batches that the pool keeps; a further one goes to the garbage collector. */
const MAX_POOLED = 64;

/** Output queues and batches that connections share: each needs them only while it is served. */
export class BufferPool {
  readonly #outputs: ByteQueue[] = [];
  readonly #batches: RequestBatch[] = [];

  takeOutput(): ByteQueue {
    return this.#outputs.pop() ??
      new ByteQueue({ initialBytes: POOLED_OUTPUT_BYTES, maxBytes: MAX_OUTPUT_BYTES });
  }

  returnOutput(output: ByteQueue): void {
    output.consume(output.length);
    output.release();
    if (this.#outputs.length < MAX_POOLED) this.#outputs.push(output);
  }

  takeBatch(): RequestBatch {
    return this.#batches.pop() ?? new RequestBatch();
  }

  returnBatch(batch: RequestBatch): void {
    batch.clear();
    if (this.#batches.length < MAX_POOLED) this.#batches.push(batch);
  }
}
