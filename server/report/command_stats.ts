/**
 * What is counted of one command: its calls, how they ended, and what time they took.
 *
 * Not every call is timed by itself. A run of quick ones is timed as a whole, and of quick commands
 * that others run (in EXEC, in scripts) one of sixteen is. Who reads has what is missing filled in
 * with {@linkcode CommandStats.settle}: calls that were not timed took as long as the others did.
 */

import { LatencyHistogram } from "./latency/latency_histogram.ts";

/** Of so many calls that another command makes, one is timed where the command is quick. */
const TIMED_OF_NESTED = 16;

export class CommandStats {
  calls = 0;
  /** Time spent inside the command, in milliseconds. */
  elapsedMs = 0;
  /** Calls refused before the command ran. */
  rejected = 0;
  /** Calls that ended with an error reply. */
  failed = 0;
  /** Calls whose time is known, by {@linkcode CommandStats.timed}. */
  #timedCalls = 0;
  /** Their times, of those that came while times were kept. */
  #histogram: LatencyHistogram | undefined;

  /** The times of calls; undefined before one was kept. */
  get histogram(): LatencyHistogram | undefined {
    return this.#histogram;
  }

  /** Whether the next call, if another command makes it, is one to be timed. */
  get isSampled(): boolean {
    return this.calls % TIMED_OF_NESTED === 0;
  }

  /**
   * Takes note of how long calls took, which are counted and whose time is added elsewhere. O(1).
   *
   * @param isKept whether they belong in the histogram
   */
  timed(millisecondsEach: number, calls: number, isKept: boolean): void {
    this.#timedCalls += calls;
    if (isKept) (this.#histogram ??= new LatencyHistogram()).record(millisecondsEach, calls);
  }

  /** Takes calls that were not timed to have been as long as the others. */
  settle(isKept: boolean): void {
    const missing = this.calls - this.#timedCalls;
    if (missing <= 0) return;
    const meanMs = this.#timedCalls === 0 ? 0 : this.elapsedMs / this.#timedCalls;
    this.elapsedMs += meanMs * missing;
    this.timed(meanMs, missing, isKept);
  }
}
