/** BZPOPMAX key [key …] timeout */

import { register } from "../registry.ts";
import { blockingSortedSetPopCommand } from "./blocking_zpop.ts";

register(blockingSortedSetPopCommand({
  name: "bzpopmax",
  summary:
    "Takes the element with the highest score out of the first sorted set that has any, and waits where none has.",
  lowest: false,
}));
