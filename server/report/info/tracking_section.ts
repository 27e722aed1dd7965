/** What INFO tells of clients that keep copies of keys. */

import type { InfoSection } from "./info_section.ts";

/** What the parts read. */
export interface TrackingSources {
  readonly tracking: {
    readonly totals: {
      readonly clients: number;
      readonly keys: number;
      readonly items: number;
      readonly prefixes: number;
    };
  };
}

export function trackingParts({ tracking }: TrackingSources): InfoSection[] {
  return [
    { title: "Clients", fields: () => [["tracking_clients", tracking.totals.clients]] },
    {
      title: "Stats",
      fields() {
        const { items, keys, prefixes } = tracking.totals;
        return [
          ["tracking_total_keys", keys],
          ["tracking_total_items", items],
          ["tracking_total_prefixes", prefixes],
        ];
      },
    },
  ];
}
