/** HDEL key field [field …] */

import { Type } from "../../server/keyspace/entry.ts";
import { removeMembers } from "../members/member_removal.ts";
import { membersPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "hdel",
  arity: -3,
  complexity: "O(1) for each field",
  group: "hash",
  since: "2.0.0",
  summary: "Removes fields with their values from a hash, and the key with the last of them.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "delete"),
  history: [["2.4.0", "More than one field."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "field", type: "string", multiple: true },
  ],
  prefetch: membersPrefetch,
  run: (call) => removeMembers(call, Type.Hash, call.keyspace.hashes),
});
