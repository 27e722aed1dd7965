/**
 * Registers of six bits side by side, the lowest bits first: sixteen in three words.
 *
 * ```
 * byte     │   0    │   1    │   2    │ …
 * bits     │ 543210 │ 543210 │ 543210 │ 543210 │    written from the right: 11000000 33222211 …
 * register     0        1        2        3
 * ```
 */

import type { Bytes } from "../bytes/bytes.ts";
import * as layout from "./hyperloglog_layout.ts";

// Constants of this module's own, as arena_layout.ts explains.
const { HEADER_BYTES, REGISTER_COUNT } = layout;

/** Bytes of sixteen registers. */
const GROUP_BYTES = 12;
const GROUP = 16;

/** Register `index` of the HyperLogLog at byte `start`. O(1). */
export function denseRegister(bytes: Uint8Array, start: number, index: number): number {
  const bit = index * 6;
  const at = start + HEADER_BYTES + (bit >> 3);
  const shift = bit & 7;
  // The last register ends with its byte: what is behind the string is not looked at.
  const next = shift > 2 ? bytes[at + 1] : 0;
  return (bytes[at] | next << 8) >> shift & 63;
}

/** Raises register `index` to `value`, unless it has as much. O(1). @returns whether it had less */
export function raiseDense(
  bytes: Uint8Array,
  start: number,
  index: number,
  value: number,
): boolean {
  if (denseRegister(bytes, start, index) >= value) return false;
  setDenseRegister(bytes, start, index, value);
  return true;
}

/** Sets register `index` to a value below 64. O(1). */
export function setDenseRegister(
  bytes: Uint8Array,
  start: number,
  index: number,
  value: number,
): void {
  const bit = index * 6;
  const at = start + HEADER_BYTES + (bit >> 3);
  const shift = bit & 7;
  const mask = 63 << shift;
  bytes[at] = (bytes[at] & ~mask) | value << shift;
  if (shift > 2) bytes[at + 1] = (bytes[at + 1] & ~(mask >> 8)) | value << shift >> 8;
}

/** Adds to `histogram[v]` how many registers are v. O(registers). */
export function countDense(bytes: Bytes, start: number, histogram: Int32Array): void {
  const view = viewOf(bytes);
  const first = start + HEADER_BYTES;
  const end = first + REGISTER_COUNT / GROUP * GROUP_BYTES;
  for (let at = first; at < end; at += GROUP_BYTES) {
    const a = view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    histogram[a & 63]++;
    histogram[a >>> 6 & 63]++;
    histogram[a >>> 12 & 63]++;
    histogram[a >>> 18 & 63]++;
    histogram[a >>> 24 & 63]++;
    histogram[a >>> 30 | (b & 15) << 2]++;
    histogram[b >>> 4 & 63]++;
    histogram[b >>> 10 & 63]++;
    histogram[b >>> 16 & 63]++;
    histogram[b >>> 22 & 63]++;
    histogram[b >>> 28 | (c & 3) << 4]++;
    histogram[c >>> 2 & 63]++;
    histogram[c >>> 8 & 63]++;
    histogram[c >>> 14 & 63]++;
    histogram[c >>> 20 & 63]++;
    histogram[c >>> 26]++;
  }
}

/** Raises each of the registers, a byte each, to what it is here. O(registers). */
export function mergeDense(bytes: Bytes, start: number, registers: Uint8Array): void {
  const view = viewOf(bytes);
  let at = start + HEADER_BYTES;
  for (let i = 0; i < REGISTER_COUNT; i += GROUP, at += GROUP_BYTES) {
    const a = view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    raise(registers, i, a & 63);
    raise(registers, i + 1, a >>> 6 & 63);
    raise(registers, i + 2, a >>> 12 & 63);
    raise(registers, i + 3, a >>> 18 & 63);
    raise(registers, i + 4, a >>> 24 & 63);
    raise(registers, i + 5, a >>> 30 | (b & 15) << 2);
    raise(registers, i + 6, b >>> 4 & 63);
    raise(registers, i + 7, b >>> 10 & 63);
    raise(registers, i + 8, b >>> 16 & 63);
    raise(registers, i + 9, b >>> 22 & 63);
    raise(registers, i + 10, b >>> 28 | (c & 3) << 4);
    raise(registers, i + 11, c >>> 2 & 63);
    raise(registers, i + 12, c >>> 8 & 63);
    raise(registers, i + 13, c >>> 14 & 63);
    raise(registers, i + 14, c >>> 20 & 63);
    raise(registers, i + 15, c >>> 26);
  }
}

function raise(registers: Uint8Array, i: number, value: number): void {
  if (value > registers[i]) registers[i] = value;
}

/** Sets all registers to what they are in `registers`, a byte each. O(registers). */
export function writeDense(bytes: Bytes, start: number, registers: Uint8Array): void {
  const view = viewOf(bytes);
  let at = start + HEADER_BYTES;
  for (let i = 0; i < REGISTER_COUNT; i += GROUP, at += GROUP_BYTES) {
    const r = registers;
    const a = r[i] | r[i + 1] << 6 | r[i + 2] << 12 | r[i + 3] << 18 | r[i + 4] << 24 |
      r[i + 5] << 30;
    const b = r[i + 5] >> 2 | r[i + 6] << 4 | r[i + 7] << 10 | r[i + 8] << 16 |
      r[i + 9] << 22 | r[i + 10] << 28;
    const c = r[i + 10] >> 4 | r[i + 11] << 2 | r[i + 12] << 8 | r[i + 13] << 14 |
      r[i + 14] << 20 | r[i + 15] << 26;
    view.setInt32(at, a, true);
    view.setInt32(at + 4, b, true);
    view.setInt32(at + 8, c, true);
  }
}

function viewOf(bytes: Bytes): DataView {
  return bytes.view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
