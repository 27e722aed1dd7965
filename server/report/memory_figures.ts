/**
 * Where the server's memory goes, as INFO and MEMORY STATS report it.
 *
 * `used` is what maxmemory is about: the arena, with keys, values and their indexes, and the buffers
 * of clients. Code and the rest of JavaScript are the runtime's: they are part of the process's
 * resident memory, and INFO's own section tells of them.
 *
 * ```
 * resident memory of the process                  used_memory_rss
 * ├─ runtime: code, connections                   runtime_*
 * ├─ clients: buffers, names                      mem_clients_normal, in used_memory too
 * └─ arena: pages that were touched               allocator_resident
 *    ├─ free again
 *    └─ taken                                     allocator_active
 *       ├─ free blocks
 *       └─ used                                   used_memory, allocator_allocated
 *          ├─ overhead: tables and heaps
 *          └─ dataset: keys and values
 * ```
 */

import { process } from "../platform/platform.ts";
import type { Stats } from "./stats.ts";

/** What is measured. */
export interface MemorySources {
  readonly clients: Iterable<{ readonly memoryBytes: number }>;
  readonly keyspace: {
    readonly arena: {
      readonly usedBytes: number;
      readonly pageBytes: { readonly taken: number; readonly touched: number };
    };
    readonly startupBytes: number;
    overheadBytes(): number;
  };
  readonly stats: Stats;
}

export interface MemoryFigures {
  /** All in bytes. */
  used: number;
  peak: number;
  startup: number;
  overhead: number;
  dataset: number;
  resident: number;
  /** Pages of the arena that hold something. */
  active: number;
  /** Pages of the arena that hold something, or did and are not given back. */
  touched: number;
  /** The arena, and what the runtime's heap holds: the part of `resident` that is accounted for. */
  inUse: number;
  /** Buffers and names of clients. */
  clients: number;
}

/** Measures, and remembers the peak. O(clients + buckets / chunk). */
export function memoryFigures({ clients, keyspace, stats }: MemorySources): MemoryFigures {
  const { pageBytes: pages, usedBytes } = keyspace.arena;
  const { rss, heapUsed, external } = process.memoryUsage();
  let clientBytes = 0;
  for (const client of clients) clientBytes += client.memoryBytes;
  const used = usedBytes + clientBytes;
  const overhead = keyspace.overheadBytes() + clientBytes;
  return {
    used,
    peak: stats.notePeak(used),
    startup: keyspace.startupBytes,
    overhead,
    dataset: used - overhead,
    resident: rss,
    active: pages.taken,
    touched: pages.touched,
    inUse: usedBytes + heapUsed + external,
    clients: clientBytes,
  };
}

/** How much of what was taken since the start the dataset is, in percent. */
export function datasetPercentage({ dataset, used, startup }: MemoryFigures): number {
  return used > startup ? 100 * dataset / (used - startup) : 0;
}
