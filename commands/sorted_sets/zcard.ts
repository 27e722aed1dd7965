/** ZCARD key */

import { countCommand } from "../members/membership.ts";
import { register } from "../registry.ts";

register(countCommand({
  name: "zcard",
  group: "sorted-set",
  since: "1.2.0",
  summary: "Counts the elements of a sorted set.",
  of: ({ sortedSets }) => sortedSets,
}));
