/** ZSCORE key member */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "zscore",
  arity: 3,
  complexity: "O(1)",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Answers the score of a member of a sorted set.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string" },
  ],
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    const { args, reply } = call;
    const set = call.keyspace.sortedSets.read(call, 1);
    const found = set !== undefined && set.find(args.bytes, args.start(2), args.length(2));
    if (found) reply.double(set.score);
    else reply.nil();
  },
});
