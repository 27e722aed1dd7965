/**
 * Size classes: the block sizes that the arena hands out.
 *
 * ```
 * class   0   1   2  …  14   15   16  …   22   23  …        last
 * bytes  16  24  32  … 128  144  160  …  256  288  …      65,536
 *        └─ every 8 bytes ─┘└ 8 to a doubling ┘└ 8 to a doubling …
 * ```
 *
 * Small blocks are the bulk of a store, so they come in steps of one granule; above 128 bytes eight
 * classes to a doubling keep the loss to rounding under 12.5 %, about 4 % on average.
 */

const GRANULE_BYTES = 8;
/** Words 0 to 3 of a freed block carry a chain between threads, so no block is smaller. */
const CLASS_MIN_BYTES = 16;
const LINEAR_MAX_BYTES = 128;
const LINEAR_CLASSES = (LINEAR_MAX_BYTES - CLASS_MIN_BYTES) / GRANULE_BYTES + 1;
const DOUBLINGS = 9;

/** The largest block that is cut from a slab; a larger one has pages of its own. */
export const CLASS_MAX_BYTES = LINEAR_MAX_BYTES << DOUBLINGS;

/** How many size classes there are. */
export const CLASS_COUNT = LINEAR_CLASSES + DOUBLINGS * 8;

/** Bytes of a block of each class. */
export const BLOCK_BYTES: Int32Array = new Int32Array(CLASS_COUNT);
for (let c = 0; c < CLASS_COUNT; c++) {
  if (c < LINEAR_CLASSES) {
    BLOCK_BYTES[c] = CLASS_MIN_BYTES + c * GRANULE_BYTES;
  } else {
    const step = c - LINEAR_CLASSES;
    BLOCK_BYTES[c] = (LINEAR_MAX_BYTES << (step >> 3)) / 8 * (9 + (step & 7));
  }
}

/** The smallest class whose blocks hold `byteLength` (0 to {@linkcode CLASS_MAX_BYTES}). O(1). */
export function classOf(byteLength: number): number {
  if (byteLength <= CLASS_MIN_BYTES) return 0;
  if (byteLength <= LINEAR_MAX_BYTES) return ((byteLength + 7) >> 3) - 2;
  const last = byteLength - 1;
  const doubling = 31 - Math.clz32(last) - 7;
  return LINEAR_CLASSES + (doubling << 3) + ((last >> (doubling + 4)) & 7);
}

/**
 * Pages of a slab of the class: one while a page holds sixteen blocks or more, else sixteen, so
 * that the remainder behind the last block stays under a sixteenth of the slab.
 */
export function slabPages(sizeClass: number): number {
  return BLOCK_BYTES[sizeClass] <= 4096 ? 1 : 16;
}
