/** Copies between byte arrays of different kinds of memory, short runs without a view object. */

/** Below this a loop beats making a view for TypedArray.set. */
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
