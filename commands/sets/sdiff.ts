/** SDIFF key [key …] */

import { register } from "../registry.ts";
import { algebraCommand, DIFFERENCE } from "./set_algebra.ts";

register(algebraCommand({
  name: "sdiff",
  summary: "Lists the members of a set that none of the other sets has.",
  complexity: "O(N) with N members in all sets together",
  operation: DIFFERENCE,
}));
