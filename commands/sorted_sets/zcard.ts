/** ZCARD key */

import { Type } from "../../server/keyspace/entry.ts";
import { tellCount } from "../members/membership.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "zcard",
  arity: 2,
  complexity: "O(1)",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Counts the elements of a sorted set.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [{ name: "key", type: "key" }],
  run: (call) => tellCount(call, Type.SortedSet, call.keyspace.sortedSets),
});
