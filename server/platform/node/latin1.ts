/** Node's decoder of one character a byte: that of its buffers, which take any byte array. */

import { Buffer } from "node:buffer";

type Slice = (this: Uint8Array, start: number, end: number) => string;
type Write = (this: Uint8Array, text: string, at: number, length: number) => number;

// Neither is in Node's documentation, and both have been there from its beginning.
const { latin1Slice: slice, latin1Write: write } = Buffer.prototype as unknown as {
  readonly latin1Slice: Slice;
  readonly latin1Write: Write;
};

/** The bytes from `start` to `end` as a string of one character a byte. O(bytes). */
export function latin1Slice(bytes: Uint8Array, start: number, end: number): string {
  return slice.call(bytes, start, end);
}

/** Writes the characters of a text, a byte each, from `at` on. O(length). */
export function latin1Write(bytes: Uint8Array, at: number, text: string): void {
  write.call(bytes, text, at, text.length);
}
