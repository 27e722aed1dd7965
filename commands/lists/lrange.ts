/** LRANGE key start stop */

import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { replyElements } from "./element_pieces.ts";
import { IndexRange } from "./index_range.ts";

const range = new IndexRange();

register({
  name: "lrange",
  arity: 4,
  complexity:
    "O(S+N), S being the distance of start from the nearer end and N the elements returned",
  group: "list",
  since: "1.0.0",
  summary: "Answers the elements of a list in a range of indexes.",
  flags: ["readonly"],
  keys: key(1, "RO", "access"),
  arguments: [
    { name: "key", type: "key" },
    { name: "start", type: "integer" },
    { name: "stop", type: "integer" },
  ],
  run(call) {
    const { reply } = call;
    const start = call.integer(2);
    const stop = call.integer(3);
    const list = call.keyspace.lists.read(call, 1);
    if (list === undefined) return reply.array(0);
    range.set(start, stop, list.count);
    if (range.length > 0) list.seek(range.first);
    replyElements(call, list, range.first, range.length);
  },
});
