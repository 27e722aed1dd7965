// A queue of bytes in one array: network input waiting to be decoded, or output waiting to be sent.
//
//     bytes  ┌──────────────┬───────────────────────────┬──────────────────┐
//            │   consumed   │        live bytes         │       room       │
//            └──────────────┴───────────────────────────┴──────────────────┘
//            0              head                        tail         bytes.length
//
// Consuming moves `head` and copies nothing, so whoever reads the live bytes may hold offsets into
// `bytes`. They stay valid until the next reserve(), the only call that moves anything: it slides
// the live bytes to the front when they fill at most half of the array (which makes the copies
// cost O(1) per byte that passes through), and otherwise moves them to an array twice as large. An
// array that a burst made large is given back by release().

import { withView } from "./bytes.ts";
import { copyBytes } from "./copy_bytes.ts";

/** A queue was asked to hold more than its `maxBytes`. */
export class ByteQueueFullError extends Error {
  override name = "ByteQueueFullError";
}

export interface ByteQueueOptions {
  /** Size of the array that an empty queue keeps. */
  initialBytes: number;
  /** The live bytes and the room after them never need more than this. */
  maxBytes: number;
}

const NO_BYTES = new Uint8Array(0);

export class ByteQueue {
  /** The array. Replaced by reserve() and release(). */
  bytes: Uint8Array<ArrayBuffer>;
  /** Offset of the first live byte. */
  head = 0;
  /** Offset behind the last live byte; whoever writes there calls reserve() first. */
  tail = 0;
  readonly initialBytes: number;
  maxBytes: number;
  /** What view() answered last, from offset #viewStart of `bytes`; empty when `bytes` is new. */
  #view: Uint8Array<ArrayBuffer> = NO_BYTES;
  #viewStart = 0;

  constructor({ initialBytes, maxBytes }: ByteQueueOptions) {
    this.initialBytes = initialBytes;
    this.maxBytes = maxBytes;
    this.bytes = withView(new Uint8Array(initialBytes));
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
    if (count > this.bytes.length - this.tail) this.makeRoom(count);
  }

  private makeRoom(count: number): void {
    const capacity = this.bytes.length;
    const live = this.tail - this.head;
    const needed = live + count;
    if (needed > this.maxBytes) {
      throw new ByteQueueFullError(`${needed} bytes needed, at most ${this.maxBytes} allowed`);
    }
    const doubled = Math.min(capacity * 2, this.maxBytes);
    if (needed <= capacity && (live * 2 <= capacity || doubled <= capacity)) {
      this.bytes.copyWithin(0, this.head, this.tail);
    } else {
      const larger = withView(new Uint8Array(Math.max(doubled, needed, this.initialBytes)));
      larger.set(this.bytes.subarray(this.head, this.tail));
      this.#replaceBytes(larger);
    }
    this.head = 0;
    this.tail = live;
  }

  /** As reserve(), but where the array has to grow it gets that room and no more. */
  reserveExactly(count: number): void {
    if (count <= this.bytes.length - this.tail) return;
    const live = this.tail - this.head;
    const needed = live + count;
    if (needed > this.maxBytes || needed <= this.bytes.length) return this.makeRoom(count);
    const larger = withView(new Uint8Array(needed));
    larger.set(this.bytes.subarray(this.head, this.tail));
    this.#replaceBytes(larger);
    this.head = 0;
    this.tail = live;
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
    if (this.bytes.length > this.initialBytes) {
      this.#replaceBytes(withView(new Uint8Array(this.initialBytes)));
    }
  }
}
