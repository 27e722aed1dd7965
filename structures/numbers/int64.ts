/** The limits of a signed 64-bit integer, as exact values. */

/** The least, -9223372036854775808. */
export const INT64_MIN = -(2n ** 63n);
/** The greatest, 9223372036854775807. */
export const INT64_MAX = 2n ** 63n - 1n;
