/** SDIFFSTORE destination key [key …] */

import { register } from "../registry.ts";
import { algebraStoreCommand, DIFFERENCE } from "./set_algebra.ts";

register(algebraStoreCommand({
  name: "sdiffstore",
  summary: "Stores the members of a set that none of the other sets has as a set.",
  complexity: "O(N) with N members in all sets together",
  destination: "OW",
  operation: DIFFERENCE,
}));
