/** LLEN key */

import { Type } from "../../server/keyspace/entry.ts";
import { tellCount } from "../members/membership.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "llen",
  arity: 2,
  complexity: "O(1)",
  group: "list",
  since: "1.0.0",
  summary: "Counts the elements of a list.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [{ name: "key", type: "key" }],
  run: (call) => tellCount(call, Type.List, call.keyspace.lists),
});
