/** HEXISTS key field */

import { Type } from "../../server/keyspace/entry.ts";
import { tellMembership } from "../members/membership.ts";
import { memberPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

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
  prefetch: memberPrefetch,
  run: (call) => tellMembership(call, Type.Hash, call.keyspace.hashes),
});
