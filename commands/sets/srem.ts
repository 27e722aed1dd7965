/** SREM key member [member …] */

import { removalCommand } from "../members/member_removal.ts";
import { register } from "../registry.ts";
import { SREM } from "./events.ts";

register(removalCommand({
  name: "srem",
  group: "set",
  since: "1.0.0",
  summary: "Removes members from a set, and the key with the last of them.",
  complexity: "O(1) for each member",
  member: "member",
  several: "More than one member.",
  event: SREM,
  of: ({ sets }) => sets,
}));
