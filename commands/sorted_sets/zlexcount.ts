/** ZLEXCOUNT key min max */

import { register } from "../registry.ts";
import { rangeCountCommand } from "./range_count.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCountCommand({
  name: "zlexcount",
  since: "2.8.9",
  summary:
    "Counts the elements in a range of members, of a sorted set in which all scores are equal.",
  by: RangeBy.Lex,
  bounds: "string",
}));
