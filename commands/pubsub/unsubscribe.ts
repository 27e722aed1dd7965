/** UNSUBSCRIBE [channel ...] */

import { register } from "../registry.ts";
import { unsubscribe } from "./subscription.ts";

register({
  name: "unsubscribe",
  arity: -1,
  complexity: "O(N) where N is the number of channels",
  group: "pubsub",
  since: "2.0.0",
  summary: "Ends subscriptions to channels, to all where none is named.",
  flags: ["pubsub", "noscript", "loading", "stale", "sentinel"],
  arguments: [{ name: "channel", type: "string", optional: true, multiple: true }],
  run: (call) => unsubscribe(call, call.server.pubsub.channels),
});
