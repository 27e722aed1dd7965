/** LPUSHX key element [element …] */

import { register } from "../registry.ts";
import { pushCommand } from "./push.ts";

register(pushCommand({
  name: "lpushx",
  since: "2.2.0",
  summary: "Adds elements before the first of a list, one after the other, if the key has one.",
  multipleSince: "4.0.0",
  atHead: true,
  creates: false,
}));
