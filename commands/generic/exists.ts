/** EXISTS key [key …] */

import { register } from "../registry.ts";
import { presenceCommand } from "./presence.ts";

register(presenceCommand({
  name: "exists",
  since: "1.0.0",
  summary: "Counts how many of the keys are there; a key given twice counts twice.",
  complexity: "O(N) with N keys to look for",
  history: [["3.0.3", "Several keys."]],
  isUse: false,
}));
