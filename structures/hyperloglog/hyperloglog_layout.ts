/**
 * The bytes of a HyperLogLog, as Redis documents them: a string that clients may read and write.
 *
 * ```
 * byte  0       4          5          8                 16
 *      ┌───────┬──────────┬──────────┬─────────────────┬───────────────────────┐
 *      │ HYLL  │ encoding │ not used │ cached estimate │ registers, as encoded │
 *      └───────┴──────────┴──────────┴─────────────────┴───────────────────────┘
 *                0 dense               low byte first; the
 *                1 sparse              highest bit: it is out of date
 * ```
 *
 * There are 2^14 registers of 0 to 63. The hash of an element chooses one, which keeps the longest
 * run of zeros that was seen in the other bits of such a hash.
 */

export const ENCODING_BYTE = 4;
export const CACHE_BYTE = 8;
export const HEADER_BYTES = 16;

export const DENSE = 0;
export const SPARSE = 1;

/** Bits of a hash that choose the register. */
export const INDEX_BITS = 14;
export const REGISTER_COUNT = 1 << INDEX_BITS;
/** Bits of a hash that the run is sought in; the longest run is one more. */
export const RUN_BITS = 64 - INDEX_BITS;
const REGISTER_BITS = 6;
/** How many values a register may have; those above a run's length are never made here. */
export const REGISTER_VALUES = 1 << REGISTER_BITS;
/** Length of a string with dense registers. */
export const DENSE_BYTES = HEADER_BYTES + REGISTER_COUNT * REGISTER_BITS / 8;
