/**
 * One request that outlives the input it came in: its client waits, and it is to be tried again. It is
 * one small array, as there may be one for each of ten thousand clients:
 *
 * ```
 * │ length │ length │ … │ bytes of argument 0 │ bytes of argument 1 │ …      lengths: 4 bytes each
 * ```
 */

import type { Arguments } from "../../protocol/arguments.ts";

/** What the object and its array take beside their contents, about. */
const OBJECT_BYTES = 256;

// Where the arguments are of the request that is shown; made larger where they must be.
let offsets = new Int32Array(64);
let lengths = new Int32Array(64);

/**
 * See the top of the file.
 *
 * @example
 * ```ts
 * const request = new StoredRequest(call.args);
 * request.show(frame.args);
 * ```
 */
export class StoredRequest {
  #bytes: Uint8Array;
  #count = 0;

  /** Copies a request. O(bytes). */
  constructor(args: Arguments) {
    this.#bytes = new Uint8Array(neededBytes(args));
    this.#write(args);
  }

  /** Memory that it takes, in bytes. */
  get memoryBytes(): number {
    return OBJECT_BYTES + this.#bytes.length;
  }

  /** Takes the place of the request with another, where there is the room. @returns whether it did */
  replace(args: Arguments): boolean {
    if (neededBytes(args) > this.#bytes.length) return false;
    this.#write(args);
    return true;
  }

  #write(args: Arguments): void {
    const own = this.#bytes;
    const { bytes, count } = args;
    let at = 4 * count;
    for (let i = 0; i < count; i++) {
      const start = args.start(i);
      const length = args.length(i);
      for (let byte = 0; byte < 4; byte++) own[4 * i + byte] = length >>> (8 * byte);
      own.set(bytes.subarray(start, start + length), at);
      at += length;
    }
    this.#count = count;
  }

  /** Points `args` at it, until another one is shown or this one is replaced. O(arguments). */
  show(args: Arguments): void {
    const own = this.#bytes;
    const count = this.#count;
    if (count > offsets.length) {
      offsets = new Int32Array(2 * count);
      lengths = new Int32Array(2 * count);
    }
    let at = 4 * count;
    for (let i = 0; i < count; i++) {
      const head = 4 * i;
      const length = own[head] | own[head + 1] << 8 | own[head + 2] << 16 | own[head + 3] << 24;
      offsets[i] = at;
      lengths[i] = length;
      at += length;
    }
    args.bytes = own;
    args.offsets = offsets;
    args.lengths = lengths;
    args.base = 0;
    args.count = count;
  }
}

function neededBytes(args: Arguments): number {
  const { count } = args;
  let total = 4 * count;
  for (let i = 0; i < count; i++) total += args.length(i);
  return total;
}
