/** RPOPLPUSH source destination */

import { register } from "../registry.ts";
import { moveCommand } from "./move.ts";

register(moveCommand({
  name: "rpoplpush",
  since: "1.2.0",
  deprecatedSince: "6.2.0",
  replacedBy: "`LMOVE` with the `RIGHT` and `LEFT` arguments",
  summary: "Moves the last element of one list to the head of another.",
  arity: 3,
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
  ],
  endsAt: 0,
  timeoutAt: 0,
}));
