/** BRPOPLPUSH source destination timeout */

import { register } from "../registry.ts";
import { moveCommand } from "./move.ts";

register(moveCommand({
  name: "brpoplpush",
  since: "2.2.0",
  deprecatedSince: "6.2.0",
  replacedBy: "`BLMOVE` with the `RIGHT` and `LEFT` arguments",
  summary:
    "Moves the last element of one list to the head of another, and waits for one where there is none.",
  arity: 4,
  history: [["6.0.0", "A timeout with a fraction."]],
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
    { name: "timeout", type: "double" },
  ],
  endsAt: 0,
  timeoutAt: 3,
}));
