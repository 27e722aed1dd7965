/** ZPOPMAX key [count] */

import { register } from "../registry.ts";
import { sortedSetPopCommand } from "./zpop.ts";

register(sortedSetPopCommand({
  name: "zpopmax",
  summary: "Takes the elements with the highest scores out of a sorted set and answers them.",
  lowest: false,
}));
