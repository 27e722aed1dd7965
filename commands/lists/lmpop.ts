/** LMPOP numkeys key [key …] <LEFT | RIGHT> [COUNT count] */

import { register } from "../registry.ts";
import { manyListsPopCommand } from "./many_lists_pop.ts";

register(manyListsPopCommand({
  name: "lmpop",
  summary: "Takes elements out of the first list that has some.",
  blocks: false,
}));
