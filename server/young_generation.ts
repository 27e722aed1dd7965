/**
 * V8's young generation, kept small.
 *
 * The store is outside of V8's heap, and what a request leaves behind on it (a promise, a view of a
 * buffer) is dead before the next one. By default V8 lets such garbage pile up to 16 MB and more
 * before it looks, which a server would hold for good. A small young generation is collected more
 * often, and each time in less, for next to nothing in it is alive.
 */

import { setFlagsFromString } from "node:v8";

/** Size of one half of the young generation, in MiB. */
const SEMI_SPACE_MIB = 2;

/** Bounds the young generation of this process; to be called before much was allocated. */
export function limitYoungGeneration(): void {
  setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MIB}`);
}
