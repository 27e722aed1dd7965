/**
 * Gives memory back that the runtime's heap keeps from a burst, once nobody is served.
 *
 * ```
 *   resident   ┌─ ten thousand connect ─┐
 *              │      spare             │
 *              │························└───────┐
 *              │      objects                   └──────────  idle: one collection
 * ```
 *
 * V8 collects when it runs out of room, and then keeps what it has; the connections of a server that
 * has gone quiet would take half as much again as their objects do. A whole collection stops the
 * server for as long as it takes, some 10 ms for each thousand of connections, so it happens when
 * nothing has come for seconds, when it brings much, and when there is not too much to look through.
 */

import type { Process } from "../platform/process.ts";

/** So long nothing has been read from any client. */
const IDLE_MS = 3000;
/** The heap keeps at least so much more than its objects take, and this part of them. */
const MIN_SPARE_BYTES = 16 * 1024 * 1024;
const MIN_SPARE_RATIO = 0.2;
/** Objects beyond that are not looked through. */
const MAX_LIVE_BYTES = 256 * 1024 * 1024;

export class IdleHeap {
  readonly #memoryUsage: Process["memoryUsage"];
  #collect: Process["collectGarbage"] | undefined;
  #reads = -1;
  #idleSinceMs = 0;
  /** Whether the heap was looked at since something was read last. */
  #isDone = false;

  /** @param collect collects the garbage of the process; undefined where that is not the server's */
  constructor(memoryUsage: Process["memoryUsage"], collect?: Process["collectGarbage"]) {
    this.#memoryUsage = memoryUsage;
    this.#collect = collect;
  }

  /**
   * Looks whether it is time, and collects if so; to be called now and then.
   *
   * @param reads how often clients were read from until now
   */
  update(nowMs: number, reads: number): void {
    if (this.#collect === undefined) return;
    // A clock that was set back begins anew.
    if (reads !== this.#reads || nowMs < this.#idleSinceMs) {
      this.#reads = reads;
      this.#idleSinceMs = nowMs;
      this.#isDone = false;
      return;
    }
    if (this.#isDone || nowMs - this.#idleSinceMs < IDLE_MS) return;
    this.#isDone = true;
    const { heapTotal, heapUsed } = this.#memoryUsage();
    if (heapUsed > MAX_LIVE_BYTES) return;
    if (heapTotal - heapUsed < Math.max(MIN_SPARE_BYTES, MIN_SPARE_RATIO * heapUsed)) return;
    // Where the runtime does not offer it, it keeps what it has.
    this.#collect().catch(() => this.#collect = undefined);
  }
}
