/** DISCARD */

import { register } from "../registry.ts";

register({
  name: "discard",
  arity: 1,
  complexity: "O(N) with N commands that were queued",
  group: "transactions",
  since: "2.0.0",
  summary: "Drops the commands that were queued.",
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  run({ client, reply, server }) {
    server.transactions.abandon(client);
    reply.ok();
  },
});
