/** LLEN key */

import { Type } from "../../server/keyspace/entry.ts";
import { tellCount } from "../membership.ts";
import { register } from "../registry.ts";

register({
  name: "llen",
  arity: 2,
  complexity: "O(1)",
  group: "list",
  since: "1.0.0",
  summary: "Counts the elements of a list.",
  flags: ["readonly", "fast"],
  keys: { first: 1, last: 1, step: 1, flags: ["RO"] },
  arguments: [{ name: "key", type: "key" }],
  run: (call) => tellCount(call, Type.List, call.keyspace.lists),
});
