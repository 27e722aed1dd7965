/** ZUNION numkeys key [key …] [WEIGHTS weight …] [AGGREGATE SUM|MIN|MAX] [WITHSCORES] */

import { register } from "../registry.ts";
import { sortedAlgebraCommand, UNION } from "./sorted_set_algebra.ts";

register(sortedAlgebraCommand({
  name: "zunion",
  since: "6.2.0",
  summary: "Lists the members of several sorted sets together.",
  complexity: "O(N)+O(M*log(M)) with N members in all sorted sets together and M in the answer",
  operation: UNION,
}));
