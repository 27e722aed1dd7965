/** RANDOMKEY */

import { NONE } from "../../structures/arena/arena.ts";
import { register } from "../registry.ts";
import { replyKey } from "./key_reply.ts";

register({
  name: "randomkey",
  arity: 1,
  complexity: "O(1)",
  group: "generic",
  since: "1.0.0",
  summary: "Answers a key chosen at random, each with the same chance.",
  flags: ["readonly", "touches_arbitrary_keys"],
  tips: ["request_policy:all_shards", "response_policy:special", "nondeterministic_output"],
  run(call) {
    const entry = call.db.randomEntry();
    if (entry === NONE) call.reply.nil();
    else replyKey(call, entry);
  },
});
