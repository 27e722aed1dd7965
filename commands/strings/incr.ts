/** INCR key */

import { register } from "../registry.ts";
import { incrementCommand } from "./increment.ts";

register(incrementCommand({
  name: "incr",
  summary: "Adds one to the integer that a key holds.",
  delta: () => 1,
}));
