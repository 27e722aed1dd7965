/** MSET key value [key value …] */

import { register } from "../registry.ts";
import { pairsSetCommand } from "./pairs_set.ts";

register(pairsSetCommand({
  name: "mset",
  summary: "Makes several keys hold strings, all at once.",
  tips: ["request_policy:multi_shard", "response_policy:all_succeeded"],
  keyFlag: "update",
  onlyIfMissing: false,
}));
