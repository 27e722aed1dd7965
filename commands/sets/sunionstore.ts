/** SUNIONSTORE destination key [key …] */

import { register } from "../registry.ts";
import { algebraStoreCommand, UNION } from "./set_algebra.ts";

register(algebraStoreCommand({
  name: "sunionstore",
  summary: "Stores the members of several sets together as a set.",
  complexity: "O(N) with N members in all sets together",
  destination: "OW",
  operation: UNION,
}));
