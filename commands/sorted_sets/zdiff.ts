/** ZDIFF numkeys key [key …] [WITHSCORES] */

import { register } from "../registry.ts";
import { DIFFERENCE, sortedAlgebraCommand } from "./sorted_set_algebra.ts";

register(sortedAlgebraCommand({
  name: "zdiff",
  since: "6.2.0",
  summary: "Lists the members of a sorted set that none of the others has.",
  complexity:
    "O(L)+O(M*log(M)) at the most, with L members in all sorted sets together and M in the answer",
  operation: DIFFERENCE,
}));
