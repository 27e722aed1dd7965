/** INFO's part about memory that had to be made: keys that went for it, and how long that took. */

import type { InfoSection } from "./info_section.ts";

/** What the part reads. */
export interface EvictionSources {
  readonly stats: { readonly evictedKeys: number; readonly evictionExceededMs: number };
  readonly eviction: { readonly shortMs: number };
}

export function evictionPart({ eviction, stats }: EvictionSources): InfoSection {
  return {
    title: "Stats",
    fields() {
      const { shortMs } = eviction;
      return [
        ["evicted_keys", stats.evictedKeys],
        ["total_eviction_exceeded_time", Math.floor(stats.evictionExceededMs + shortMs)],
        ["current_eviction_exceeded_time", Math.floor(shortMs)],
      ];
    },
  };
}
