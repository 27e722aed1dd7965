/** BLMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout */

import { register } from "../registry.ts";
import { endArgument } from "./list_end.ts";
import { moveCommand } from "./move.ts";

register(moveCommand({
  name: "blmove",
  since: "6.2.0",
  summary:
    "Moves an element from an end of one list to an end of another, and waits for one where there is none.",
  arity: 6,
  arguments: [
    { name: "source", type: "key" },
    { name: "destination", type: "key" },
    endArgument("wherefrom"),
    endArgument("whereto"),
    { name: "timeout", type: "double" },
  ],
  endsAt: 3,
  timeoutAt: 5,
}));
