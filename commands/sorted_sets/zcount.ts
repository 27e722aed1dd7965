/** ZCOUNT key min max */

import { register } from "../registry.ts";
import { rangeCountCommand } from "./range_count.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCountCommand({
  name: "zcount",
  since: "2.0.0",
  summary: "Counts the elements of a sorted set in a range of scores.",
  by: RangeBy.Score,
  bounds: "double",
}));
