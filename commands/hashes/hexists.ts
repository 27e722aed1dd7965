/** HEXISTS key field */

import { tellMembership } from "../members/membership.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { removeMet } from "./expired_fields.ts";

register({
  name: "hexists",
  arity: 3,
  complexity: "O(1)",
  group: "hash",
  since: "2.0.0",
  summary: "Tells whether a hash has a field.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string" },
  ],
  members: { first: 2, last: 2, step: 1 },
  run(call) {
    const hash = tellMembership(call, call.keyspace.hashes);
    if (hash?.hasMetExpired) removeMet(call, hash, 2, 2);
  },
});
