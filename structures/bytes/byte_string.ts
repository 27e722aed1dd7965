/**
 * Byte strings: bytes that somebody sent, as a JavaScript string with one character for each byte.
 *
 * What clients send need not be UTF-8, and what passes through a text decoder does not come out as
 * it went in. A byte string does, can be a key of a Map, and can stand in the middle of a message:
 * texts of our own are ASCII, which is the same in both.
 *
 * ```ts
 * byteStringOf(new Uint8Array([0x66, 0xff]), 0, 2); // "f\xff"
 * ```
 */

/** A string whose characters are all below 256. */
export type ByteString = string;

/** Bytes that one call of String.fromCharCode takes. */
const PIECE_BYTES = 4096;

/** So few bytes pass through an array that is kept. */
const SHORT_BYTES = 64;
const short: number[] = [];

/** The `length` bytes from `start` on, which may lie in shared memory. O(length). */
export function byteStringOf(bytes: Uint8Array, start: number, length: number): ByteString {
  if (length <= SHORT_BYTES) {
    short.length = length;
    for (let i = 0; i < length; i++) short[i] = bytes[start + i];
    return String.fromCharCode.apply(null, short);
  }
  let text = "";
  for (let at = start; at < start + length; at += PIECE_BYTES) {
    const end = Math.min(at + PIECE_BYTES, start + length);
    text += String.fromCharCode(...bytes.subarray(at, end));
  }
  return text;
}

/** The UTF-8 bytes of a text. O(length). */
export function byteStringOfText(text: string): ByteString {
  const bytes = new TextEncoder().encode(text);
  return byteStringOf(bytes, 0, bytes.length);
}

/** The text that the bytes spell in UTF-8; what spells none becomes U+FFFD. O(length). */
export function textOfByteString(text: ByteString): string {
  return new TextDecoder().decode(bytesOfByteString(text));
}

/** The bytes themselves. O(length). */
export function bytesOfByteString(text: ByteString): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  writeByteString(bytes, 0, text);
  return bytes;
}

/** Writes the bytes at `at` and answers the offset behind them. O(length). */
export function writeByteString(bytes: Uint8Array, at: number, text: ByteString): number {
  const { length } = text;
  for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + length;
}
