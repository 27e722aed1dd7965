/** SISMEMBER key member */

import { tellMembership } from "../members/membership.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "sismember",
  arity: 3,
  complexity: "O(1)",
  group: "set",
  since: "1.0.0",
  summary: "Tells whether a set has a member.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string" },
  ],
  members: { first: 2, last: 2, step: 1 },
  run: (call) => tellMembership(call, call.keyspace.sets),
});
