/** DECR key */

import { register } from "../registry.ts";
import { incrementCommand } from "./increment.ts";

register(incrementCommand({
  name: "decr",
  summary: "Takes one from the integer that a key holds.",
  delta: () => -1,
}));
