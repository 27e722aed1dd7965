/** ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count] */

import { register } from "../registry.ts";
import { LIMIT, rangeCommand, WITH_SCORES } from "./range_form.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCommand({
  name: "zrangebyscore",
  since: "1.0.5",
  summary: "Answers the elements of a sorted set in a range of scores.",
  history: [["2.0.0", "WITHSCORES."]],
  deprecatedSince: "6.2.0",
  replacedBy: "`ZRANGE` with `BYSCORE`",
  by: RangeBy.Score,
  arguments: [
    { name: "min", type: "double" },
    { name: "max", type: "double" },
    { ...WITH_SCORES, since: "2.0.0" },
    LIMIT,
  ],
}));
