/** SCARD key */

import { countCommand } from "../members/membership.ts";
import { register } from "../registry.ts";

register(countCommand({
  name: "scard",
  group: "set",
  since: "1.0.0",
  summary: "Counts the members of a set.",
  of: ({ sets }) => sets,
}));
