/** RPUSHX key element [element …] */

import { register } from "../registry.ts";
import { pushCommand } from "./push.ts";

register(pushCommand({
  name: "rpushx",
  since: "2.2.0",
  summary: "Adds elements behind the last of a list, if the key has one.",
  multipleSince: "4.0.0",
  atHead: false,
  creates: false,
}));
