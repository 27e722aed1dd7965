/** GETRANGE key start end */

import { register } from "../registry.ts";
import { substringCommand } from "./substring.ts";

register(substringCommand({
  name: "getrange",
  since: "2.4.0",
  summary: "Answers a part of a string.",
}));
