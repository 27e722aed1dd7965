/** LPOP key [count] */

import { register } from "../registry.ts";
import { popCommand } from "./pop.ts";

register(popCommand({
  name: "lpop",
  summary: "Takes the first element, or as many as asked for, out of a list and answers them.",
  atHead: true,
}));
