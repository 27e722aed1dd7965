/** LINDEX key index */

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
    const list = call.keyspace.lists.read(call, 1);
    if (list !== undefined && list.seek(call.integer(2))) reply.bulkView(list.element);
    else reply.nil();
  },
});
