/** The limits of 64-bit integers, as exact values. */

/** The least signed one, -9223372036854775808. */
export const INT64_MIN: bigint = -(2n ** 63n);
/** The greatest signed one, 9223372036854775807. */
export const INT64_MAX: bigint = 2n ** 63n - 1n;
/** The greatest unsigned one, 18446744073709551615. */
export const UINT64_MAX: bigint = 2n ** 64n - 1n;
/** Most bytes of the decimal text of a signed one. */
export const MAX_INT64_TEXT = 20;
/** Most bytes of that of a signed one of 32 bits. */
export const MAX_INT32_TEXT = 11;
