/**
 * The periodic tick, `hz` times a second: whatever has to happen although no client asks for it.
 */

import { SEGMENT_BYTES } from "../../structures/arena/arena_layout.ts";
import { cancelEvery, every, monotonicMs, type Timer } from "../../structures/real_time.ts";
import type { Config } from "../config/config.ts";
import type { UpkeepSwitches } from "../context.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { LatencyMonitor } from "../report/latency/latency_monitor.ts";
import type { Stats } from "../report/stats.ts";
import { ExpireCycle } from "./expire_cycle.ts";

/** Buckets of each resizing table that one tick moves. */
const REHASH_BUCKETS_PER_TICK = 512;

export interface TickHost {
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly stats: Stats;
  readonly latency: LatencyMonitor;
  /** Collects the garbage of the process, where that is the server's alone. */
  collectGarbage(): Promise<void> | undefined;
}

/** Something else that is to happen at each tick. */
export type TickTask = (nowMs: number) => void;

export class Tick implements UpkeepSwitches {
  activeExpire = true;
  isPaused = false;
  readonly #host: TickHost;
  readonly #tasks: readonly TickTask[];
  readonly #expireCycle: ExpireCycle;
  #timer: Timer | undefined;
  #forget: () => void = () => {};

  constructor(host: TickHost, tasks: readonly TickTask[]) {
    this.#host = host;
    this.#tasks = tasks;
    this.#expireCycle = new ExpireCycle(host.keyspace, host.stats, host.latency);
  }

  /** Starts to tick, and follows `hz`. */
  start(): void {
    const { config } = this.#host;
    const schedule = () => {
      cancelEvery(this.#timer);
      this.#timer = every(1000 / config.hz, () => this.run());
    };
    this.#forget = config.onChange("hz", schedule);
    schedule();
  }

  /** Whether the collection of expired keys has more to do at once. */
  get isCollecting(): boolean {
    return this.#expireCycle.isUnderWay;
  }

  /** One round of everything. */
  run(): void {
    const { config, keyspace, stats } = this.#host;
    if (this.isPaused || keyspace.isHeld) return;
    const startMs = monotonicMs();
    keyspace.updateClock();
    const { nowMs } = keyspace;
    stats.sampleRates(nowMs);
    stats.notePeak(keyspace.arena.usedBytes);
    this.#releaseSegments();
    for (const database of keyspace.databases) {
      keyspace.table.rehashStep(database.table, REHASH_BUCKETS_PER_TICK);
    }
    if (this.activeExpire) this.#expireCycle.start(config.activeExpireEffort);
    for (const task of this.#tasks) task(nowMs);
    const elapsedMs = monotonicMs() - startMs;
    stats.turns.tickMs += elapsedMs;
    stats.turns.ended(elapsedMs, 0);
  }

  /** The arena's empty segments, and at once what the runtime's heap has to spare. */
  releaseMemory(): void {
    this.#releaseSegments();
    this.#host.collectGarbage()?.catch(() => {});
  }

  #releaseSegments(): void {
    const { keyspace } = this.#host;
    const released = keyspace.arena.releaseEmptySegments();
    if (released === 0) return;
    keyspace.lazyFree.refresh();
    promptCollection(released);
  }

  stop(): void {
    cancelEvery(this.#timer);
    this.#forget();
    this.#expireCycle.stop();
  }
}

/**
 * Makes V8 more eager to collect the segments that were given up: it counts no shared memory, so an
 * idle server would keep them. As much private memory, which it counts, is asked for and let go of,
 * untouched: a few segments make V8 collect, at 4 to 6 ms, one does not.
 */
function promptCollection(segments: number): void {
  try {
    for (let i = 0; i < segments; i++) new ArrayBuffer(SEGMENT_BYTES);
  } catch {
    // The system is out of memory, and V8 has collected what it can.
  }
}
