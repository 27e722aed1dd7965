/** ZUNIONSTORE destination numkeys key [key …] [WEIGHTS weight …] [AGGREGATE SUM|MIN|MAX] */

import { register } from "../registry.ts";
import { sortedAlgebraStoreCommand, UNION } from "./sorted_set_algebra.ts";

register(sortedAlgebraStoreCommand({
  name: "zunionstore",
  since: "2.0.0",
  summary: "Stores the members of several sorted sets together as a sorted set.",
  complexity: "O(N)+O(M*log(M)) with N members in all sorted sets together and M in the answer",
  operation: UNION,
}));
