/** ZREMRANGEBYSCORE key min max */

import { register } from "../registry.ts";
import { RangeBy } from "./range_query.ts";
import { rangeRemovalCommand } from "./range_removal.ts";

register(rangeRemovalCommand({
  name: "zremrangebyscore",
  since: "1.2.0",
  summary: "Removes the elements in a range of scores, and the key with the last of them.",
  by: RangeBy.Score,
  bounds: [{ name: "min", type: "double" }, { name: "max", type: "double" }],
}));
