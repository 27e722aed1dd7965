/** ZREVRANGEBYLEX key max min [LIMIT offset count] */

import { register } from "../registry.ts";
import { LIMIT, rangeCommand } from "./range_form.ts";
import { RangeBy } from "./range_query.ts";

register(rangeCommand({
  name: "zrevrangebylex",
  since: "2.8.9",
  summary: "Answers the elements in a range of members, the highest first; all scores are equal.",
  deprecatedSince: "6.2.0",
  replacedBy: "`ZRANGE` with `REV` and `BYLEX`",
  by: RangeBy.Lex,
  reverse: true,
  arguments: [
    { name: "max", type: "string" },
    { name: "min", type: "string" },
    LIMIT,
  ],
}));
