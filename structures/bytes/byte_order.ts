/**
 * The order of byte strings: as memcmp compares them, a beginning before the whole. Members of
 * sorted sets are kept in it, in either encoding.
 */

/**
 * Below, at or above 0 as the byte string a comes before, is, or comes after b. O(common
 * beginning).
 */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aLength: number,
  b: Uint8Array,
  bStart: number,
  bLength: number,
): number {
  const common = aLength < bLength ? aLength : bLength;
  for (let i = 0; i < common; i++) {
    const difference = a[aStart + i] - b[bStart + i];
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}
