/** INFO's section about memory: what the arena and the process hold, and what they may. */

import { datasetPercentage, memoryFigures, type MemorySources } from "../memory_figures.ts";
import { bytesFields, type InfoSection } from "./info_section.ts";

/** What the section reads. */
export interface MemorySectionSources extends MemorySources {
  readonly config: { readonly maxMemoryBytes: number; readonly maxMemoryPolicy: string };
  readonly keyspace: MemorySources["keyspace"] & {
    readonly lazyFree: { readonly pending: number; readonly freed: number };
  };
}

export function memorySection(server: MemorySectionSources): InfoSection {
  const { config, keyspace } = server;
  return {
    title: "Memory",
    fields() {
      const figures = memoryFigures(server);
      return [
        ...bytesFields("used_memory", figures.used),
        ...bytesFields("used_memory_rss", figures.resident),
        ...bytesFields("used_memory_peak", figures.peak),
        ["used_memory_peak_perc", `${(100 * figures.used / figures.peak).toFixed(2)}%`],
        ["used_memory_overhead", figures.overhead],
        ["used_memory_startup", figures.startup],
        ["used_memory_dataset", figures.dataset],
        ["used_memory_dataset_perc", `${datasetPercentage(figures).toFixed(2)}%`],
        ["allocator_allocated", figures.used],
        ...bytesFields("maxmemory", config.maxMemoryBytes),
        ["maxmemory_policy", config.maxMemoryPolicy],
        ["mem_fragmentation_ratio", (figures.resident / figures.inUse).toFixed(2)],
        ["mem_fragmentation_bytes", figures.resident - figures.inUse],
        ["mem_clients_normal", figures.clients],
        ["mem_allocator", "ravel-arena"],
        ["lazyfree_pending_objects", keyspace.lazyFree.pending],
        ["lazyfreed_objects", keyspace.lazyFree.freed],
      ];
    },
  };
}
