/** Where several byte strings of one array are, for whoever copies all of them. */

import type { Bytes } from "./bytes.ts";

/** The strings `bytes[starts[i], starts[i] + lengths[i])` for each `i` below `count`. */
export interface ByteRun {
  /** With its view. */
  readonly bytes: Bytes;
  readonly count: number;
  readonly starts: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
  /** The sum of the lengths. */
  readonly totalBytes: number;
}
