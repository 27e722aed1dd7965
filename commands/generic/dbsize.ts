/** DBSIZE */

import { register } from "../registry.ts";

register({
  name: "dbsize",
  arity: 1,
  complexity: "O(1)",
  group: "server",
  since: "1.0.0",
  summary: "Counts the keys of the selected database.",
  flags: ["readonly", "fast"],
  categories: ["keyspace"],
  tips: ["request_policy:all_shards", "response_policy:agg_sum"],
  run(call) {
    call.reply.integer(call.db.size);
  },
});
