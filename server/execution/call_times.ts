/**
 * Who wants to know of calls that take long: the slow log and the latency monitor. Whoever carries
 * out commands times them for the statistics, and asks here what is worth to be told beside that:
 *
 * | the lowest limit   | timed                                                                  |
 * | ------------------ | ---------------------------------------------------------------------- |
 * | none               | for statistics alone                                                   |
 * | 0 to 1 ms          | each call                                                              |
 * | from 1 ms on       | each call, but calls of one quick command in a row together, as a run  |
 * |                    | (scripts too, up to one that tells that it took long)                  |
 *
 * Of quick commands that others run (in EXEC, in scripts) only some are timed, for statistics; all
 * of them are while the latency monitor is on.
 *
 * Quick is what takes constant or logarithmic time for each argument, so that reading the clock would
 * be a part of it that is felt. A run of one is exact. Of a longer one only the sum is known, of which
 * at least one call took the mean or more: where the mean is over the limit, the call with the largest
 * request is told, and the mean as its time.
 */

import type { Arguments } from "../../protocol/arguments.ts";
import type { LatencyMonitor } from "../report/latency/latency_monitor.ts";
import type { SlowLog } from "../slowlog/slow_log.ts";
import type { Client } from "./client.ts";
import type { ExecutableCommand } from "./command_table.ts";

/** Below it calls are timed one by one. */
const FINE_MS = 1;

export class CallTimes {
  /** Calls that take so long, in milliseconds, are to be noted; Infinity: none. */
  limitMs = Infinity;
  /** Whether every call is to be timed by itself. */
  isFine = false;
  /** Whether every call that another command makes is to be timed. */
  timesNested = false;

  constructor(readonly slowLog: SlowLog, readonly monitor: LatencyMonitor) {
    this.adopt();
  }

  /** Follows a change of the limits. */
  adopt(): void {
    this.limitMs = Math.min(this.slowLog.limitMs, this.monitor.thresholdMs);
    this.isFine = this.limitMs < FINE_MS;
    this.timesNested = this.isFine || this.monitor.isOn;
  }

  /** Notes a call where it took long enough. */
  note(client: Client, command: ExecutableCommand, args: Arguments, elapsedMs: number): void {
    if (elapsedMs < this.limitMs) return;
    this.slowLog.note(client, command, args, elapsedMs);
    this.monitor.note(command.isFast ? "fast-command" : "command", elapsedMs);
  }
}
