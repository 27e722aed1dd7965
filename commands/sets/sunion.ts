/** SUNION key [key …] */

import { register } from "../registry.ts";
import { algebraCommand, UNION } from "./set_algebra.ts";

register(algebraCommand({
  name: "sunion",
  summary: "Lists the members of several sets together.",
  complexity: "O(N) with N members in all sets together",
  operation: UNION,
}));
