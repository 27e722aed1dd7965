/** ZREMRANGEBYRANK key start stop */

import { register } from "../registry.ts";
import { RangeBy } from "./range_query.ts";
import { rangeRemovalCommand } from "./range_removal.ts";

register(rangeRemovalCommand({
  name: "zremrangebyrank",
  since: "2.0.0",
  summary: "Removes the elements in a range of ranks, and the key with the last of them.",
  by: RangeBy.Rank,
  bounds: [{ name: "start", type: "integer" }, { name: "stop", type: "integer" }],
}));
