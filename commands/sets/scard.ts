/** SCARD key */

import { Type } from "../../server/keyspace/entry.ts";
import { tellCount } from "../members/membership.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "scard",
  arity: 2,
  complexity: "O(1)",
  group: "set",
  since: "1.0.0",
  summary: "Counts the members of a set.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [{ name: "key", type: "key" }],
  run: (call) => tellCount(call, Type.Set, call.keyspace.sets),
});
