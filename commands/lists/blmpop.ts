/** BLMPOP timeout numkeys key [key …] <LEFT | RIGHT> [COUNT count] */

import { register } from "../registry.ts";
import { manyListsPopCommand } from "./many_lists_pop.ts";

register(manyListsPopCommand({
  name: "blmpop",
  summary: "Takes elements out of the first list that has some, and waits where none has.",
  blocks: true,
}));
