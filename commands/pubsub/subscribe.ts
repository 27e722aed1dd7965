/** SUBSCRIBE channel [channel ...] */

import { register } from "../registry.ts";
import { subscribe } from "./subscription.ts";

register({
  name: "subscribe",
  arity: -2,
  complexity: "O(N) where N is the number of channels",
  group: "pubsub",
  since: "2.0.0",
  summary: "Has the client get the messages that are published to channels.",
  flags: ["pubsub", "noscript", "loading", "stale", "sentinel"],
  arguments: [{ name: "channel", type: "string", multiple: true }],
  run: (call) => subscribe(call, call.server.pubsub.channels),
});
