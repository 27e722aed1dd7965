/** ZREM key member [member …] */

import { event } from "../../server/keyspace/key_event.ts";
import { removalCommand } from "../members/member_removal.ts";
import { register } from "../registry.ts";

register(removalCommand({
  name: "zrem",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Removes members from a sorted set, and the key with the last of them.",
  complexity: "O(M*log(N)), M being the number of members given and N that of elements",
  member: "member",
  several: "More than one member.",
  event: event("sortedSet", "zrem"),
  of: ({ sortedSets }) => sortedSets,
}));
