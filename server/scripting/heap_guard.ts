/**
 * Whether the heap has room for what scripts make. Their values are objects of the runtime, which ends
 * the process where it has no room for more, so they are told before.
 *
 * ```
 * 0 ───────── live ──────────┬─ MAX_LIVE ─┬─ + MARGIN ─┬──────── limit
 *       what is in use       │ collect     │ at most    │ the process ends
 *       counts garbage too   │ and look    │            │
 * ```
 *
 * What is in use counts garbage, so that has to be collected before anybody is refused. That takes up to
 * seconds where the heap is large, so it is done again only when a tenth of the heap was made since, and
 * who is refused while there was no room a moment ago is refused at once.
 */

import type { Process } from "../platform/process.ts";

/** What V8's limit allows for objects that were made a moment ago, beside all others. */
const YOUNG_BYTES = 96 * 1024 * 1024;
/**
 * The part of the rest that may be live: an array that grows needs one and a half times its size anew,
 * and above four fifths V8 gives up where it collects often.
 */
const MAX_LIVE = 0.35;
/** The part of it that is made from one collection to the next. */
const MARGIN = 0.1;
/** How long a heap without room counts as such: so many times what it took to find that out. */
const FULL_FACTOR = 2;

export class HeapGuard {
  readonly #process: Pick<Process, "heap" | "collectGarbageNow">;
  readonly #now: () => number;
  /** Bytes in use from which on garbage is collected. */
  #collectAt = 0;
  #fullUntilMs = -Infinity;

  /** @param now milliseconds of any clock */
  constructor(process: Pick<Process, "heap" | "collectGarbageNow">, now: () => number) {
    this.#process = process;
    this.#now = now;
  }

  /** Who was refused has ended, and nothing is left of it: there may be room again. */
  lookAgain(): void {
    this.#fullUntilMs = -Infinity;
  }

  /** Whether there is no room for more. Microseconds, but where it collects. */
  get isFull(): boolean {
    const { limitBytes, usedBytes } = this.#process.heap();
    const lastingBytes = Math.max(limitBytes - YOUNG_BYTES, limitBytes / 2);
    const most = MAX_LIVE * lastingBytes;
    if (usedBytes <= Math.max(most, this.#collectAt)) return false;
    const nowMs = this.#now();
    if (nowMs < this.#fullUntilMs) return true;
    this.#process.collectGarbageNow();
    const { usedBytes: liveBytes } = this.#process.heap();
    if (liveBytes > most) {
      const endMs = this.#now();
      this.#fullUntilMs = endMs + FULL_FACTOR * (endMs - nowMs);
      this.#collectAt = 0;
      return true;
    }
    this.#collectAt = liveBytes + MARGIN * lastingBytes;
    return false;
  }
}
