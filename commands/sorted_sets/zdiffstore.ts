/** ZDIFFSTORE destination numkeys key [key …] */

import { register } from "../registry.ts";
import { DIFFERENCE, sortedAlgebraStoreCommand } from "./sorted_set_algebra.ts";

register(sortedAlgebraStoreCommand({
  name: "zdiffstore",
  since: "6.2.0",
  summary: "Stores the members of a sorted set that none of the others has as a sorted set.",
  complexity:
    "O(L)+O(M*log(M)) at the most, with L members in all sorted sets together and M in the answer",
  operation: DIFFERENCE,
}));
