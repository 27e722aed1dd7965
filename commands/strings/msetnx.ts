/** MSETNX key value [key value …] */

import { register } from "../registry.ts";
import { pairsSetCommand } from "./pairs_set.ts";

register(pairsSetCommand({
  name: "msetnx",
  summary: "Makes several keys hold strings, if none of them holds anything yet.",
  keyFlag: "insert",
  onlyIfMissing: true,
}));
