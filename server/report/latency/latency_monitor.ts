/**
 * The latency monitor: what kept the server from serving others for longer than a threshold, by kind
 * of event. It is off while the threshold is 0.
 *
 * | event                      | what took long                                                    |
 * | -------------------------- | ----------------------------------------------------------------- |
 * | `command`, `fast-command`  | one command; fast are those with that flag                        |
 * | `expire-cycle`             | a slice of the cycle that collects expired keys                   |
 * | `expire-del`               | deleting a key that was asked for and had expired                 |
 * | `eviction-cycle`           | making room under `maxmemory`                                     |
 * | `eviction-del`             | deleting one key for that                                         |
 * | `eviction-lazyfree`        | waiting for Workers that free what went before, no key being left |
 *
 * Who does such work measures it where {@linkcode LatencyMonitor.isOn}, and hands in the time.
 */

import type { Config } from "../../config/config.ts";
import { TimeSeries } from "./time_series.ts";

const SETTING = "latency-monitor-threshold";

/** Events are texts of the program; what is reported beyond so many kinds is not kept. */
const MAX_EVENTS = 64;

export class LatencyMonitor {
  /** Times from so many milliseconds on are noted; Infinity: none. */
  thresholdMs = Infinity;
  readonly #events = new Map<string, TimeSeries>();
  readonly #now: () => number;
  readonly #forget: () => void;

  /** @param now milliseconds since 1970 */
  constructor(config: Config, now: () => number) {
    this.#now = now;
    const adopt = () => this.thresholdMs = config.latencyMonitorThresholdMs || Infinity;
    adopt();
    this.#forget = config.onChange(SETTING, adopt);
  }

  /** Whether times are to be measured. */
  get isOn(): boolean {
    return this.thresholdMs !== Infinity;
  }

  /** Notes what took `elapsedMs`, if that is long enough. O(samples of the event). */
  note(event: string, elapsedMs: number): void {
    if (elapsedMs < this.thresholdMs) return;
    let series = this.#events.get(event);
    if (series === undefined) {
      if (this.#events.size >= MAX_EVENTS) return;
      series = new TimeSeries();
      this.#events.set(event, series);
    }
    series.add(this.nowSeconds, Math.floor(elapsedMs));
  }

  get nowSeconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  /** The events that there were, by name. */
  get events(): ReadonlyMap<string, TimeSeries> {
    return this.#events;
  }

  /** Forgets an event, whatever the case of its name. @returns whether there was one */
  reset(name: string): boolean {
    for (const event of this.#events.keys()) {
      if (event === name.toLowerCase()) return this.#events.delete(event);
    }
    return false;
  }

  /** Forgets all events. @returns how many there were */
  resetAll(): number {
    const { size } = this.#events;
    this.#events.clear();
    return size;
  }

  close(): void {
    this.#forget();
  }
}
