/** PING [message] */

import { register } from "../registry.ts";

register({
  name: "ping",
  arity: -1,
  complexity: "O(1)",
  group: "connection",
  since: "1.0.0",
  summary: "Answers PONG, or the message it is given: shows that the server is there.",
  flags: ["fast"],
  tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
  arguments: [{ name: "message", type: "string", optional: true }],
  run(call) {
    const { args, reply } = call;
    if (call.count === 1) reply.status("PONG");
    else if (call.count === 2) reply.bulkBytes(args.bytes, args.start(1), args.length(1));
    else throw call.wrongArity();
  },
});
