/** HLEN key */

import { Type } from "../../server/keyspace/entry.ts";
import { tellCount } from "../members/membership.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "hlen",
  arity: 2,
  complexity: "O(1)",
  group: "hash",
  since: "2.0.0",
  summary: "Counts the fields of a hash.",
  flags: ["readonly", "fast"],
  keys: key(1, "RO"),
  arguments: [{ name: "key", type: "key" }],
  run: (call) => tellCount(call, Type.Hash, call.keyspace.hashes),
});
