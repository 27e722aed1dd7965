/**
 * What clients take, which counts against `maxmemory`; and `maxmemory-clients`: where all of them
 * together take too much memory, those that take the most are dropped.
 *
 * ```
 * read, carried out, sent, sent by others ──▶ account: the client's part of the total
 * before requests, and at each tick       ──▶ enforce: the largest go until the total is below
 * ```
 *
 * Nothing is counted while there is neither limit. Clients of CLIENT NO-EVICT count, and stay.
 */

import type { Config } from "../config/config.ts";
import type { Client } from "../execution/client.ts";
import type { ServerLog } from "../report/log.ts";
import type { Stats } from "../report/stats.ts";

/** A lower limit would leave nobody who could change it. */
const LEAST_LIMIT_BYTES = 128 * 1024;

const SETTINGS = ["maxmemory-clients", "maxmemory"] as const;

export interface ClientEvictionHost {
  readonly config: Config;
  readonly clients: Iterable<Client>;
  readonly stats: Stats;
  readonly log: ServerLog;
}

export class ClientEviction {
  /** Whether there is one of the limits: only then clients are counted. */
  isActive = false;
  readonly #host: ClientEvictionHost;
  #limitBytes = 0;
  #totalBytes = 0;
  /** Messages about keys that have just been evicted, of that. */
  #messageBytes = 0;
  readonly #unfollow: () => void;

  constructor(host: ClientEvictionHost) {
    this.#host = host;
    const adopt = () => {
      this.#limitBytes = limitOf(host.config);
      this.isActive = this.#limitBytes > 0 || host.config.maxMemoryBytes > 0;
      this.recount();
    };
    adopt();
    this.#unfollow = host.config.onChange(SETTINGS, adopt);
  }

  /** Whether there is a limit on clients alone, for which they are counted whenever they change. */
  get isLimited(): boolean {
    return this.#limitBytes > 0;
  }

  /** What all clients take, in bytes, as they were last counted; 0 while nothing is counted. O(1). */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /**
   * What of that counts against `maxmemory`: all but messages about keys that have just been evicted.
   * Those are on their way to clients, and would have more keys evicted, of which there would be
   * more messages. What is still there when clients are counted anew counts. O(1).
   */
  get bytesAgainstLimit(): number {
    return Math.max(0, this.#totalBytes - this.#messageBytes);
  }

  /** Takes note that evictions have made clients' buffers larger by so much, which is counted. */
  noteMessages(bytes: number): void {
    this.#messageBytes += bytes;
  }

  /** Counts every client anew. O(clients). */
  recount(): void {
    this.#totalBytes = 0;
    this.#messageBytes = 0;
    for (const client of this.#host.clients) {
      client.countedBytes = 0;
      if (this.isActive) this.account(client);
    }
  }

  /** Counts what a client takes now. O(its chunks of output + facets). */
  account(client: Client): void {
    const bytes = client.memoryBytes;
    this.#totalBytes += bytes - client.countedBytes;
    client.countedBytes = bytes;
  }

  /** The client is gone. */
  forget(client: Client): void {
    this.#totalBytes -= client.countedBytes;
    client.countedBytes = 0;
  }

  /** Drops the largest clients while there is too much. O(1), or O(n log n) where some are dropped. */
  enforce(): void {
    if (this.#limitBytes === 0 || this.#totalBytes < this.#limitBytes) return;
    const { log, stats } = this.#host;
    const evictable = [...this.#host.clients].filter(({ noEvict, outputClass }) =>
      !noEvict && outputClass !== "replica"
    ).sort((a, b) => b.countedBytes - a.countedBytes);
    for (const client of evictable) {
      if (this.#totalBytes < this.#limitBytes) return;
      const { countedBytes: bytes } = client;
      stats.evictedClients++;
      log.rarely("notice", "closing client: clients are over maxmemory-clients", {
        client: client.address,
        bytes,
      });
      client.transport.close();
    }
    if (this.#totalBytes >= this.#limitBytes) {
      log.rarely("warning", "clients that may not be dropped are over maxmemory-clients", {
        bytes: this.#totalBytes,
      });
    }
  }

  close(): void {
    this.#unfollow();
  }
}

/** The limit in bytes, 0 for none. */
function limitOf({ maxMemoryBytes, maxMemoryClients }: Config): number {
  const bytes = maxMemoryClients >= 0n
    ? Number(maxMemoryClients)
    : Math.floor(maxMemoryBytes * Number(-maxMemoryClients) / 100);
  return bytes === 0 ? 0 : Math.max(bytes, LEAST_LIMIT_BYTES);
}
