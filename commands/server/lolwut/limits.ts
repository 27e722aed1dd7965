/** Sizes of drawings, kept within limits so that whoever asks waits for none. */

/** The nearest number from 1 to `most`. */
export function clampInt64(value: number | bigint, most: number): number {
  if (value < 1) return 1;
  return value > most ? most : Number(value);
}
