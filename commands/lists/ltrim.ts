/** LTRIM key start stop */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { IndexRange } from "./index_range.ts";

const range = new IndexRange();

register({
  name: "ltrim",
  arity: 4,
  complexity: "O(N), N being the number of elements removed, most of them in bulk",
  group: "list",
  since: "1.0.0",
  summary: "Removes all elements of a list but those in a range of indexes.",
  flags: ["write"],
  keys: key(1, "RW", "delete"),
  arguments: [
    { name: "key", type: "key" },
    { name: "start", type: "integer" },
    { name: "stop", type: "integer" },
  ],
  run(call) {
    const { db, keyspace, reply } = call;
    const start = call.integer(2);
    const stop = call.integer(3);
    const key = call.key(1);
    const entry = db.findOf(key, Type.List);
    if (entry === NONE) return reply.ok();
    const list = keyspace.lists.open(entry);
    const { count } = list;
    range.set(start, stop, count);
    const { first, length } = range;
    if (length === 0) {
      db.delete(entry, keyspace.lazyServerDelete);
    } else {
      list.removeRange(first + length, count - first - length);
      list.removeRange(0, first);
      list.compact();
      keyspace.lists.store(db, entry, key);
    }
    keyspace.dirty += count - length;
    reply.ok();
  },
});
