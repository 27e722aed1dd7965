/** BLPOP key [key …] timeout */

import { register } from "../registry.ts";
import { blockingPopCommand } from "./blocking_pop.ts";

register(blockingPopCommand({
  name: "blpop",
  summary: "Takes the first element out of the first list that has one, and waits where none has.",
  atHead: true,
}));
