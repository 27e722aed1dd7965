/** LINDEX key index */

import { Type } from "../../server/keyspace/entry.ts";
import { NONE } from "../../structures/arena/arena.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "lindex",
  arity: 3,
  complexity: "O(N), N being the number of elements up to the index, most of them passed in bulk",
  group: "list",
  since: "1.0.0",
  summary: "Answers the element of a list at an index, which counts from the end if negative.",
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "index", type: "integer" },
  ],
  run(call) {
    const { reply } = call;
    const entry = call.db.readOf(call.key(1), Type.List);
    if (entry === NONE) return reply.nil();
    const list = call.keyspace.lists.open(entry);
    if (!list.seek(call.integer(2))) return reply.nil();
    const { element } = list;
    reply.bulkBytes(element.bytes, element.start, element.length);
  },
});
