/** EXEC */

import { register } from "../registry.ts";

register({
  name: "exec",
  arity: 1,
  complexity: "Depends on the commands in the transaction.",
  group: "transactions",
  since: "1.2.0",
  summary: "Runs the commands that were queued, unless a watched key has changed.",
  flags: ["noscript", "loading", "stale", "skip_slowlog"],
  run(call) {
    call.server.transactions.exec(call, call.server.executor);
  },
});
