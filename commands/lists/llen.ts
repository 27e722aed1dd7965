/** LLEN key */

import { countCommand } from "../members/membership.ts";
import { register } from "../registry.ts";

register(countCommand({
  name: "llen",
  group: "list",
  since: "1.0.0",
  summary: "Counts the elements of a list.",
  of: ({ lists }) => lists,
}));
