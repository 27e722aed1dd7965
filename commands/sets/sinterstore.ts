/** SINTERSTORE destination key [key …] */

import { register } from "../registry.ts";
import { algebraStoreCommand, INTERSECTION } from "./set_algebra.ts";

register(algebraStoreCommand({
  name: "sinterstore",
  summary: "Stores the members that several sets have in common as a set.",
  complexity: "O(N*M) at the most, with M sets and N members in the smallest",
  destination: "RW",
  operation: INTERSECTION,
}));
