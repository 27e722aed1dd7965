/** EXISTS key [key …] */

import { NONE } from "../../structures/arena/arena.ts";
import { keyRange } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "exists",
  arity: -2,
  complexity: "O(N) with N keys to look for",
  group: "generic",
  since: "1.0.0",
  summary: "Counts how many of the keys are there; a key given twice counts twice.",
  flags: ["readonly", "fast"],
  tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
  history: [["3.0.3", "Several keys."]],
  keys: keyRange(1, -1, 1, "RO"),
  arguments: [{ name: "key", type: "key", multiple: true }],
  run(call) {
    const { db } = call;
    let present = 0;
    for (let i = 1; i < call.count; i++) {
      if (db.inspect(call.key(i)) !== NONE) present++;
    }
    call.reply.integer(present);
  },
});
