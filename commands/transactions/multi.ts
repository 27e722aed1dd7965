/** MULTI */

import { register } from "../registry.ts";

register({
  name: "multi",
  arity: 1,
  complexity: "O(1)",
  group: "transactions",
  since: "1.2.0",
  summary: "Begins a transaction: what follows is queued.",
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  run({ client, reply, server }) {
    server.transactions.multi(client);
    reply.ok();
  },
});
