/** BZMPOP timeout numkeys key [key …] <MIN | MAX> [COUNT count] */

import { register } from "../registry.ts";
import { manySetsPopCommand } from "./many_sets_pop.ts";

register(manySetsPopCommand({
  name: "bzmpop",
  summary: "Takes elements out of the first sorted set that has some, and waits where none has.",
  blocks: true,
}));
