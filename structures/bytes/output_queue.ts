/**
 * Bytes on their way out: what is written at one end while the other end is being sent.
 *
 * ```
 *   sealed chunks, oldest first                     the newest chunk
 * ┌────────────────────┐ ┌────────────────────┐   ┌──────┬────────────┬────────┐
 * │ in flight          │ │ waits              │   │ sent │ waits      │ room   │
 * └────────────────────┘ └────────────────────┘   └──────┴────────────┴────────┘
 *   one write at a time takes the oldest chunk           head         tail
 * ```
 *
 * Writers see one array with room behind `tail`, as of any buffer. Where the room ends, a small
 * chunk grows, by a copy; a large one is sealed and the next begins. Bytes that a write has taken
 * stay where they are until it is done, so replies and messages of others can be appended at any
 * time. A reply of any length takes memory in pieces, and gives them back as they are sent.
 *
 * What was appended since {@linkcode OutputQueue.length} was noted can be taken back, or get
 * something in front of it, until some of it was taken.
 */

import { type Bytes, withView } from "./bytes.ts";
import { ByteQueueFullError } from "./byte_queue.ts";
import { copyBytes } from "./copy_bytes.ts";

export interface OutputQueueOptions {
  /** Size of the array that an empty queue keeps. */
  initialBytes: number;
  /** The queue never holds more bytes than this; 0: it leads nowhere. */
  maxBytes: number;
  /** A chunk does not grow beyond this by copies: it is sealed. 1 MiB where it is not given. */
  chunkBytes?: number;
}

const CHUNK_BYTES = 1024 * 1024;

const NO_BYTES = new Uint8Array(0);

/** A chunk that is written to no more. */
interface SealedChunk {
  readonly bytes: Uint8Array<ArrayBuffer> & Bytes;
  head: number;
  tail: number;
}

/**
 * See the top of the file.
 *
 * @example
 * ```ts
 * const out = new OutputQueue({ initialBytes: 4096, maxBytes: 2 ** 30 });
 * out.append(new Uint8Array([1, 2, 3]), 0, 3);
 * out.sent(await socket.write(out.take(65536)));
 * ```
 */
export class OutputQueue {
  /** The newest chunk, with its view. Replaced by reserve(). */
  bytes: Uint8Array<ArrayBuffer> & Bytes;
  /** Offset of its first byte that waits. */
  head = 0;
  /** Offset behind its last byte; whoever writes there calls reserve() first. */
  tail = 0;
  readonly initialBytes: number;
  readonly maxBytes: number;
  readonly #chunkBytes: number;
  readonly #sealed: SealedChunk[] = [];
  /** Bytes that wait in sealed chunks. */
  #sealedBytes = 0;
  /** Whether a write has taken bytes of the oldest chunk. */
  #inFlight = false;
  /** What take() answered last, from offset #viewStart of #viewBytes. */
  #view: Uint8Array<ArrayBuffer> = NO_BYTES;
  #viewBytes: Uint8Array<ArrayBuffer> = NO_BYTES;
  #viewStart = 0;

  constructor({ initialBytes, maxBytes, chunkBytes = CHUNK_BYTES }: OutputQueueOptions) {
    this.initialBytes = initialBytes;
    this.maxBytes = maxBytes;
    this.#chunkBytes = chunkBytes;
    this.bytes = withView(new Uint8Array(initialBytes));
  }

  /** Bytes that wait, those in flight included. */
  get length(): number {
    return this.#sealedBytes + this.tail - this.head;
  }

