/** ZCARD key */

import { Type } from "../../server/keyspace/entry.ts";
import { tellCount } from "../membership.ts";
import { register } from "../registry.ts";

register({
  name: "zcard",
  arity: 2,
  complexity: "O(1)",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Counts the elements of a sorted set.",
  flags: ["readonly", "fast"],
  keys: { first: 1, last: 1, step: 1, flags: ["RO"] },
  arguments: [{ name: "key", type: "key" }],
  run: (call) => tellCount(call, Type.SortedSet, call.keyspace.sortedSets),
});
