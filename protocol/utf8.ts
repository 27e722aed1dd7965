/**
 * Strings into byte arrays as UTF-8, for writers that announce a length before the bytes. Nearly
 * all of this text is short ASCII, where a loop beats the call into the runtime's encoder.
 */

const encoder = new TextEncoder();

/** Length up to which ASCII is copied by a loop. */
const SHORT_TEXT = 128;

/** Bytes of `text` in UTF-8; a lone surrogate counts as U+FFFD. O(length). */
export function utf8Length(text: string): number {
  const { length } = text;
  let bytes = length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else {
      bytes += 2;
      // A pair of surrogates is two units and four bytes.
      if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < length) {
        const next = text.charCodeAt(i + 1);
        if (next >= 0xdc00 && next < 0xe000) i++;
      }
    }
  }
  return bytes;
}

/** Writes `text`, which takes `byteLength` bytes, at `at`; returns the offset behind it. */
export function writeUtf8(
  bytes: Uint8Array,
  at: number,
  text: string,
  byteLength: number,
): number {
  const end = at + byteLength;
  if (byteLength === text.length && byteLength <= SHORT_TEXT) {
    for (let i = 0; i < byteLength; i++) bytes[at + i] = text.charCodeAt(i);
  } else {
    encoder.encodeInto(text, bytes.subarray(at, end));
  }
  return end;
}
