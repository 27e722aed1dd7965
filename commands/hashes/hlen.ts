/** HLEN key */

import { countCommand } from "../members/membership.ts";
import { register } from "../registry.ts";

register(countCommand({
  name: "hlen",
  group: "hash",
  since: "2.0.0",
  summary: "Counts the fields of a hash.",
  of: ({ hashes }) => hashes,
}));
