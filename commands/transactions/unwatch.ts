/** UNWATCH */

import { register } from "../registry.ts";

register({
  name: "unwatch",
  arity: 1,
  complexity: "O(1)",
  group: "transactions",
  since: "2.2.0",
  summary: "Watches no key any more.",
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  run({ client, reply, server }) {
    server.transactions.unwatch(client);
    reply.ok();
  },
});
