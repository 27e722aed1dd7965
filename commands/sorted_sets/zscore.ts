/** ZSCORE key member */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { memberPrefetch } from "../members/collection_prefetch.ts";
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
  prefetch: memberPrefetch,
  run(call) {
    const { args, reply } = call;
    const entry = call.db.readOf(call.key(1), Type.SortedSet);
    if (entry === NONE) return reply.nil();
    const set = call.keyspace.sortedSets.open(entry);
    if (set.find(args.bytes, args.start(2), args.length(2))) reply.double(set.score);
    else reply.nil();
  },
});
