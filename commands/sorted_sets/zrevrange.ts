/** ZREVRANGE key start stop [WITHSCORES] */

import { register } from "../registry.ts";
import { rangeCommand, WITH_SCORES } from "./range_form.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCommand({
  name: "zrevrange",
  since: "1.2.0",
  summary: "Answers the elements of a sorted set in a range of ranks, the highest first.",
  deprecatedSince: "6.2.0",
  replacedBy: "`ZRANGE` with `REV`",
  by: RangeBy.Rank,
  reverse: true,
  arguments: [
    { name: "start", type: "integer" },
    { name: "stop", type: "integer" },
    WITH_SCORES,
  ],
}));
