/** PUBSUB: which names are subscribed to, and by how many. */

import { withHelp } from "../help.ts";
import { register } from "../registry.ts";
import { counting, type Directory, listing, numpat } from "./directory_queries.ts";

const CHANNELS: Directory = {
  prefix: "",
  noun: "channel",
  since: "2.8.0",
  topics: ({ server }) => server.pubsub.channels,
};
const SHARD_CHANNELS: Directory = {
  prefix: "shard",
  noun: "shard channel",
  since: "7.0.0",
  topics: ({ server }) => server.pubsub.shardChannels,
};

register(withHelp({
  name: "pubsub",
  arity: -2,
  complexity: "Depends on subcommand.",
  group: "pubsub",
  since: "2.8.0",
  summary: "Holds the commands that tell of subscriptions.",
  flags: [],
  subcommands: [
    listing(CHANNELS),
    numpat,
    counting(CHANNELS),
    listing(SHARD_CHANNELS),
    counting(SHARD_CHANNELS),
  ],
}, "6.2.0"));
