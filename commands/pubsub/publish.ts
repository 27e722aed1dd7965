/** PUBLISH channel message */

import { register } from "../registry.ts";

register({
  name: "publish",
  arity: 3,
  complexity:
    "O(N+M) where N is the number of clients subscribed to the channel and M is the number of patterns",
  group: "pubsub",
  since: "2.0.0",
  summary: "Sends a message to those who listen to a channel, and answers how many that are.",
  flags: ["pubsub", "loading", "stale", "sentinel", "fast", "may_replicate"],
  arguments: [{ name: "channel", type: "string" }, { name: "message", type: "string" }],
  run(call) {
    const { args, reply, server: { pubsub } } = call;
    reply.integer(
      pubsub.publish(call.key(1), {
        bytes: args.bytes,
        start: args.start(2),
        length: args.length(2),
      }),
    );
  },
});
