/** SUBSTR key start end: GETRANGE by its name of old. */

import { register } from "../registry.ts";
import { substringCommand } from "./substring.ts";

register(substringCommand({
  name: "substr",
  since: "1.0.0",
  summary: "Answers a part of a string.",
  deprecatedSince: "2.0.0",
  replacedBy: "`GETRANGE`",
}));
