/**
 * Buffers that connections borrow while they are served, so that an idle one holds none.
 *
 * A connection has its buffers until its reply is written, so a thousand that ask at once hold a
 * thousand of each. New ones are therefore small, and the pool counts bytes: it keeps many that are
 * small, or fewer that long replies made large. The one that came back last is lent first, so those
 * that have grown stay in use.
 */

import { RequestBatch } from "../../protocol/arguments.ts";
import { OutputQueue } from "../../structures/bytes/output_queue.ts";

/** Size of a new output queue. */
const NEW_OUTPUT_BYTES = 4 * 1024;
/** Size up to which an output queue is kept as it is; a larger one becomes new again. */
const KEPT_OUTPUT_BYTES = 64 * 1024;
/** Bytes that all pooled output queues hold at most; a further one goes to the garbage collector. */
const MAX_POOLED_BYTES = 4 * 1024 * 1024;
/** Most bytes of replies that wait for one client to read them. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024 * 1024;
/** Batches that the pool keeps. */
const MAX_POOLED_BATCHES = 1024;

/** Output queues and batches that connections share: each needs them only while it is served. */
export class BufferPool {
  readonly #outputs: OutputQueue[] = [];
  readonly #batches: RequestBatch[] = [];
  #pooledBytes = 0;

  /** Bytes of the output queues that nobody has borrowed. */
  get pooledBytes(): number {
    return this.#pooledBytes;
  }

  takeOutput(): OutputQueue {
    const output = this.#outputs.pop();
    if (output === undefined) {
      return new OutputQueue({ initialBytes: NEW_OUTPUT_BYTES, maxBytes: MAX_OUTPUT_BYTES });
    }
    this.#pooledBytes -= output.bytes.length;
    return output;
  }

  returnOutput(output: OutputQueue): void {
    output.clear(KEPT_OUTPUT_BYTES);
    const pooledBytes = this.#pooledBytes + output.bytes.length;
    if (pooledBytes > MAX_POOLED_BYTES) return;
    this.#pooledBytes = pooledBytes;
    this.#outputs.push(output);
  }

  takeBatch(): RequestBatch {
    return this.#batches.pop() ?? new RequestBatch();
  }

  returnBatch(batch: RequestBatch): void {
    batch.clear();
    if (this.#batches.length < MAX_POOLED_BATCHES) this.#batches.push(batch);
  }
}
