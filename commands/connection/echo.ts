/** ECHO message */

import { register } from "../registry.ts";

register({
  name: "echo",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "1.0.0",
  summary: "Answers the message it is given.",
  flags: ["loading", "stale", "fast"],
  arguments: [{ name: "message", type: "string" }],
  run({ args, reply }) {
    reply.bulkBytes(args.bytes, args.start(1), args.length(1));
  },
});
