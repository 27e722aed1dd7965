/** ZPOPMIN key [count] */

import { register } from "../registry.ts";
import { sortedSetPopCommand } from "./zpop.ts";

register(sortedSetPopCommand({
  name: "zpopmin",
  summary: "Takes the elements with the lowest scores out of a sorted set and answers them.",
  lowest: true,
}));
