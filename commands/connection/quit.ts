/** QUIT */

import { register } from "../registry.ts";

register({
  name: "quit",
  arity: -1,
  complexity: "O(1)",
  group: "connection",
  since: "1.0.0",
  summary: "Ends the connection once the replies so far are sent.",
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  deprecatedSince: "7.2.0",
  replacedBy: "just closing the connection",
  run({ client, reply }) {
    reply.ok();
    client.closeAfterReply = true;
  },
});
