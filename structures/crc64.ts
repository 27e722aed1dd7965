/**
 * CRC-64 by the polynomial of Jones (0xad93d23594c935a9), both ways reflected, beginning with 0: the
 * checksum behind Redis's snapshots and dumps. Of `123456789` it is e9c6d914c4b8d9ca.
 *
 * A sum is two words, as a BigInt for each byte would cost more than all else. Eight bytes are taken
 * at a time, each with a table of its own that says what a byte does to the sum from so far away
 * ("slicing by eight", M. Kounavis and F. Berry, 2005):
 *
 * ```
 *   sum ^ next eight bytes   b0    b1    b2    b3    b4    b5    b6    b7
 *                            │     │     │     │     │     │     │     │
 *   tables                   7     6     5     4     3     2     1     0    ──▶ xor: the new sum
 * ```
 */

/** The polynomial with its bits in reverse order. */
const POLYNOMIAL_HIGH = 0x95ac9329;
const POLYNOMIAL_LOW = 0xac4bc9b5 | 0;
const SLICES = 8;

/** Halves of 8 tables of 256 sums, one behind the other. */
const lowTable = new Int32Array(SLICES * 256);
const highTable = new Int32Array(SLICES * 256);

for (let byte = 0; byte < 256; byte++) {
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = -(low & 1);
    low = (low >>> 1 | high << 31) ^ (POLYNOMIAL_LOW & isOdd);
    high = (high >>> 1) ^ (POLYNOMIAL_HIGH & isOdd);
  }
  lowTable[byte] = low;
  highTable[byte] = high;
}
for (let at = 256; at < SLICES * 256; at++) {
  const low = lowTable[at - 256];
  const high = highTable[at - 256];
  lowTable[at] = (low >>> 8 | high << 24) ^ lowTable[low & 0xff];
  highTable[at] = (high >>> 8) ^ highTable[low & 0xff];
}

/** A sum over bytes that come piece by piece. */
export class Crc64 {
  /** The lower and the upper 32 bits of the sum, signed. */
  low = 0;
  high = 0;

  /** Begins anew. */
  reset(): void {
    this.low = 0;
    this.high = 0;
  }

  /** Adds `bytes[start, start + length)`. O(length). */
  add(bytes: Uint8Array, start: number, length: number): void {
    let { low, high } = this;
    const end = start + length;
    let at = start;
    for (const last = end - SLICES; at <= last; at += SLICES) {
      const a = low ^ (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24);
      const b = high ^
        (bytes[at + 4] | bytes[at + 5] << 8 | bytes[at + 6] << 16 | bytes[at + 7] << 24);
      const b0 = 0x700 | a & 0xff;
      const b1 = 0x600 | a >>> 8 & 0xff;
      const b2 = 0x500 | a >>> 16 & 0xff;
      const b3 = 0x400 | a >>> 24;
      const b4 = 0x300 | b & 0xff;
      const b5 = 0x200 | b >>> 8 & 0xff;
      const b6 = 0x100 | b >>> 16 & 0xff;
      const b7 = b >>> 24;
      low = lowTable[b0] ^ lowTable[b1] ^ lowTable[b2] ^ lowTable[b3] ^
        lowTable[b4] ^ lowTable[b5] ^ lowTable[b6] ^ lowTable[b7];
      high = highTable[b0] ^ highTable[b1] ^ highTable[b2] ^ highTable[b3] ^
        highTable[b4] ^ highTable[b5] ^ highTable[b6] ^ highTable[b7];
    }
    for (; at < end; at++) {
      const index = (low ^ bytes[at]) & 0xff;
      low = (low >>> 8 | high << 24) ^ lowTable[index];
      high = (high >>> 8) ^ highTable[index];
    }
    this.low = low;
    this.high = high;
  }
}
