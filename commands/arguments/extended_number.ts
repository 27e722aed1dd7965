/** Numbers of INCRBYFLOAT and HINCRBYFLOAT: texts in extended precision, as Redis on x86 reads them. */

import { type Extended, parseExtended } from "../../structures/numbers/extended_float.ts";

const latin1 = new TextDecoder("latin1");

/** As Redis has it, a longer text is no number. */
const MAX_NUMBER_BYTES = 5 * 1024 - 1;

/** The number that a text spells, undefined where it spells none. O(length). */
export function extendedIn(
  bytes: Uint8Array,
  start: number,
  length: number,
): Extended | undefined {
  if (length > MAX_NUMBER_BYTES) return undefined;
  // A copy first: a decoder takes no shared memory.
  return parseExtended(latin1.decode(bytes.slice(start, start + length)));
}
