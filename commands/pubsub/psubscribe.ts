/** PSUBSCRIBE pattern [pattern ...] */

import { register } from "../registry.ts";
import { subscribe } from "./subscription.ts";

register({
  name: "psubscribe",
  arity: -2,
  complexity: "O(N) where N is the number of patterns",
  group: "pubsub",
  since: "2.0.0",
  summary: "Has the client get the messages of all channels whose names match patterns.",
  flags: ["pubsub", "noscript", "loading", "stale", "sentinel"],
  arguments: [{ name: "pattern", type: "pattern", multiple: true }],
  run: (call) => subscribe(call, call.server.pubsub.patterns),
});