  /** Bytes of all arrays. O(chunks). */
  get capacity(): number {
    let total = this.bytes.length;
    for (const chunk of this.#sealed) total += chunk.bytes.length;
    return total;
  }

  /** Chunks that are sealed and not sent. */
  get sealedChunks(): number {
    return this.#sealed.length;
  }

  /**
   * Makes room for `count` bytes behind `tail`, in one piece. Amortized O(1) a byte.
   *
   * @throws {ByteQueueFullError} with the queue unchanged, where that is more than it may hold
   */
  reserve(count: number): void {
    if (count > this.bytes.length - this.tail) this.#makeRoom(count);
  }

  #makeRoom(count: number): void {
    const live = this.tail - this.head;
    const total = this.#sealedBytes + live + count;
    if (total > this.maxBytes) {
      const problem = this.maxBytes === 0
        ? "nothing is read from this queue, so nothing may be written to it"
        : `${total} bytes needed, at most ${this.maxBytes} allowed`;
      throw new ByteQueueFullError(problem);
    }
    // The newest chunk is in flight only where there is no older one.
    const isTaken = this.#inFlight && this.#sealed.length === 0;
    const needed = live + count;
    if (isTaken || (live > 0 && needed > this.#chunkBytes)) {
      const next = newArray(Math.max(count, Math.min(this.bytes.length * 2, this.#chunkBytes)));
      if (live > 0) this.#seal();
      this.#begin(next);
      return;
    }
    if (needed <= this.bytes.length) {
      this.bytes.copyWithin(0, this.head, this.tail);
    } else {
      const doubled = Math.min(this.bytes.length * 2, this.#chunkBytes);
      const larger = newArray(Math.max(doubled, needed, this.initialBytes));
      copyBytes(larger, 0, this.bytes, this.head, live);
      this.bytes = larger;
    }
    this.head = 0;
    this.tail = live;
  }

  #seal(): void {
    this.#sealed.push({ bytes: this.bytes, head: this.head, tail: this.tail });
    this.#sealedBytes += this.tail - this.head;
  }

  #begin(bytes: Uint8Array<ArrayBuffer> & Bytes): void {
    this.bytes = bytes;
    this.head = 0;
    this.tail = 0;
  }

  /** Appends `length` bytes of `source`, which may lie in shared memory. */
  append(source: Uint8Array, start: number, length: number): void {
    this.reserve(length);
    copyBytes(this.bytes, this.tail, source, start, length);
    this.tail += length;
  }

  /**
   * The oldest bytes, at most `maxBytes`, for a write. They stay where they are until
   * {@linkcode OutputQueue.sent} tells how many of them went. The same object as last time if it can
   * be: a view costs more than many a request.
   */
  take(maxBytes: number): Uint8Array<ArrayBuffer> {
    this.#inFlight = true;
    if (this.#sealed.length > 0) {
      const { bytes, head, tail } = this.#sealed[0];
      return this.#viewOf(bytes, head, Math.min(tail - head, maxBytes));
    }
    return this.#viewOf(this.bytes, this.head, Math.min(this.tail - this.head, maxBytes));
  }

  #viewOf(bytes: Uint8Array<ArrayBuffer>, head: number, length: number): Uint8Array<ArrayBuffer> {
    if (this.#viewBytes !== bytes || this.#viewStart !== head || this.#view.length !== length) {
      this.#view = bytes.subarray(head, head + length);
      this.#viewBytes = bytes;
      this.#viewStart = head;
    }
    return this.#view;
  }

  /** Ends the write that {@linkcode OutputQueue.take} began: the first `count` bytes are sent. */
  sent(count: number): void {
    this.#inFlight = false;
    if (this.#sealed.length === 0) {
      this.head += count;
      if (this.head === this.tail) {
        this.head = 0;
        this.tail = 0;
      }
      return;
    }
    const chunk = this.#sealed[0];
    chunk.head += count;
    this.#sealedBytes -= count;
    if (chunk.head === chunk.tail) this.#sealed.shift();
  }

  /** Takes back what was appended since the queue had `length` bytes, none of it being taken. */
  truncate(length: number): void {
    while (this.#sealedBytes > length) {
      const chunk = this.#sealed.pop()!;
      this.bytes = chunk.bytes;
      this.head = chunk.head;
      this.tail = chunk.tail;
      this.#sealedBytes -= chunk.tail - chunk.head;
    }
    this.tail = this.head + length - this.#sealedBytes;
  }

  /** As {@linkcode OutputQueue.truncate}, and answers what was taken back. O(bytes). */
  cut(length: number): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.length - length);
    let at = 0;
    let skipped = length;
    const newest = { bytes: this.bytes, head: this.head, tail: this.tail };
    for (const { bytes, head, tail } of [...this.#sealed, newest]) {
      const from = Math.min(head + skipped, tail);
      copyBytes(taken, at, bytes, from, tail - from);
      at += tail - from;
      skipped -= from - head;
    }
    this.truncate(length);
    return taken;
  }

  /** Puts bytes in front of those that were appended since the queue had `length` bytes. O(those). */
  insert(length: number, source: Uint8Array): void {
    const count = source.length;
    // A chunk of nothing would be taken for the end.
    if (count === 0) return;
    if (length >= this.#sealedBytes) {
      const before = length - this.#sealedBytes;
      const behind = this.tail - this.head - before;
      // Where there is no room the chunk may be sealed; then the new one has what is behind.
      this.reserve(count);
      if (this.tail - this.head === before + behind) {
        const at = this.head + before;
        this.bytes.copyWithin(at + count, at, this.tail);
        this.bytes.set(source, at);
        this.tail += count;
        return;
      }
    }
    this.#insertChunk(length, source);
  }

  /** Cuts the sealed chunk that holds byte `length` in two, and puts a chunk between. */
  #insertChunk(length: number, source: Uint8Array): void {
    let left = length;
    let i = 0;
    for (; i < this.#sealed.length; i++) {
      const chunk = this.#sealed[i];
      const size = chunk.tail - chunk.head;
      if (left < size) {
        const cut = chunk.head + left;
        // An array of its own, as it may become the newest chunk again, which moves its bytes.
        const bytes = withView(chunk.bytes.slice(cut, chunk.tail));
        this.#sealed.splice(i + 1, 0, { bytes, head: 0, tail: bytes.length });
        chunk.tail = cut;
        break;
      }
      left -= size;
    }
    const between = { bytes: withView(source.slice()), head: 0, tail: source.length };
    this.#sealed.splice(i + 1, 0, between);
    if (i < this.#sealed.length && this.#sealed[i].head === this.#sealed[i].tail) {
      this.#sealed.splice(i, 1);
    }
    this.#sealedBytes += source.length;
  }

  /** Overwrites `source.length` bytes from byte `length` of the queue on, which lie in one chunk. */
  overwrite(length: number, source: Uint8Array): void {
    let left = length;
    for (const chunk of this.#sealed) {
      const size = chunk.tail - chunk.head;
      if (left < size) return chunk.bytes.set(source, chunk.head + left);
      left -= size;
    }
    this.bytes.set(source, this.head + left);
  }

  /** Drops everything, and the memory that a burst needed. */
  clear(keptBytes: number): void {
    if (this.#sealed.length > 0) this.#sealed.length = 0;
    this.#sealedBytes = 0;
    this.#inFlight = false;
    this.head = 0;
    this.tail = 0;
    if (this.bytes.length > keptBytes) {
      this.bytes = newArray(this.initialBytes);
      this.#view = NO_BYTES;
      this.#viewBytes = NO_BYTES;
    }
  }
}

function newArray(byteLength: number): Uint8Array<ArrayBuffer> & Bytes {
  try {
    return withView(new Uint8Array(byteLength));
  } catch {
    throw new ByteQueueFullError(`the system refused ${byteLength} bytes`);
  }
}
