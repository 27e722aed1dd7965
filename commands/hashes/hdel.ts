/** HDEL key field [field …] */

import { removalCommand } from "../members/member_removal.ts";
import { register } from "../registry.ts";
import { HDEL } from "./events.ts";

register(removalCommand({
  name: "hdel",
  group: "hash",
  since: "2.0.0",
  summary: "Removes fields with their values from a hash, and the key with the last of them.",
  complexity: "O(1) for each field",
  member: "field",
  several: "More than one field.",
  event: HDEL,
  of: ({ hashes }) => hashes,
}));
