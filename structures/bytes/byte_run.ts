/** Where several byte strings of one array are, for whoever copies all of them. */

import type { Bytes } from "./bytes.ts";

/** In place of a length: the string is the text of a number. */
export const NUMBER_LENGTH = -1;

/**
 * The strings `bytes[starts[i], starts[i] + lengths[i])` for each `i` below `count`; where the length
 * is NUMBER_LENGTH, the decimal digits of `starts[i]`, an integer of 32 bits.
 */
export interface ByteRun {
  /** With its view. */
  readonly bytes: Bytes;
  readonly count: number;
  readonly starts: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
  /** The sum of the lengths, or more. */
  readonly totalBytes: number;
}
