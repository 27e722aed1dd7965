/** ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count] */

import { register } from "../registry.ts";
import { LIMIT, rangeCommand, WITH_SCORES } from "./range_form.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCommand({
  name: "zrevrangebyscore",
  since: "2.2.0",
  summary: "Answers the elements of a sorted set in a range of scores, the highest first.",
  history: [["2.1.6", "Bounds that are not in the range."]],
  deprecatedSince: "6.2.0",
  replacedBy: "`ZRANGE` with `REV` and `BYSCORE`",
  by: RangeBy.Score,
  reverse: true,
  arguments: [
    { name: "max", type: "double" },
    { name: "min", type: "double" },
    WITH_SCORES,
    LIMIT,
  ],
}));
