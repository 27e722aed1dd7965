/**
 * ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]
 *
 * With REV a range by score or member is given from its upper end to its lower.
 */

import { register } from "../registry.ts";
import { LIMIT, RANGE_OPTIONS, rangeCommand, WITH_SCORES } from "./range_form.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCommand({
  name: "zrange",
  since: "1.2.0",
  summary: "Answers the elements of a sorted set in a range of ranks, scores or members.",
  history: [["6.2.0", "REV, BYSCORE, BYLEX and LIMIT."]],
  by: RangeBy.Option,
  arguments: [
    { name: "start", type: "string" },
    { name: "stop", type: "string" },
    ...RANGE_OPTIONS.map((option) => ({ ...option, since: "6.2.0" })),
    { ...LIMIT, since: "6.2.0" },
    WITH_SCORES,
  ],
}));
