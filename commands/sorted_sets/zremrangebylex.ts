/** ZREMRANGEBYLEX key min max */

import { register } from "../registry.ts";
import { RangeBy } from "./range_query.ts";
import { rangeRemovalCommand } from "./range_removal.ts";

register(rangeRemovalCommand({
  name: "zremrangebylex",
  since: "2.8.9",
  summary: "Removes the elements in a range of members, and the key with the last of them.",
  by: RangeBy.Lex,
  bounds: [{ name: "min", type: "string" }, { name: "max", type: "string" }],
}));
