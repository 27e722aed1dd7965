/** SUNSUBSCRIBE [shardchannel ...] */

import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";
import { unsubscribe } from "./subscription.ts";

register({
  name: "sunsubscribe",
  arity: -1,
  complexity: "O(N) where N is the number of shard channels",
  group: "pubsub",
  since: "7.0.0",
  summary: "Ends subscriptions to shard channels, to all where none is named.",
  flags: ["pubsub", "noscript", "loading", "stale"],
  keys: keyRange(1, -1, 1, "not_key"),
  arguments: [{ name: "shardchannel", type: "string", optional: true, multiple: true }],
  run: (call) => unsubscribe(call, call.server.pubsub.shardChannels),
});
