/** LPUSH key element [element …] */

import { register } from "../registry.ts";
import { pushCommand } from "./push.ts";

register(pushCommand({
  name: "lpush",
  since: "1.0.0",
  summary: "Adds elements before the first of a list, one after the other; a new key gets a list.",
  multipleSince: "2.4.0",
  atHead: true,
  creates: true,
}));
