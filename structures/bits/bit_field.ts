/**
 * Unsigned integers of any width at any bit of a byte string, the highest bit first.
 *
 * ```
 * 23 in 5 bits at bit 7    │ · · · · · · · 1 │ 0 1 1 1 · · · · │
 *                                          └─── 10111 ──────┘
 * ```
 *
 * A double holds 52 bits with room for a carry, so wider integers are read and written as two.
 */

/** Widest integer that {@linkcode readBits} and {@linkcode writeBits} take. */
export const MAX_FIELD_BITS = 52;

/**
 * The integer of `width` bits, at most {@linkcode MAX_FIELD_BITS}, at bit `offset` of the string of
 * `length` bytes that begins at byte `start`. What is behind its end reads as zeros. O(width).
 */
export function readBits(
  bytes: Uint8Array,
  start: number,
  length: number,
  offset: number,
  width: number,
): number {
  let at = Math.floor(offset / 8);
  let left = width - 8 + (offset & 7);
  let value = (at < length ? bytes[start + at] : 0) & (0xff >> (offset & 7));
  for (; left > 0; left -= 8) {
    at++;
    const byte = at < length ? bytes[start + at] : 0;
    if (left < 8) return value * (1 << left) + (byte >> (8 - left));
    value = value * 256 + byte;
  }
  return left < 0 ? value >> -left : value;
}

/** Writes an integer as {@linkcode readBits} reads it, in bytes that are there. O(width). */
export function writeBits(
  bytes: Uint8Array,
  start: number,
  offset: number,
  width: number,
  value: number,
): void {
  const end = offset + width;
  const firstByte = Math.floor(offset / 8);
  let at = Math.floor((end - 1) / 8);
  // From the lowest bits up; `low` of them are in the last byte, below which others may stand.
  let shift = -end & 7;
  let rest = value;
  for (; at > firstByte; at--) {
    const low = 8 - shift;
    const high = Math.floor(rest / (1 << low));
    const part = (rest - high * (1 << low)) << shift;
    bytes[start + at] = (bytes[start + at] & ((1 << shift) - 1)) | part;
    rest = high;
    shift = 0;
  }
  const mask = (0xff >> (offset & 7)) & ~((1 << shift) - 1);
  bytes[start + at] = (bytes[start + at] & ~mask) | (rest << shift);
}

/** Bits of the lower of two integers that a wider one is read and written as. */
const LOW_BITS = 32;

/** As {@linkcode readBits}, up to 64 bits. */
export function readWideBits(
  bytes: Uint8Array,
  start: number,
  length: number,
  offset: number,
  width: number,
): bigint {
  if (width <= MAX_FIELD_BITS) return BigInt(readBits(bytes, start, length, offset, width));
  const highBits = width - LOW_BITS;
  const high = readBits(bytes, start, length, offset, highBits);
  const low = readBits(bytes, start, length, offset + highBits, LOW_BITS);
  return BigInt(high) << BigInt(LOW_BITS) | BigInt(low);
}

/** As {@linkcode writeBits}, up to 64 bits; the lowest of the value are written, as many as fit. */
export function writeWideBits(
  bytes: Uint8Array,
  start: number,
  offset: number,
  width: number,
  value: bigint,
): void {
  const pattern = BigInt.asUintN(width, value);
  if (width <= MAX_FIELD_BITS) return writeBits(bytes, start, offset, width, Number(pattern));
  const highBits = width - LOW_BITS;
  writeBits(bytes, start, offset, highBits, Number(pattern >> BigInt(LOW_BITS)));
  const low = Number(BigInt.asUintN(LOW_BITS, pattern));
  writeBits(bytes, start, offset + highBits, LOW_BITS, low);
}
