/** ZMPOP numkeys key [key …] <MIN | MAX> [COUNT count] */

import { register } from "../registry.ts";
import { manySetsPopCommand } from "./many_sets_pop.ts";

register(manySetsPopCommand({
  name: "zmpop",
  summary: "Takes elements out of the first sorted set that has some.",
  blocks: false,
}));
