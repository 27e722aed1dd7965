/** PUNSUBSCRIBE [pattern ...] */

import { register } from "../registry.ts";
import { unsubscribe } from "./subscription.ts";

register({
  name: "punsubscribe",
  arity: -1,
  complexity: "O(N) where N is the number of patterns",
  group: "pubsub",
  since: "2.0.0",
  summary: "Ends subscriptions to patterns, to all where none is named.",
  flags: ["pubsub", "noscript", "loading", "stale", "sentinel"],
  arguments: [{ name: "pattern", type: "pattern", optional: true, multiple: true }],
  run: (call) => unsubscribe(call, call.server.pubsub.patterns),
});
