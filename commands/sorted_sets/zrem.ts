/** ZREM key member [member …] */

import { Type } from "../../server/keyspace/entry.ts";
import { removeMembers } from "../members/member_removal.ts";
import { membersPrefetch } from "../members/collection_prefetch.ts";
import { key } from "../key_spec.ts";
import { register } from "../registry.ts";

register({
  name: "zrem",
  arity: -3,
  complexity: "O(M*log(N)), M being the number of members given and N that of elements",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Removes members from a sorted set, and the key with the last of them.",
  flags: ["write", "fast"],
  keys: key(1, "RW", "delete"),
  history: [["2.4.0", "More than one member."]],
  arguments: [
    { name: "key", type: "key" },
    { name: "member", type: "string", multiple: true },
  ],
  prefetch: membersPrefetch,
  run: (call) => removeMembers(call, Type.SortedSet, call.keyspace.sortedSets),
});
