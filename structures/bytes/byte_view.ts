/** Where a byte string is: a view that is pointed at one after another, instead of copies. */

/** `bytes[start, start + length)`, until whoever pointed it there changes what is seen. */
export interface ByteView {
  bytes: Uint8Array;
  start: number;
  length: number;
}

/** A view of nothing, to be pointed somewhere. */
export function emptyView(): ByteView {
  return { bytes: NO_BYTES, start: 0, length: 0 };
}

const NO_BYTES = new Uint8Array(0);
