/** Copies within and between byte arrays of any kind of memory, short runs without a call or view. */

/** Up to this a loop beats what TypedArray.set and copyWithin cost before they begin. */
const LOOP_MAX_BYTES = 64;

/** Copies `source[start, start + length)` to `target[at, …)`; the two do not overlap. O(length). */
export function copyBytes(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  start: number,
  length: number,
): void {
  if (length <= LOOP_MAX_BYTES) {
    for (let i = 0; i < length; i++) target[at + i] = source[start + i];
  } else {
    target.set(source.subarray(start, start + length), at);
  }
}

/** Copies `bytes[start, start + length)` to `at` in the same array; the two may overlap. O(length). */
export function moveBytes(bytes: Uint8Array, at: number, start: number, length: number): void {
  if (length > LOOP_MAX_BYTES) bytes.copyWithin(at, start, start + length);
  else if (at < start) { for (let i = 0; i < length; i++) bytes[at + i] = bytes[start + i]; }
  else for (let i = length - 1; i >= 0; i--) bytes[at + i] = bytes[start + i];
}
