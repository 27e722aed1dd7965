/** TOUCH key [key …] */

import { register } from "../registry.ts";
import { presenceCommand } from "./presence.ts";

register(presenceCommand({
  name: "touch",
  since: "3.2.1",
  summary: "Counts how many of the keys are there, as EXISTS, and notes that they were used now.",
  complexity: "O(N) with N keys",
  isUse: true,
}));
