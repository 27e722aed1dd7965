/** SCARD key */

import { Type } from "../../server/keyspace/entry.ts";
import { tellCount } from "../membership.ts";
import { register } from "../registry.ts";

register({
  name: "scard",
  arity: 2,
  complexity: "O(1)",
  group: "set",
  since: "1.0.0",
  summary: "Counts the members of a set.",
  flags: ["readonly", "fast"],
  keys: { first: 1, last: 1, step: 1, flags: ["RO"] },
  arguments: [{ name: "key", type: "key" }],
  run: (call) => tellCount(call, Type.Set, call.keyspace.sets),
});
