/** SSUBSCRIBE shardchannel [shardchannel ...] */

import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";
import { refuseWithinOthers, subscribe } from "./subscription.ts";

register({
  name: "ssubscribe",
  arity: -2,
  complexity: "O(N) where N is the number of shard channels",
  group: "pubsub",
  since: "7.0.0",
  summary: "Has the client get the messages that are published to shard channels.",
  flags: ["pubsub", "noscript", "loading", "stale"],
  keys: keyRange(1, -1, 1, "not_key"),
  arguments: [{ name: "shardchannel", type: "string", multiple: true }],
  run(call) {
    refuseWithinOthers(call);
    subscribe(call, call.server.pubsub.shardChannels);
  },
});
