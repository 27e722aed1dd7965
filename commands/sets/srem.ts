/** SREM key member [member …] */

import { Type } from "../../server/keyspace/entry.ts";
import { membersPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";
import { removeMembers } from "../members/member_removal.ts";

register({
  name: "srem",
  arity: -3,
  complexity: "O(1) for each member",
  group: "set",
  since: "1.0.0",
  summary: "Removes members from a set, and the key with the last of them.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "delete"),
  history: [["2.4.0", "More than one member."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string", multiple: true },
  ],
  prefetch: membersPrefetch,
  run: (call) => removeMembers(call, Type.Set, call.keyspace.sets),
});
