/** BZPOPMAX key [key …] timeout */

import { register } from "../registry.ts";
import { blockingSortedSetPopCommand } from "./blocking_zpop.ts";

register(blockingSortedSetPopCommand({
  name: "bzpopmax",
  summary:
    "Takes the element with the highest score out of the first sorted set that is there, or waits for one.",
  lowest: false,
}));
