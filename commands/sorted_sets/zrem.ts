/** ZREM key member [member …] */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena.ts";
import { register } from "../registry.ts";

register({
  name: "zrem",
  arity: -3,
  complexity: "O(M*log(N)), M being the number of members given and N that of elements",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Removes members from a sorted set, and the key with the last of them.",
  flags: ["write", "fast"],
  keys: { first: 1, last: 1, step: 1, flags: ["RW", "delete"] },
  history: [["2.4.0", "More than one member."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string", multiple: true },
  ],
  run(call) {
    const { args, db, keyspace, reply } = call;
    const key = call.key(1);
    const entry = db.findOf(key, Type.SortedSet);
    if (entry === NONE) return reply.integer(0);
    const set = keyspace.sortedSets.open(entry);
    let removed = 0;
    for (let i = 2; i < call.count; i++) {
      if (set.remove(args.bytes, args.start(i), args.length(i))) removed++;
    }
    if (removed > 0) keyspace.sortedSets.store(db, entry, key);
    keyspace.dirty += removed;
    reply.integer(removed);
  },
});
