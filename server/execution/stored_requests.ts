/**
 * Requests that outlive the input they came in, because a transaction queued them. All of them lie in
 * one array, so that a queued command costs a copy of
 * its bytes and no object:
 *
 * ```
 * bytes    S E T k v │ I N C R n │ room            offsets, lengths: as in a batch
 * first    [ 0         3           5 ]             request r owns arguments first[r] … first[r+1]-1
 * ```
 */

import type { Arguments } from "../../protocol/arguments.ts";
import { copyBytes } from "../../structures/bytes/copy_bytes.ts";
import { type Bytes, withView } from "../../structures/bytes/bytes.ts";

/** What the object takes beside its arrays' contents, about. */
const OBJECT_BYTES = 512;
/** Array sizes above which {@linkcode StoredRequests.clear} lets go of the arrays. */
const KEPT_BYTES = 4096;
const KEPT_ARGUMENTS = 256;

/**
 * See the top of the file.
 *
 * @example
 * ```ts
 * const queue = new StoredRequests(256, 16);
 * queue.append(call.args);
 * queue.show(0, frame.args);
 * ```
 */
export class StoredRequests {
  /** Requests that are stored. */
  count = 0;
  #bytes: Uint8Array & Bytes;
  #tail = 0;
  #offsets: Int32Array;
  #lengths: Int32Array;
  /** Where each request's arguments begin, and behind the last where the next one's would. */
  readonly #first: number[] = [0];
  readonly #initialBytes: number;
  readonly #initialArguments: number;

  /** @param bytes, args room to begin with */
  constructor(bytes: number, args: number) {
    this.#initialBytes = bytes;
    this.#initialArguments = args;
    this.#bytes = withView(new Uint8Array(bytes));
    this.#offsets = new Int32Array(args);
    this.#lengths = new Int32Array(args);
  }

  /** Bytes of the requests. */
  get byteLength(): number {
    return this.#tail;
  }

  /** Memory that it takes, in bytes. */
  get memoryBytes(): number {
    return OBJECT_BYTES + this.#bytes.length + 8 * this.#offsets.length + 8 * this.#first.length;
  }

  /** Copies a request. Amortized O(bytes). */
  append(args: Arguments): void {
    const { bytes, count } = args;
    const from = args.start(0);
    const length = extent(args);
    const at = this.#first[this.count];
    this.#reserve(this.#tail + length, at + count);
    copyBytes(this.#bytes, this.#tail, bytes, from, length);
    for (let i = 0; i < count; i++) {
      this.#offsets[at + i] = this.#tail + args.start(i) - from;
      this.#lengths[at + i] = args.length(i);
    }
    this.#tail += length;
    this.#first[++this.count] = at + count;
  }

  #reserve(bytes: number, args: number): void {
    if (bytes > this.#bytes.length) {
      const larger = withView(new Uint8Array(Math.max(bytes, 2 * this.#bytes.length)));
      copyBytes(larger, 0, this.#bytes, 0, this.#tail);
      this.#bytes = larger;
    }
    if (args > this.#offsets.length) {
      const size = Math.max(args, 2 * this.#offsets.length);
      this.#offsets = grown(this.#offsets, size);
      this.#lengths = grown(this.#lengths, size);
    }
  }

  /** Points `args` at request `r`, valid until the next change. O(1). */
  show(r: number, args: Arguments): void {
    args.bytes = this.#bytes;
    args.offsets = this.#offsets;
    args.lengths = this.#lengths;
    args.base = this.#first[r];
    args.count = this.#first[r + 1] - this.#first[r];
  }

  /** Drops all requests, and arrays that are large. */
  clear(): void {
    this.count = 0;
    this.#tail = 0;
    this.#first.length = 1;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = withView(new Uint8Array(this.#initialBytes));
    if (this.#offsets.length > KEPT_ARGUMENTS) {
      this.#offsets = new Int32Array(this.#initialArguments);
      this.#lengths = new Int32Array(this.#initialArguments);
    }
  }
}

/** Bytes from the first argument to the end of the last. */
function extent(args: Arguments): number {
  const last = args.count - 1;
  return args.start(last) + args.length(last) - args.start(0);
}

function grown(array: Int32Array, size: number): Int32Array {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}
