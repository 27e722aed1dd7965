/** ZMSCORE key member [member …] */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "zmscore",
  arity: -3,
  complexity: "O(N) with N members to look for",
  group: "sorted-set",
  since: "6.2.0",
  summary: "Answers the scores of members of a sorted set, nil for one that is not there.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string", multiple: true },
  ],
  members: { first: 2, step: 1 },
  run(call) {
    const { args, count, reply } = call;
    const set = call.keyspace.sortedSets.read(call, 1);
    reply.array(count - 2);
    for (let i = 2; i < count; i++) {
      const found = set !== undefined && set.find(args.bytes, args.start(i), args.length(i));
      if (found) reply.double(set.score);
      else reply.nil();
    }
  },
});
