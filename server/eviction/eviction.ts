/**
 * Eviction: past `maxmemory`, keys go until what is left is below it.
 *
 * ```
 * before a command ─▶ over? ─▶ evict ─┬─ below                     Enough: it runs
 * after CONFIG SET ──┘                ├─ takes too long            Running: it runs, the rest goes
 *                                     │                            in slices between requests
 *                                     └─ nothing may go            Nothing: no command runs that adds
 * ```
 *
 * What counts is what keys take in the arena, to the byte, and the buffers of clients. What an eviction
 * tells to clients makes their buffers larger, and would make it evict even more: the target is settled
 * when it begins, and those messages do not count until they had time to be sent.
 *
 * Once keys go, some more go than have to, sixteen or a few bytes: the next requests find room then, and
 * choosing many at once costs less than choosing each (victims.ts).
 *
 * A request is held up for a time that follows from `maxmemory-eviction-tenacity`; but one that brings
 * many bytes goes on until as many have come free. So memory does not grow, however much there is to
 * evict.
 */

import type { ClientEviction } from "../clients/client_eviction.ts";
import type { Config } from "../config/config.ts";
import type { Keyspace } from "../keyspace/keyspace.ts";
import type { LatencyMonitor } from "../report/latency/latency_monitor.ts";
import type { ServerLog } from "../report/log.ts";
import type { Stats } from "../report/stats.ts";
import { EVICTION_POLICIES, EvictionOrder } from "./eviction_policy.ts";
import { Victims } from "./victims.ts";
import { after, cancel, monotonicMs, type Timer } from "../../structures/real_time.ts";

/** How it stands with memory. */
export const MemoryState = {
  /** There is enough. */
  Enough: 0,
  /** There is too little, and evictions go on. */
  Running: 1,
  /** There is too little, and nothing may go. */
  Nothing: 2,
} as const;
export type MemoryState = typeof MemoryState[keyof typeof MemoryState];
const { Enough, Nothing, Running } = MemoryState;

/** Bytes that are made free beyond what is needed; at most such a part of the limit. */
const SPARE_BYTES = 1024;
const SPARE_PART = 1 / 4096;
/** Keys, and bytes, between two looks at the clock. */
const KEYS_PER_LOOK = 16;
const BYTES_PER_LOOK = 256 * 1024;
/** Most milliseconds that Workers are waited for: what they say of their work is heard later. */
const MAX_AWAIT_MS = 1;
/** What a command takes beside the bytes of its arguments, about. */
const COMMAND_BYTES = 256;

const SETTINGS = [
  "maxmemory",
  "maxmemory-eviction-tenacity",
  "maxmemory-policy",
  "maxmemory-samples",
] as const;

export interface EvictionHost {
  readonly config: Config;
  readonly keyspace: Keyspace;
  readonly stats: Stats;
  readonly log: ServerLog;
  readonly latency: Pick<LatencyMonitor, "isOn" | "note">;
  /** What all clients take. */
  readonly clientMemory: Pick<ClientEviction, "bytesAgainstLimit" | "totalBytes" | "noteMessages">;
}

