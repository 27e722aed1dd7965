/** UNLINK key [key …] */

import { register } from "../registry.ts";
import { deletionCommand } from "./deletion.ts";

register(deletionCommand({
  name: "unlink",
  since: "4.0.0",
  summary: "Deletes keys, and frees large values in the background.",
  complexity: "O(1) a key; freeing the values takes O(M) for M elements, elsewhere",
  flags: ["write", "fast"],
  isLazy: () => true,
}));
