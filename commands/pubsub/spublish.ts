/** SPUBLISH shardchannel message */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "spublish",
  arity: 3,
  complexity: "O(N) where N is the number of clients subscribed to the shard channel",
  group: "pubsub",
  since: "7.0.0",
  summary: "Sends a message to those who listen to a shard channel, and answers how many that are.",
  flags: ["pubsub", "loading", "stale", "fast", "may_replicate"],
  keys: key(1, "not_key"),
  arguments: [{ name: "shardchannel", type: "string" }, { name: "message", type: "string" }],
  run(call) {
    const { args, reply, server: { pubsub } } = call;
    reply.integer(
      pubsub.publishToShard(call.key(1), {
        bytes: args.bytes,
        start: args.start(2),
        length: args.length(2),
      }),
    );
  },
});
