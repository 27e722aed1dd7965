/** ZINTER numkeys key [key …] [WEIGHTS weight …] [AGGREGATE SUM|MIN|MAX] [WITHSCORES] */

import { register } from "../registry.ts";
import { INTERSECTION, sortedAlgebraCommand } from "./sorted_set_algebra.ts";

register(sortedAlgebraCommand({
  name: "zinter",
  since: "6.2.0",
  summary: "Lists the members that several sorted sets have in common.",
  complexity:
    "O(N*K)+O(M*log(M)) at the most, with K sorted sets, N members in the smallest and M in the answer",
  operation: INTERSECTION,
}));
