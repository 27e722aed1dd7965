/** What the benches of the structures work on: many elements in an order that no cache likes. */

/** Operations in one measured call: enough that the call itself costs nothing. */
export const OPERATIONS = 1000;

/** Elements in the structures that are large. */
export const ELEMENTS = 1 << 20;

/** The same pseudo-random numbers in every run. */
export class Sequence {
  #state: number;

  constructor(seed = 0x2545f491) {
    this.#state = seed | 1;
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % bound;
  }
}

/** `count` names of 16 bytes one after the other; name i begins at 16 i. */
export function names(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 16);
  const encoder = new TextEncoder();
  for (let i = 0; i < count; i++) {
    encoder.encodeInto(`key:${String(i).padStart(12, "0")}`, bytes.subarray(i * 16));
  }
  return bytes;
}
