/**
 * Where a command's keys stand, and how it uses them: presets for declarations.
 *
 * ```ts
 * keys: key(1, "RW", "insert"),                                    // SADD key member …
 * keys: keyRange(1, -1, 1, "RO", "access"),                        // MGET key key …
 * keys: [key(1, "RW", "access", "delete"), key(2, "OW", "update")] // RENAME key newkey
 * ```
 */

import type { KeyFlag, KeyPositions } from "./registry.ts";

/** One key, argument `at`. */
export function key(at: number, ...flags: readonly KeyFlag[]): KeyPositions {
  return keyRange(at, at, 1, ...flags);
}

/** Every `step`-th argument from `first` to `last`, which counts from the end where negative. */
export function keyRange(
  first: number,
  last: number,
  step: number,
  ...flags: readonly KeyFlag[]
): KeyPositions {
  return { first, last, step, flags };
}
