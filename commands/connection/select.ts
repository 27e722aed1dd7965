/** SELECT index */

import { databaseArgument } from "../arguments/database_argument.ts";
import { register } from "../registry.ts";

register({
  name: "select",
  arity: 2,
  complexity: "O(1)",
  group: "connection",
  since: "1.0.0",
  summary: "Makes the connection work on another database.",
  flags: ["loading", "stale", "fast"],
  arguments: [{ name: "index", type: "integer" }],
  run(call) {
    call.select(databaseArgument(call, 1));
    call.reply.ok();
  },
});
