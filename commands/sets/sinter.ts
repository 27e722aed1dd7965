/** SINTER key [key …] */

import { register } from "../registry.ts";
import { algebraCommand, INTERSECTION } from "./set_algebra.ts";

register(algebraCommand({
  name: "sinter",
  summary: "Lists the members that several sets have in common.",
  complexity: "O(N*M) at the most, with M sets and N members in the smallest",
  operation: INTERSECTION,
}));
