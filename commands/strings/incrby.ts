/** INCRBY key increment */

import { register } from "../registry.ts";
import { incrementCommand } from "./increment.ts";

register(incrementCommand({
  name: "incrby",
  summary: "Adds to the integer that a key holds.",
  argument: "increment",
  delta: (call) => call.int64(2),
}));
