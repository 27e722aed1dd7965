/** ZINTERCARD numkeys key [key …] [LIMIT limit] */

import { limitOption } from "../arguments/intersection_count.ts";
import { countedKeys } from "../key_spec.ts";
import { countCommon } from "../members/algebra_sources.ts";
import { register } from "../registry.ts";
import { openCounted } from "./sorted_set_algebra.ts";

register({
  name: "zintercard",
  arity: -3,
  complexity: "O(N*K) at the most, with K sorted sets and N members in the smallest",
  group: "sorted-set",
  since: "7.0.0",
  summary: "Counts the members that several sorted sets have in common.",
  flags: ["readonly"],
  keys: countedKeys(1, "RO", "access"),
  arguments: [
    { name: "numkeys", type: "integer" },
    { name: "key", type: "key", multiple: true },
    { name: "limit", type: "integer", token: "LIMIT", optional: true },
  ],
  run(call) {
    const algebra = openCounted(call, 1);
    const limit = limitOption(call, 2 + algebra.sources.count);
    call.reply.integer(countCommon(algebra, limit));
  },
});
