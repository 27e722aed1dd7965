/** SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC | DESC] [ALPHA] */

import { register } from "../registry.ts";
import { sortCommand } from "./sorting/sort_form.ts";

register(sortCommand({
  name: "sort_ro",
  since: "7.0.0",
  summary: "Answers the elements of a list, set or sorted set in an order.",
  stores: false,
}));
