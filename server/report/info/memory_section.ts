/** INFO's section about memory: what the arena and the process hold, and what they may. */

import { datasetPercentage, memoryFigures, type MemorySources } from "../memory_figures.ts";
import { process } from "../../platform/platform.ts";
import { bytesFields, type InfoField, type InfoSection } from "./info_section.ts";

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
      const { active, inUse, resident, touched } = figures;
      const allocated = figures.used - figures.clients;
      return [
        ...bytesFields("used_memory", figures.used),
        ...bytesFields("used_memory_rss", figures.resident),
        ...bytesFields("used_memory_peak", figures.peak),
        ["used_memory_peak_perc", `${(100 * figures.used / figures.peak).toFixed(2)}%`],
        ["used_memory_overhead", figures.overhead],
        ["used_memory_startup", figures.startup],
        ["used_memory_dataset", figures.dataset],
        ["used_memory_dataset_perc", `${datasetPercentage(figures).toFixed(2)}%`],
        ["allocator_allocated", allocated],
        ["allocator_active", active],
        ["allocator_resident", touched],
        // 0: not known.
        ...bytesFields("total_system_memory", process.systemMemoryBytes() ?? 0),
        ...bytesFields("maxmemory", config.maxMemoryBytes),
        ["maxmemory_policy", config.maxMemoryPolicy],
        ...excessFields("allocator_frag", active, allocated),
        ...excessFields("allocator_rss", touched, active),
        ...excessFields("rss_overhead", resident, touched),
        ...excessFields("mem_fragmentation", resident, inUse),
        ["mem_clients_normal", figures.clients],
        ["mem_allocator", "ravel-arena"],
        ["lazyfree_pending_objects", keyspace.lazyFree.pending],
        ["lazyfreed_objects", keyspace.lazyFree.freed],
      ];
    },
  };
}

/** How much `whole` is more than the part of it that is used, as a ratio and in bytes. */
function excessFields(name: string, whole: number, part: number): InfoField[] {
  return [
    [`${name}_ratio`, (part === 0 ? 0 : whole / part).toFixed(2)],
    [`${name}_bytes`, whole - part],
  ];
}
