/** SORT key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] [STORE key] */

import { register } from "../registry.ts";
import { sortCommand } from "./sorting/sort_form.ts";

register(sortCommand({
  name: "sort",
  since: "1.0.0",
  summary:
    "Answers the elements of a list, set or sorted set in an order, or stores them as a list.",
  stores: true,
}));
