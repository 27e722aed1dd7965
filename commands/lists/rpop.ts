/** RPOP key [count] */

import { register } from "../registry.ts";
import { popCommand } from "./pop.ts";

register(popCommand({
  name: "rpop",
  summary: "Takes the last element, or as many as asked for, out of a list and answers them.",
  atHead: false,
}));
