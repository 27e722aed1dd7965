/** RPUSH key element [element …] */

import { register } from "../registry.ts";
import { pushCommand } from "./push.ts";

register(pushCommand({
  name: "rpush",
  since: "1.0.0",
  summary: "Adds elements behind the last of a list; a new key gets a list.",
  multipleSince: "2.4.0",
  atHead: false,
  creates: true,
}));
