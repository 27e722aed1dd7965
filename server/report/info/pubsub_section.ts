/** What INFO tells of subscriptions. */

import type { InfoSection } from "./info_section.ts";

/** What the part reads: how many names somebody is subscribed to. */
export interface PubSubSources {
  readonly pubsub: {
    readonly channels: { readonly size: number };
    readonly patterns: { readonly size: number };
    readonly shardChannels: { readonly size: number };
  };
}

export function pubSubPart({ pubsub }: PubSubSources): InfoSection {
  return {
    title: "Stats",
    fields: () => [
      ["pubsub_channels", pubsub.channels.size],
      ["pubsub_patterns", pubsub.patterns.size],
      ["pubsubshard_channels", pubsub.shardChannels.size],
    ],
  };
}
