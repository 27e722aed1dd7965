/** LREM key count element: the first `count` of them, the last where negative, all where 0. */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "lrem",
  arity: 4,
  complexity: "O(N+M), N being the number of elements and M that of elements removed",
  group: "list",
  since: "1.0.0",
  summary: "Removes elements from a list that are equal to one given.",
  flags: ["write"],
  keys: key(1, "RW", "delete"),
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer" },
    { name: "element", type: "string" },
  ],
  run(call) {
    const { args, db, keyspace, reply } = call;
    const count = call.integer(2);
    const key = call.key(1);
    const entry = db.findOf(key, Type.List);
    if (entry === NONE) return reply.integer(0);
    const list = keyspace.lists.open(entry);
    const limit = count === 0 ? Infinity : Math.abs(count);
    const removed = list.removeEqual(
      args.bytes,
      args.start(3),
      args.length(3),
      limit,
      count < 0,
    );
    if (removed > 0) {
      list.compact();
      keyspace.lists.store(db, entry, key);
    }
    keyspace.dirty += removed;
    reply.integer(removed);
  },
});
