/**
 * One direction of a connection within a process: bytes that one side has written and the other has
 * yet to read, up to a bound.
 *
 * ```
 * write ──▶ │ chunk │ chunk │ chunk ──▶ read          over CAPACITY_BYTES a write takes none, and waits
 *           └──── heldBytes ──────┘
 * ```
 *
 * Whoever waits goes on in a microtask, which is fast, but lets nothing else of the process have its
 * turn. So after a row of them comes one that waits for a timer.
 */

import { after, soon } from "../../structures/real_time.ts";

/** Bytes that a direction holds at most, about as many as a socket of the system does. */
const CAPACITY_BYTES = 256 * 1024;
/** Turns in a row that come before everything else of the process. */
const QUICK_TURNS = 64;

let quickTurns = 0;

/** Calls in a while: at once, or when others have had their turn. */
function shortly(run: () => void): void {
  if (++quickTurns < QUICK_TURNS) return soon(run);
  quickTurns = 0;
  after(0, run);
}

export class Pipe {
  readonly #chunks: Uint8Array[] = [];
  #heldBytes = 0;
  /** Bytes of the oldest chunk that have been read. */
  #readOfFirst = 0;
  #hasEnded = false;
  #reader: (() => void) | undefined;
  #writer: (() => void) | undefined;

  /** Whether there is something to read, be it the end. */
  get isReadable(): boolean {
    return this.#heldBytes > 0 || this.#hasEnded;
  }

  /** Whether a write would take anything; once it has ended it takes all, and drops it. */
  get hasRoom(): boolean {
    return this.#heldBytes < CAPACITY_BYTES || this.#hasEnded;
  }

  /** Whether nothing more will come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Takes a copy of the bytes, as many as there is room for. @returns how many */
  write(bytes: Uint8Array): number {
    if (this.#hasEnded) return bytes.length;
    const taken = Math.min(bytes.length, CAPACITY_BYTES - this.#heldBytes);
    if (taken > 0) {
      // The writer may go on to use its memory for something else, which may be shared with threads.
      const chunk = new Uint8Array(taken);
      chunk.set(bytes.subarray(0, taken));
      this.#chunks.push(chunk);
      this.#heldBytes += taken;
      this.#wakeReader();
    }
    return taken;
  }

  /** Moves bytes into a buffer. @returns how many; null at the end */
  readInto(buffer: Uint8Array): number | null {
    if (this.#heldBytes === 0) return this.#hasEnded ? null : 0;
    let count = 0;
    while (count < buffer.length && this.#chunks.length > 0) {
      const [chunk] = this.#chunks;
      const left = chunk.subarray(this.#readOfFirst);
      const part = left.subarray(0, buffer.length - count);
      buffer.set(part, count);
      count += part.length;
      this.#readOfFirst += part.length;
      if (part.length === left.length) this.#dropFirst();
    }
    this.#took(count);
    return count;
  }

  /** Takes the oldest bytes, which are the reader's own. @returns undefined where there are none */
  takeChunk(): Uint8Array | undefined {
    const chunk = this.#chunks[0]?.subarray(this.#readOfFirst);
    if (chunk === undefined) return undefined;
    this.#dropFirst();
    this.#took(chunk.length);
    return chunk;
  }

  /** Calls, later, once there is something to read. One at a time waits. */
  whenReadable(run: () => void): void {
    this.#reader = run;
    if (this.isReadable) this.#wakeReader();
  }

  /** Calls, later, once there is room. One at a time waits. */
  whenRoomy(run: () => void): void {
    this.#writer = run;
    if (this.hasRoom) this.#wakeWriter();
  }

  /** What is in it can still be read; nothing more comes. */
  end(): void {
    this.#hasEnded = true;
    this.#wakeReader();
    this.#wakeWriter();
  }

  /** As {@linkcode Pipe.end}, and what is in it is dropped. */
  destroy(): void {
    this.#chunks.length = 0;
    this.#readOfFirst = 0;
    this.#heldBytes = 0;
    this.end();
  }

  #dropFirst(): void {
    this.#chunks.shift();
    this.#readOfFirst = 0;
  }

  #took(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#wakeWriter();
  }

  #wakeReader(): void {
    const run = this.#reader;
    this.#reader = undefined;
    if (run !== undefined) shortly(run);
  }

  #wakeWriter(): void {
    const run = this.#writer;
    this.#writer = undefined;
    if (run !== undefined) shortly(run);
  }
}
