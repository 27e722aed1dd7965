/** RENAMENX key newkey */

import { register } from "../registry.ts";
import { renameCommand } from "./rename_form.ts";

register(renameCommand({
  name: "renamenx",
  complexity: "O(1)",
  summary: "Gives a value with its expiry another key, if that key holds nothing.",
  flags: ["write", "fast"],
  history: [["3.2.0", "No error where both keys are the same."]],
  keyFlag: "insert",
  onlyIfMissing: true,
}));
