/** PING [message] */

import { Condition } from "../../server/execution/condition.ts";
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
    const { args, client, reply } = call;
    if (call.count > 2) throw call.wrongArity();
    if ((client.conditions & Condition.Subscriber) !== 0 && reply.protocol !== 3) {
      // In the form of a message, for who gets those and can tell nothing else.
      reply.array(2);
      reply.byteString("pong");
      if (call.count === 1) reply.byteString("");
    } else if (call.count === 1) return reply.status("PONG");
    if (call.count === 2) reply.bulkBytes(args.bytes, args.start(1), args.length(1));
  },
});
