/**
 * The expire cycle: collects keys that expired and that nobody asked for, and fields of hashes.
 *
 * Each database's TTL heap has its next expiry on top, so there is nothing to search: the cycle
 * takes what is due; another heap has the hash whose fields are due next. When millions of keys are due at once it works in slices of a few milliseconds
 * and lets the event loop serve clients between them.
 */

import type { Keyspace } from "../keyspace/keyspace.ts";
import type { LatencyMonitor } from "../report/latency/latency_monitor.ts";
import type { Stats } from "../report/stats.ts";
import { after, cancel, monotonicMs, type Timer } from "../../structures/real_time.ts";

/** Keys, and as many fields, collected between two looks at the clock. */
const KEYS_PER_ROUND = 128;
/** Length of a slice at effort 1; each further step of active-expire-effort adds a quarter of it. */
const SLICE_MS = 4;
/** What clients get between two slices, at least: enough to carry out what has arrived. */
const PAUSE_MS = 1;

export class ExpireCycle {
  #nextDatabase = 0;
  #timer: Timer | undefined;

  constructor(
    readonly keyspace: Keyspace,
    readonly stats: Stats,
    readonly latency: LatencyMonitor,
  ) {}

  /** Whether there are slices to go. */
  get isUnderWay(): boolean {
    return this.#timer !== undefined;
  }

  /**
   * Collects what is due, in slices, until nothing is. Does nothing while an earlier call still has
   * slices to go, and while expired keys are to stay.
   *
   * @param effort active-expire-effort, 1 to 10
   */
  start(effort: number): void {
    if (this.#timer === undefined) this.#slice(effort);
  }

  #slice(effort: number): void {
    this.#timer = undefined;
    const budgetMs = SLICE_MS * (1 + (effort - 1) / 4);
    const { collectsOnRead, isHeld } = this.keyspace;
    if (!collectsOnRead || isHeld || !this.#collect(budgetMs)) return;
    this.#timer = after(PAUSE_MS, () => this.#slice(effort));
  }

  /** Collects for at most about `budgetMs`. @returns whether more is due */
  #collect(budgetMs: number): boolean {
    const { databases } = this.keyspace;
    this.keyspace.updateClock();
    const startMs = monotonicMs();
    let idle = 0;
    while (idle < databases.length) {
      const database = databases[this.#nextDatabase];
      const collected = database.collectExpired(KEYS_PER_ROUND) +
        this.keyspace.fieldExpiry.collect(database, KEYS_PER_ROUND);
      if (collected < KEYS_PER_ROUND) {
        idle++;
        this.#nextDatabase = (this.#nextDatabase + 1) % databases.length;
      } else {
        idle = 0;
      }
      if (collected > 0 && monotonicMs() - startMs >= budgetMs) break;
    }
    const elapsedMs = monotonicMs() - startMs;
    const isMoreDue = idle < databases.length;
    this.stats.expireCycleMs += elapsedMs;
    if (isMoreDue) this.stats.expireTimeouts++;
    this.latency.note("expire-cycle", elapsedMs);
    return isMoreDue;
  }

  stop(): void {
    cancel(this.#timer);
    this.#timer = undefined;
  }
}
