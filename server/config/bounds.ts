/** The ranges of C's integers, which many settings have. */

export const INT32_MIN = -(2 ** 31);
export const INT32_MAX = 2 ** 31 - 1;
export const UINT32_MAX = 2 ** 32 - 1;
export { INT64_MAX, UINT64_MAX } from "../../structures/numbers/int64.ts";
