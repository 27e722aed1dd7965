/** Deno's decoder of one character a byte: that of Node's buffers, which take any byte array. */

type Slice = (this: Uint8Array, start: number, end: number) => string;

let slice: Slice | undefined;

/** The bytes from `start` to `end` as a string of one character a byte. O(bytes). */
export function latin1Slice(bytes: Uint8Array, start: number, end: number): string {
  // The global, for Deno loads it when it is first asked for; an import would add to every start.
  slice ??= (globalThis as unknown as { Buffer: { prototype: { latin1Slice: Slice } } })
    .Buffer.prototype.latin1Slice;
  return slice.call(bytes, start, end);
}

type Write = (this: Uint8Array, text: string, at: number, length: number) => number;

let write: Write | undefined;

/** Writes the characters of a text, a byte each, from `at` on. O(length). */
export function latin1Write(bytes: Uint8Array, at: number, text: string): void {
  write ??= (globalThis as unknown as { Buffer: { prototype: { latin1Write: Write } } })
    .Buffer.prototype.latin1Write;
  write.call(bytes, text, at, text.length);
}