export class Eviction {
  /** How it stood when it was last looked at, before a command of a client. */
  state: MemoryState = Enough;
  readonly #host: EvictionHost;
  readonly #victims: Victims;
  readonly #unfollow: () => void;
  #limitBytes = 0;
  #spareBytes = 0;
  #mayEvict = false;
  #limitMs = 0;
  /** Since when there has been too little; 0: there is enough. */
  #shortSinceMs = 0;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(host: EvictionHost) {
    const { config, keyspace } = host;
    this.#host = host;
    this.#victims = new Victims(keyspace, EVICTION_POLICIES[config.maxMemoryPolicy]);
    this.#follow();
    this.#unfollow = config.onChange(SETTINGS, () => {
      const limitBytes = this.#limitBytes;
      this.#follow();
      if (!this.isOver) return;
      if (this.#limitBytes !== limitBytes) {
        host.log.warning("maxmemory is less than is used: keys are evicted, or writes refused", {
          usedBytes: this.usedBytes,
          maxmemory: this.#limitBytes,
        });
      }
      // What has become too much goes although nobody asks for anything.
      this.#begin();
    });
  }

  #follow(): void {
    const { config } = this.#host;
    const policy = EVICTION_POLICIES[config.maxMemoryPolicy];
    this.#limitBytes = config.maxMemoryBytes;
    this.#spareBytes = Math.min(SPARE_BYTES, Math.floor(this.#limitBytes * SPARE_PART));
    this.#mayEvict = policy.order !== EvictionOrder.Never;
    this.#limitMs = limitMsOf(config.maxMemoryEvictionTenacity);
    this.#victims.follow(policy, config.maxMemorySamples);
    if (this.#limitBytes === 0) this.#settle(Enough);
  }

  /** What counts, in bytes: keys, and buffers of clients. O(1). */
  get usedBytes(): number {
    const { clientMemory, keyspace } = this.#host;
    return keyspace.arena.usedBytes + clientMemory.bytesAgainstLimit;
  }

  /** Whether there is more than there may be. O(1). */
  get isOver(): boolean {
    return this.#limitBytes !== 0 && this.usedBytes > this.#limitBytes;
  }

  /** Whether slices are to go on at once. */
  get isUnderWay(): boolean {
    return this.#timer !== undefined;
  }

  /** Milliseconds since when there has been too little memory, 0 where there is enough. */
  get shortMs(): number {
    return this.#shortSinceMs === 0 ? 0 : monotonicMs() - this.#shortSinceMs;
  }

  /** Whether there is enough, and was before: nothing is to be done then. O(1). */
  get hasRoom(): boolean {
    return this.state === Enough && this.usedBytes <= this.#limitBytes;
  }

  /**
   * Makes room, if there is too little. O(1) if not; for how long else, is told at the top of the file.
   *
   * @param bytes what is about to come
   */
  makeRoom(bytes: number): MemoryState {
    if (this.hasRoom || this.#limitBytes === 0) return Enough;
    const { keyspace } = this.#host;
    // A script that has stopped in the middle goes on as it found the memory; a pause lets nothing change.
    if (keyspace.isHeld) return Enough;
    if (!keyspace.collectsOnRead) return this.state = Enough;
    const over = this.usedBytes - this.#limitBytes;
    const state = over <= 0 ? Enough : this.#mayEvict ? this.#cycle(over, bytes) : Nothing;
    this.#settle(state);
    return state;
  }

  #settle(state: MemoryState): void {
    this.state = state;
    if (state !== Enough) {
      if (this.#shortSinceMs === 0) this.#shortSinceMs = monotonicMs();
    } else if (this.#shortSinceMs !== 0) {
      this.#host.stats.evictionExceededMs += this.shortMs;
      this.#shortSinceMs = 0;
    }
  }

  /** Evicts, and has it noted how long that has taken. */
  #cycle(over: number, bytes: number): MemoryState {
    const { clientMemory, latency } = this.#host;
    const before = clientMemory.totalBytes;
    const sinceMs = latency.isOn ? monotonicMs() : 0;
    const state = this.#evict(over, bytes);
    if (latency.isOn) latency.note("eviction-cycle", monotonicMs() - sinceMs);
    clientMemory.noteMessages(Math.max(0, clientMemory.totalBytes - before));
    return state;
  }

  /** Deletes the key that has been chosen. */
  #delete(lazily: boolean): void {
    const { latency, stats } = this.#host;
    const { database, entry, hash } = this.#victims;
    stats.evictedKeys++;
    if (!latency.isOn) return database.evict(entry, lazily, hash);
    const sinceMs = monotonicMs();
    database.evict(entry, lazily, hash);
    latency.note("eviction-del", monotonicMs() - sinceMs);
  }

  #evict(over: number, bytes: number): MemoryState {
    const { config: { lazyFreeLazyEviction: lazily }, keyspace } = this.#host;
    const { arena, lazyFree } = keyspace;
    const victims = this.#victims;
    const target = arena.usedBytes - over;
    const goal = target - this.#spareBytes;
    /** What the request pays for, whatever time that takes. */
    const paid = arena.usedBytes - Math.min(over, bytes + COMMAND_BYTES);
    let keys = 0;
    let lookAt = arena.usedBytes - BYTES_PER_LOOK;
    let startMs = NaN;
    while (arena.usedBytes > goal) {
      // What is on its way out makes room before others have to.
      const hasHelped = lazyFree.pending > 0 && lazyFree.advance();
      if (!hasHelped) {
        if (!victims.choose(arena.usedBytes - goal)) return this.#awaitLazyFree(target);
        this.#delete(lazily);
        keys++;
      }
      if (!hasHelped && keys % KEYS_PER_LOOK !== 0 && arena.usedBytes > lookAt) continue;
      // What is spare is not worth a look.
      if (arena.usedBytes <= target) return Enough;
      lookAt = arena.usedBytes - BYTES_PER_LOOK;
      const nowMs = monotonicMs();
      // The first look is the beginning: most evictions are over before it.
      if (Number.isNaN(startMs)) startMs = nowMs;
      if (nowMs - startMs < this.#limitMs || arena.usedBytes > paid) continue;
      this.#begin();
      return Running;
    }
    return Enough;
  }

  /** No key may go any more; but Workers may have some of what went before. */
  #awaitLazyFree(target: number): MemoryState {
    const { latency } = this.#host;
    if (!latency.isOn) return this.#advanceLazyFree(target);
    const sinceMs = monotonicMs();
    const state = this.#advanceLazyFree(target);
    latency.note("eviction-lazyfree", monotonicMs() - sinceMs);
    return state;
  }

  #advanceLazyFree(target: number): MemoryState {
    const { arena, lazyFree } = this.#host.keyspace;
    const endMs = monotonicMs() + Math.min(this.#limitMs, MAX_AWAIT_MS);
    while (arena.usedBytes > target) {
      if (lazyFree.pending === 0 && !arena.hasFreedChains) return Nothing;
      if (!lazyFree.advance() && monotonicMs() >= endMs) return Nothing;
    }
    return Enough;
  }

  /** Evicts in slices, between which clients are served, until there is enough or nothing may go. */
  #begin(): void {
    if (!this.#isClosed) this.#timer ??= after(0, this.#slice);
  }

  readonly #slice = (): void => {
    this.#timer = undefined;
    this.#host.keyspace.updateClock();
    if (this.makeRoom(0) === Running) this.#begin();
  };

  close(): void {
    this.#isClosed = true;
    cancel(this.#timer);
    this.#unfollow();
  }
}

/** How long a request may be held up, in milliseconds: Redis's numbers. */
function limitMsOf(tenacity: number): number {
  if (tenacity <= 10) return 0.05 * tenacity;
  return tenacity >= 100 ? Infinity : 0.5 * 1.15 ** (tenacity - 10);
}
