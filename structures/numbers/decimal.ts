/**
 * Decimal text <-> integers, straight in byte arrays: no string in between.
 *
 * Text is canonical when printing the parsed value gives the same bytes back: "0", or an optional
 * '-' and digits that do not begin with '0'. So "+1", "01", "-0", " 1" and "" are not integers.
 * Redis accepts exactly this form in commands and on the wire.
 *
 * A double holds 15 digits without a check and 16 with one; longer text, the rest of the signed
 * 64-bit range, goes through two halves of at most 10 digits that meet in a BigInt.
 */

import * as int64 from "./int64.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { INT64_MAX, INT64_MIN, MAX_INT64_TEXT } = int64;

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Whether the text may be a 64-bit integer's, by its length and first byte: most text is not. O(1). */
export function mayBeInteger(bytes: Uint8Array, start: number, length: number): boolean {
  if (length === 0 || length > MAX_INT64_TEXT) return false;
  const first = bytes[start];
  return first <= NINE && (first >= ZERO || first === MINUS);
}

/**
 * The integer that `length` bytes from `start` spell, or NaN unless they are canonical and within
 * ±(2^53 - 1). O(length), at most 17 bytes are read.
 */
export function parseSafeInteger(bytes: Uint8Array, start: number, length: number): number {
  let at = start;
  const end = start + length;
  let negative = false;
  if (length !== 0 && bytes[at] === MINUS) {
    negative = true;
    at++;
  }
  const digits = end - at;
  if (digits < 1 || digits > 16) return NaN;
  let value = bytes[at] - ZERO;
  if (value < 0 || value > 9) return NaN;
  if (value === 0) return digits === 1 && !negative ? 0 : NaN;
  for (at++; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  // Sixteen digits stay below 2^54, where a rounded sum is still above the limit when it should be.
  if (value > Number.MAX_SAFE_INTEGER) return NaN;
  return negative ? -value : value;
}

/** As {@linkcode parseInt64}, but a number where that is exact. */
export function parseInteger(
  bytes: Uint8Array,
  start: number,
  length: number,
): number | bigint | undefined {
  const small = parseSafeInteger(bytes, start, length);
  return Number.isNaN(small) ? parseInt64(bytes, start, length) : small;
}

/**
 * The integer that `length` bytes from `start` spell, or undefined unless they are canonical and
 * within the signed 64-bit range. O(length), at most 20 bytes are read.
 */
export function parseInt64(bytes: Uint8Array, start: number, length: number): bigint | undefined {
  if (length > MAX_INT64_TEXT) return undefined;
  const small = parseSafeInteger(bytes, start, length);
  if (!Number.isNaN(small)) return BigInt(small);
  const end = start + length;
  const negative = length !== 0 && bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  // What has fewer digits and was not a safe integer is not canonical.
  if (digits < 16 || digits > 19 || bytes[first] === ZERO) return undefined;
  let high = 0;
  let low = 0;
  for (let at = first; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    if (end - at > 10) high = high * 10 + digit;
    else low = low * 10 + digit;
  }
  const magnitude = BigInt(high) * 10_000_000_000n + BigInt(low);
  const value = negative ? -magnitude : magnitude;
  return value > INT64_MAX || value < INT64_MIN ? undefined : value;
}

/** How many bytes writeInteger() takes for `value`, a safe integer. */
export function decimalLength(value: number): number {
  let length = 1;
  if (value < 0) {
    length = 2;
    value = -value;
  }
  while (value >= 10_000) {
    value = Math.floor(value / 10_000);
    length += 4;
  }
  if (value >= 1000) return length + 3;
  if (value >= 100) return length + 2;
  if (value >= 10) return length + 1;
  return length;
}

/** Writes `value`, a safe integer, as decimal text; returns the offset behind it. */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value < 10) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  if (value >= 10 && value < 100) {
    const tens = (value / 10) | 0;
    bytes[at] = ZERO + tens;
    bytes[at + 1] = ZERO + (value - tens * 10);
    return at + 2;
  }
  const end = at + decimalLength(value);
  if (value < 0) {
    bytes[at] = MINUS;
    value = -value;
  }
  let last = end;
  // Integer division is cheap only while the value fits 32 bits.
  while (value > 0x7fffffff) {
    const rest = Math.floor(value / 10);
    bytes[--last] = ZERO + (value - rest * 10);
    value = rest;
  }
  let small = value | 0;
  do {
    const rest = (small / 10) | 0;
    bytes[--last] = ZERO + (small - rest * 10);
    small = rest;
  } while (small !== 0);
  return end;
}

/** Writes `value` as decimal text; returns the offset behind it. */
export function writeBigInteger(bytes: Uint8Array, at: number, value: bigint): number {
  const text = value.toString();
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
