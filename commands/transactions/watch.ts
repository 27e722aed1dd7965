/** WATCH key [key …] */

import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "watch",
  arity: -2,
  complexity: "O(1) for every key",
  group: "transactions",
  since: "2.2.0",
  summary: "Has the next transaction do nothing if one of the keys changes before.",
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  keys: keyRange(1, -1, 1, "RO"),
  arguments: [{ name: "key", type: "key", multiple: true }],
  run(call) {
    call.server.transactions.watch(call, 1);
    call.reply.ok();
  },
});
