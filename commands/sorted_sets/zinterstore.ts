/** ZINTERSTORE destination numkeys key [key …] [WEIGHTS weight …] [AGGREGATE SUM|MIN|MAX] */

import { register } from "../registry.ts";
import { INTERSECTION, sortedAlgebraStoreCommand } from "./sorted_set_algebra.ts";

register(sortedAlgebraStoreCommand({
  name: "zinterstore",
  since: "2.0.0",
  summary: "Stores the members that several sorted sets have in common as a sorted set.",
  complexity:
    "O(N*K)+O(M*log(M)) at the most, with K sorted sets, N members in the smallest and M in the answer",
  operation: INTERSECTION,
}));
