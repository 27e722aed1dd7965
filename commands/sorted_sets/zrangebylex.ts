/** ZRANGEBYLEX key min max [LIMIT offset count] */

import { register } from "../registry.ts";
import { LIMIT, rangeCommand } from "./range_form.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCommand({
  name: "zrangebylex",
  since: "2.8.9",
  summary:
    "Answers the elements in a range of members, of a sorted set in which all scores are equal.",
  deprecatedSince: "6.2.0",
  replacedBy: "`ZRANGE` with `BYLEX`",
  by: RangeBy.Lex,
  arguments: [
    { name: "min", type: "string" },
    { name: "max", type: "string" },
    LIMIT,
  ],
}));
