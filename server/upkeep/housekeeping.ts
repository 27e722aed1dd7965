/**
 * The periodic tick, `hz` times a second: whatever has to happen although no client asks for it.
 */

import { SEGMENT_BYTES } from "../../structures/arena/arena_layout.ts";
import { adoptLimits } from "../keyspace/limits.ts";
import type { ServerContext } from "../context.ts";
import type { ExpireCycle } from "./expire_cycle.ts";

/** Buckets of each resizing table that one tick moves. */
const REHASH_BUCKETS_PER_TICK = 512;

/** Settings that the store and the log keep a copy of. */
const ADOPTED = [
  "lazyfree-lazy-expire",
  "lazyfree-lazy-server-del",
  "list-max-listpack-size",
  "hash-max-listpack-entries",
  "hash-max-listpack-value",
  "set-max-intset-entries",
  "set-max-listpack-entries",
  "set-max-listpack-value",
  "zset-max-listpack-entries",
  "zset-max-listpack-value",
  "loglevel",
];

export class Housekeeping {
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #forget: (() => void)[] = [];

  constructor(readonly server: ServerContext, readonly expireCycle: ExpireCycle) {}

  /** Starts the tick, and follows settings that take effect elsewhere. */
  start(): void {
    const { config, keyspace, log } = this.server;
    const adopt = () => {
      keyspace.lazyExpire = config.lazyFreeLazyExpire;
      keyspace.lazyServerDelete = config.lazyFreeLazyServerDel;
      adoptLimits(keyspace.limits, config);
      log.level = config.logLevel;
    };
    adopt();
    for (const name of ADOPTED) this.#forget.push(config.onChange(name, adopt));
    this.#forget.push(config.onChange("requirepass", () => {
      for (const client of this.server.clients) client.followPassword(config.requirePass !== "");
    }));
    this.#forget.push(config.onChange("hz", () => this.#schedule()));
    this.#schedule();
  }

  #schedule(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.tick(), 1000 / this.server.config.hz);
  }

  /** One round of everything. */
  tick(): void {
    const { server } = this;
    const { keyspace, stats, config } = server;
    keyspace.updateClock();
    stats.sampleRates(keyspace.nowMs);
    stats.peakUsedBytes = Math.max(stats.peakUsedBytes, keyspace.arena.usedBytes);
    const released = keyspace.arena.releaseEmptySegments();
    if (released > 0) {
      keyspace.lazyFree.refresh();
      promptCollection(released);
    }
    for (const database of keyspace.databases) {
      keyspace.table.rehashStep(database.table, REHASH_BUCKETS_PER_TICK);
    }
    if (server.activeExpire) this.expireCycle.start(config.activeExpireEffort);
    this.#checkClients();
  }

  /** Drops clients that are silent for too long, or whose output is over its soft limit. */
  #checkClients(): void {
    const { clients, config, keyspace, stats, log } = this.server;
    const { nowMs } = keyspace;
    const { softBytes, softSeconds } = config.outputBufferLimits.normal;
    if (config.timeoutSeconds === 0 && softBytes === 0) return;
    for (const client of clients) {
      if (
        config.timeoutSeconds > 0 && nowMs - client.lastUsedMs > config.timeoutSeconds * 1000 &&
        client.transport.outputBytes === 0
      ) {
        log.verbose("closing idle client", { client: client.address });
        client.transport.close();
      }
      if (softBytes === 0 || client.transport.outputBytes <= softBytes) {
        client.overSoftLimitSinceMs = 0;
      } else if (client.overSoftLimitSinceMs === 0) {
        client.overSoftLimitSinceMs = nowMs;
      } else if (nowMs - client.overSoftLimitSinceMs > softSeconds * 1000) {
        stats.outputLimitDisconnections++;
        log.warning("closing client: its output stays over the soft limit", {
          client: client.address,
        });
        client.transport.close();
      }
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const forget of this.#forget.splice(0)) forget();
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
