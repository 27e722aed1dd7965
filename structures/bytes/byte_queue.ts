/**
 * A queue of bytes in one array: network input waiting to be decoded, or output waiting to be sent.
 *
 * ```
 * bytes  ┌──────────────┬───────────────────────────┬──────────────────┐
 *        │   consumed   │        live bytes         │       room       │
 *        └──────────────┴───────────────────────────┴──────────────────┘
 *        0              head                        tail         bytes.length
 * ```
 *
 * Consuming moves `head` and copies nothing, so whoever reads the live bytes may hold offsets into
 * `bytes`. They stay valid until the next reserve() or reserveAnnounced(), the only calls that move
 * anything: they slide the live bytes to the front when they fill at most half of the array (which
 * makes the copies cost O(1) per byte that passes through), and otherwise move them to a larger
 * array. An array that a burst made large is given back by release().
 *
 * No array is larger than {@linkcode MAX_QUEUE_BYTES}, so an offset always fits 32 signed bits.
 */

import { withView } from "./bytes.ts";
import { copyBytes } from "./copy_bytes.ts";

/** No queue holds more, whatever its bounds say. */
export const MAX_QUEUE_BYTES = 2 ** 31 - 2 ** 16;

/** A claim of up to so many times what has come is believed. */
const PROVEN_FACTOR = 8;

/** A queue was asked to hold more than its `maxBytes`. */
export class ByteQueueFullError extends Error {
  override name = "ByteQueueFullError";
}

/**
 * How large a queue may be. A queue reads its bounds whenever it grows, so one object can serve many
 * queues, and what is changed there holds for all of them.
 */
export interface QueueBounds {
  /** Size of the array that an empty queue keeps. */
  readonly initialBytes: number;
  /** The live bytes and the room after them never need more than this. */
  readonly maxBytes: number;
}

const NO_BYTES = new Uint8Array(0);

export class ByteQueue {
  /** The array. Replaced by reserve(), reserveAnnounced() and release(). */
  bytes: Uint8Array<ArrayBuffer>;
  /** Offset of the first live byte. */
  head = 0;
  /** Offset behind the last live byte; whoever writes there calls reserve() first. */
  tail = 0;
  readonly #bounds: QueueBounds;
  /** What view() answered last, from offset #viewStart of `bytes`; empty when `bytes` is new. */
  #view: Uint8Array<ArrayBuffer> = NO_BYTES;
  #viewStart = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
    this.bytes = withView(new Uint8Array(bounds.initialBytes));
  }

  /** Live bytes. */
  get length(): number {
    return this.tail - this.head;
  }

  /**
   * Makes room for `count` bytes after `tail`. Amortized O(1) per byte; invalidates offsets.
   * Throws ByteQueueFullError, with the queue unchanged, when that needs more than `maxBytes`.
   */
  reserve(count: number): void {
    if (count > this.bytes.length - this.tail) {
      this.#makeRoom(count, Math.max(this.bytes.length * 2, this.#bounds.initialBytes));
    }
  }

  /**
   * Makes room for some of `count` bytes that a stranger says will come, and answers how much there
   * is: as much again as has come already, or `stepBytes` if that is more; and for all of them once
   * every ninth is there. So a claim alone takes next to no memory, the array never has more than the
   * claim needs, and what has come is seldom copied. Amortized O(1) for each byte that does come;
   * invalidates offsets.
   *
   * Throws ByteQueueFullError, with the queue unchanged, when all of them could never be held.
   */
  reserveAnnounced(count: number, stepBytes: number): number {
    const live = this.tail - this.head;
    this.#checkBounds(live + count);
    const isProven = live * PROVEN_FACTOR >= count;
    const step = isProven ? count : Math.min(count, Math.max(stepBytes, live));
    // Not at every read: one that brings little would copy what all reads before it have brought.
    if (this.bytes.length - this.tail < Math.min(count, stepBytes / 2)) {
      this.#makeRoom(step, live + step);
    }
    return Math.min(count, this.bytes.length - this.tail);
  }

  /** `capacity` is what a new array should have, if one is needed. */
  #makeRoom(count: number, capacity: number): void {
    const live = this.tail - this.head;
    const needed = live + count;
    const maxBytes = this.#checkBounds(needed);
    const present = this.bytes.length;
    const larger = Math.min(capacity, maxBytes);
    if (needed <= present && (live * 2 <= present || larger <= present)) {
      this.bytes.copyWithin(0, this.head, this.tail);
    } else {
      const bytes = withView(new Uint8Array(Math.max(larger, needed)));
      bytes.set(this.bytes.subarray(this.head, this.tail));
      this.#replaceBytes(bytes);
    }
    this.head = 0;
    this.tail = live;
  }

  /** Answers what the queue may hold at most. */
  #checkBounds(needed: number): number {
    const maxBytes = Math.min(this.#bounds.maxBytes, MAX_QUEUE_BYTES);
    if (needed > maxBytes) {
      throw new ByteQueueFullError(`${needed} bytes needed, at most ${maxBytes} allowed`);
    }
    return maxBytes;
  }

  /**
   * Offsets `start` to `end` of `bytes`, for a socket to read into or write from. The same object as
   * last time if it can be: a view costs more than many a request.
   */
  view(start: number, end: number): Uint8Array<ArrayBuffer> {
    if (start === 0 && end === this.bytes.length) return this.bytes;
    if (this.#viewStart !== start || this.#view.length !== end - start || end === start) {
      this.#view = this.bytes.subarray(start, end);
      this.#viewStart = start;
    }
    return this.#view;
  }

  #replaceBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.#view = NO_BYTES;
  }

  /** Makes the `count` bytes that were written after `tail` live. */
  commit(count: number): void {
    this.tail += count;
  }

  /** Drops the first `count` live bytes. O(1); `bytes` keeps its contents until reserve(). */
  consume(count: number): void {
    this.head += count;
    if (this.head === this.tail) {
      this.head = 0;
      this.tail = 0;
    }
  }

  /** Drops the live bytes from offset `tail` on: takes back what was written last. */
  truncate(tail: number): void {
    this.tail = tail;
  }

  /** Appends `length` bytes of `source`, which may lie in shared memory. */
  append(source: Uint8Array, start: number, length: number): void {
    this.reserve(length);
    copyBytes(this.bytes, this.tail, source, start, length);
    this.tail += length;
  }

  /** Gives an array that has outgrown `initialBytes` back, if the queue is empty. */
  release(): void {
    if (this.tail !== this.head) return;
    this.head = 0;
    this.tail = 0;
    const { initialBytes } = this.#bounds;
    if (this.bytes.length > initialBytes) {
      this.#replaceBytes(withView(new Uint8Array(initialBytes)));
    }
  }
}
