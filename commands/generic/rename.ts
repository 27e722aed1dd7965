/** RENAME key newkey */

import { register } from "../registry.ts";
import { renameCommand } from "./rename_form.ts";

register(renameCommand({
  name: "rename",
  complexity: "O(1), and O(M) where the new name held a collection of M elements",
  summary: "Gives a value with its expiry another key, whatever that key held before.",
  flags: ["write"],
  keyFlag: "update",
  onlyIfMissing: false,
}));
